import { type Comparison, passes } from "@fleetwire/compare"
import { contractDigest } from "@fleetwire/ir"
import type { ProjectComparison } from "./project-comparison.js"

/** What programs read of a comparison. */
export function comparisonJson({ fleet, findings, unknownAt, movedFrom }: ProjectComparison): object {
  const side = (ir: Comparison["old"]) => ({ name: ir.name, version: ir.version, digest: contractDigest(ir) })
  const plain = (one: Comparison) => ({ ...one, old: side(one.old), new: side(one.new), passes: passes(one.verdict) })
  return {
    verdict: fleet.verdict,
    passes: passes(fleet.verdict),
    comparisons: fleet.comparisons.map(plain),
    among: fleet.among.map(({ old, new: next, verdict }) => ({ old: old.version, new: next.version, verdict })),
    ...(unknownAt !== undefined && { unknownAt }),
    ...(movedFrom !== undefined && { movedFrom }),
    ...(findings.length > 0 && { findings }),
  }
}
