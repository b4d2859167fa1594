/** Why a template, a topic or a param value is refused. */
export interface TopicIssue {
  readonly code: TopicIssueCode
  /** For humans, without a trailing full stop. */
  readonly message: string
  /** Index in UTF-16 code units into the text that was read. */
  readonly at?: number
  /** Param concerned. */
  readonly param?: string
}

/** Closed list of reasons. */
export type TopicIssueCode =
  | "empty"
  | "empty-level"
  | "wildcard"
  | "dollar"
  | "brace"
  | "param-name"
  | "duplicate-param"
  | "character"
  | "surrogate"
  | "too-long"
  | "missing-param"
  | "unknown-param"
  | "reserved"
  | "pattern"

export type TopicResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly TopicIssue[] }
