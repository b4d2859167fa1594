import type { DiagnosticCode } from "../src/index.js"

/** A mistake and exactly what is said about it. */
export interface Row {
  readonly code: DiagnosticCode
  readonly given: () => unknown
  readonly path: string
  readonly message: string
  readonly help: string
  /** Rules that are off by themselves. */
  readonly rules?: readonly string[]
}
