const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Text such as `250 ms`, `5 s`, `1.5 min`, `2 h` or `1 d`. */
export type Duration = `${number} ${"ms" | "s" | "min" | "h" | "d"}`

/** Whole milliseconds of a duration; undefined when the text is none, or no whole number of milliseconds. */
export function parseDuration(text: unknown): number | undefined {
  const parts = typeof text === "string" ? /^(\d+(?:\.\d+)?) (ms|s|min|h|d)$/.exec(text) : null
  if (parts === null) return undefined
  const milliseconds = Number(parts[1]) * UNITS[parts[2]!]!
  const whole = Math.round(milliseconds)
  return Math.abs(milliseconds - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : undefined
}
