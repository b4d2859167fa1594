/** What every run is held to. */
export const promises = {
  once: "A device begins one id at most once; with a journal also across kill -9 (C-3, C-4).",
  "one-outcome": "Every call and every broadcast ends exactly once (C-9, B-2).",
  "own-answer": "A call is resolved by the reply to its own id and by nothing else (C-9).",
  "may-have-run": "`mayHaveRun` is never false where the command ran, nor `sent` where it was sent (C-9, C-10).",
  order: "First deliveries of a device's stream are in the order of publication (M-8).",
  durable: "What was accepted as durable is handled in the end, except what a killed broker lost (Z-1, M-2, M-7).",
  presence: "Once the faults are over, everybody knows who is there (P-1 to P-5).",
  state: "Once the faults are over, everybody knows the last state (M-1, Z-1).",
  config: "Versions of a config only rise, and the last one is applied (F-1).",
  stop: "A stop is never refused as busy, and cuts off what runs (C-8).",
  recovery: "Once the faults are over, everybody is ready again (S-2, S-3).",
  crash: "No process ends by itself.",
} as const

export type Promised = keyof typeof promises

/** A promise that was not kept, and how that can be seen. */
export interface Violation {
  readonly promise: Promised
  readonly text: string
  /** It may still be kept: only at the end of a run it counts. */
  readonly pending: boolean
}
