import type { DiagnosticCode } from "../src/index.js"

/** Codes whose messages `src/check-beside.test.ts` pins. */
export const composeCodes: readonly DiagnosticCode[] = ["compose/untold", "compose/rules-disagree"]
