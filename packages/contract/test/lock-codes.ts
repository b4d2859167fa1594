import type { DiagnosticCode } from "../src/index.js"

/** Codes whose messages `src/lock.test.ts` and `src/numbering.test.ts` pin. */
export const lockCodes: readonly DiagnosticCode[] = [
  "lock/json",
  "lock/conflict",
  "lock/shape",
  "lock/newer",
  "lock/edited",
  "lock/other-contract",
  "lock/name-reserved",
  "lock/unknown-was",
]
