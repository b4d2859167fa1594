/** A fact about data that does not fit its contract; the same shape as the SDKs'. */
export interface Issue {
  /** JSON Pointer (RFC 6901) into the value; empty for the whole. */
  readonly path: string
  readonly code: IssueCode
  /** For humans, in English, without a trailing full stop. */
  readonly message: string
}

/** The SDKs' closed list, declared a second time: an oracle shares no code with what it judges. */
export type IssueCode =
  | "syntax"
  | "encoding"
  | "truncated"
  | "too_large"
  | "too_deep"
  | "type"
  | "required"
  | "null"
  | "duplicate"
  | "minimum"
  | "maximum"
  | "multiple_of"
  | "not_integer"
  | "not_finite"
  | "min_length"
  | "max_length"
  | "max_bytes"
  | "pattern"
  | "format"
  | "enum"
  | "const"
  | "min_items"
  | "max_items"
  | "max_properties"
  | "union_tag"
  | "wire_type"
  | "identity"

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Issues beyond this number are not collected. */
export const MAXIMUM_ISSUES = 16

/** Collects issues while a value is walked. */
export class Findings {
  readonly issues: Issue[] = []

  add(path: Path, code: IssueCode, message: string): undefined {
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
