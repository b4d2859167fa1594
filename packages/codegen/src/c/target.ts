import type { Target } from "../target.js"
import { checkForC } from "./check.js"
import { emitC } from "./emit.js"

/** Firmware sources in C99. */
export const cTarget: Target = {
  name: "c",
  settings: [],
  out: "c",
  check: (ir) => checkForC(ir),
  emit: (ir) => emitC(ir),
}
