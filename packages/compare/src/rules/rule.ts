/** One kind of change: what it means, and what its author can do about it. */
export interface Rule {
  /** A few words, such as `Required field added`. */
  readonly title: string
  /** One or two sentences: what goes wrong, and for whom. */
  readonly meaning: string
  readonly remedy: string
  /** What it means for those who compile against the generated SDK: nothing, something more, or something else. */
  readonly sdk: "none" | "additive" | "breaking"
  /** Somebody may see or do more than before. */
  readonly security?: true
}

/** What a rule says when it says nothing special. */
export const NOTHING_TO_DO = "Nothing to do."
