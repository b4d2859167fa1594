import { type ContractIr, contractDigest } from "@fleetwire/ir"
import { type AcceptedBreak, withAcceptances } from "./acceptance.js"
import { type Comparison, compareContracts } from "./compare-contracts.js"
import type { CompareOptions } from "./compare-options.js"
import { isWorse, type Verdict } from "./verdict.js"

/** A new version compared with every version in the field, and these with each other. */
export interface FleetComparison {
  readonly verdict: Verdict
  /** The new version with each older one, the latest first. */
  readonly comparisons: readonly Comparison[]
  /** Versions in the field that are at odds among themselves, oldest first. Said, and no part of the verdict. */
  readonly among: readonly Comparison[]
}

/** Compares a new version with every released one, and the released ones pairwise. */
export function compareFleet(
  released: readonly ContractIr[],
  next: ContractIr,
  options: CompareOptions = {},
  accepted: readonly AcceptedBreak[] = [],
): FleetComparison {
  const seen = new Set<string>()
  const old = released
    .filter((ir) => {
      const digest = contractDigest(ir)
      return !seen.has(digest) && seen.add(digest)
    })
    .sort((a, b) => compareVersions(a.version, b.version))
  const comparisons = old.toReversed().map((one) => withAcceptances(compareContracts(one, next, options), accepted))
  const among = old.flatMap((one, index) => old.slice(index + 1).map((other) => compareContracts(one, other, options)))
  return {
    verdict: comparisons.reduce<Verdict>((worst, { verdict }) => (isWorse(verdict, worst) ? verdict : worst), "safe"),
    comparisons,
    among: among.filter(({ verdict }) => verdict !== "safe"),
  }
}

/** Order of semantic versions; a release comes after its own candidates. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split("+")[0]!.split("-")
  const [[mainA = "", preA], [mainB = "", preB]] = [parts(a), parts(b)]
  const [numbersA, numbersB] = [mainA.split(".").map(Number), mainB.split(".").map(Number)]
  for (let index = 0; index < 3; index++) {
    const difference = (numbersA[index] ?? 0) - (numbersB[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (preA === undefined || preB === undefined) return preA === preB ? 0 : preA === undefined ? 1 : -1
  return preA.localeCompare(preB, "en", { numeric: true })
}
