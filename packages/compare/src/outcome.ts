/** What becomes of a message between two versions. `misread` includes a value that is lost with nothing refused. */
export type Outcome = "ok" | "refused" | "misread" | "unknown"

/** `forward`: the old version sends and the new one reads. `backward`: the other way round. */
export type Direction = "forward" | "backward"

const order: readonly Outcome[] = ["ok", "refused", "unknown", "misread"]

/** The worst of the outcomes; `ok` for none. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, one) => (order.indexOf(one) > order.indexOf(worst) ? one : worst), "ok")
}
