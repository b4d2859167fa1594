/** One violation of a rule of the house. */
export interface Finding {
  /** Path from the root of the repository, with `/`. */
  readonly file: string
  /** First line is 1; absent where the finding is about the file as a whole. */
  readonly line?: number
  /** What is wrong and what would be right, as a sentence without a full stop. */
  readonly message: string
}

/** A finding as one line that an editor can jump to. */
export function formatFinding({ file, line, message }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`} · ${message}`
}
