import { contractDigest } from "@fleetwire/ir"
import type { Comparison } from "./compare-contracts.js"
import type { Finding } from "./finding.js"
import { overallVerdict, type Verdict } from "./verdict.js"

/** A break that its author accepts: this change, against this version, for this reason. */
export interface AcceptedBreak {
  /** Code of the rule. */
  readonly code: string
  readonly path: string
  /** The change itself, so that another one at the same place is not accepted with it. */
  readonly what: string
  /** Digest of the older contract. */
  readonly against: string
  readonly reason: string
}

/** Verdicts that nobody has to accept. */
const PASSING: ReadonlySet<Verdict> = new Set(["safe", "controllers first"])

/** Whether a release may go out with a verdict: in any order, or with controllers first. */
export function passes(verdict: Verdict): boolean {
  return PASSING.has(verdict)
}

/** The comparison with the reasons of what was accepted; its verdict is that of the rest. */
export function withAcceptances(comparison: Comparison, accepted: readonly AcceptedBreak[]): Comparison {
  const against = contractDigest(comparison.old)
  const findings = comparison.findings.map((finding): Finding => {
    const found = accepted.find(
      (one) =>
        one.code === finding.code && one.path === finding.path && one.what === finding.what && one.against === against,
    )
    return found === undefined ? finding : { ...finding, accepted: found.reason }
  })
  const open = findings.filter((finding) => finding.accepted === undefined)
  return { ...comparison, findings, verdict: overallVerdict(open.map(({ verdict }) => verdict)) }
}

/** A finding as an accepted break. */
export function acceptBreak({ code, path, what }: Finding, comparison: Comparison, reason: string): AcceptedBreak {
  return { code, path, what, against: contractDigest(comparison.old), reason }
}
