/**
 * What a change means for a fleet whose devices and controllers are not updated in one moment.
 *
 * `safe` in any order · `controllers first`, `devices first` in that order only · `unknown` nobody can say, with the
 * reason · `breaks` something is refused in either order · `silent` something is misread or lost and nothing refuses it.
 */
export type Verdict = "safe" | "controllers first" | "devices first" | "unknown" | "breaks" | "silent"

/** Every verdict, from best to worst. */
export const verdicts: readonly Verdict[] = [
  "safe",
  "controllers first",
  "devices first",
  "unknown",
  "breaks",
  "silent",
]

/** Whether the first verdict is worse than the second. */
export function isWorse(verdict: Verdict, than: Verdict): boolean {
  return verdicts.indexOf(verdict) > verdicts.indexOf(than)
}

/** The verdict on several changes at once: the worst, and `breaks` where two of them need opposite orders. */
export function overallVerdict(all: readonly Verdict[]): Verdict {
  const worst = all.reduce<Verdict>((most, one) => (isWorse(one, most) ? one : most), "safe")
  const opposed = all.includes("controllers first") && all.includes("devices first")
  return opposed && isWorse("breaks", worst) ? "breaks" : worst
}
