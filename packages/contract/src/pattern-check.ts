import type { Place, Report } from "./diagnostic.js"

/** Reports a pattern outside the closed regular subset, with the reason. */
export function checkPattern(pattern: string, place: Place, report: Report): void {
  const reason = refusal(pattern)
  if (reason !== undefined) report.add("contract/pattern", place, { pattern, reason })
}

function refusal(pattern: string): string | undefined {
  try {
    new RegExp(`^(?:${pattern})$`, "u")
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*\/: /, "").toLowerCase() : String(error)
  }
}
