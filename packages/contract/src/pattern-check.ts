import { compilePattern } from "@fleetwire/ir"
import type { Place, Report } from "./diagnostic.js"

/** Reports a pattern outside the closed regular subset, with the reason and the character where it begins. */
export function checkPattern(pattern: string, place: Place, report: Report): void {
  const parsed = compilePattern(pattern)
  if (parsed.ok) return
  const { message, position } = parsed.issue
  report.add("contract/pattern", place, { pattern, reason: `${message} (character ${position + 1})` })
}
