import { setFlagsFromString } from "node:v8"

/** Of V8's own measure, in octets of byte code run: several times what it would otherwise wait for. */
const BUDGET = 1_000_000

/**
 * Tells V8 that the process ends soon: a function is optimised only after much more work than otherwise. A generation of
 * a hundred messages would spend a third of its CPU time on machine code that it hardly runs; of a thousand, what matters
 * still becomes machine code.
 */
export function expectShortRun(): void {
  setFlagsFromString(`--interrupt-budget=${BUDGET}`)
}
