/** A fact about data that does not fit its contract; the same shape as the SDKs'. */
export interface Issue {
  /** JSON Pointer into the value. */
  readonly path: string
  readonly code: string
  readonly message: string
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Issues beyond this number are not collected. */
export const MAXIMUM_ISSUES = 16

/** Collects issues while a value is walked. */
export class Findings {
  readonly issues: Issue[] = []

  add(path: Path, code: string, message: string): undefined {
    if (this.issues.length < MAXIMUM_ISSUES) this.issues.push({ path: pointer(path), code, message })
    return undefined
  }

  finish<T>(value: T): Result<T> {
    return this.issues.length === 0 ? { ok: true, value } : { ok: false, issues: this.issues }
  }
}

/** Steps from the root of the value, innermost last. */
export type Path = readonly (string | number)[]

function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
