/** One car as the table shows it. */
export interface FleetRow {
  readonly car: string
  readonly presence: "online" | "offline" | "unknown"
  /** It went offline without a goodbye of ours: the broker published its last will. */
  readonly lastWill: boolean
  /** Percent; absent before the first telemetry. */
  readonly battery?: number
  readonly latitude?: number
  readonly longitude?: number
  readonly motors?: string
  /** What it was told last, and how that ended. */
  readonly action?: string
  /** Milliseconds from call to reply. */
  readonly roundTripMs?: number
}

const HEADINGS = ["", "car", "presence", "bat", "position", "action", "trip"] as const

/** Draws the table as lines of equal width, without colour where `colour` is false. */
export function drawTable(rows: readonly FleetRow[], selected: number, colour: boolean): readonly string[] {
  const cells = rows.map((row, index) => [
    index === selected ? "›" : " ",
    row.car,
    row.lastWill ? `${row.presence} (will)` : row.presence,
    row.battery === undefined ? "·" : `${row.battery}%`,
    row.latitude === undefined || row.longitude === undefined
      ? "·"
      : `${row.latitude.toFixed(5)}, ${row.longitude.toFixed(5)}`,
    row.action ?? row.motors ?? "·",
    row.roundTripMs === undefined ? "·" : `${row.roundTripMs.toFixed(1)} ms`,
  ])
  const widths = HEADINGS.map((heading, column) =>
    Math.max(MINIMUM[column]!, heading.length, ...cells.map((row) => row[column]!.length)),
  )
  const line = (texts: readonly string[]): string =>
    texts.map((text, column) => text.padEnd(widths[column]!)).join("  ")
  return [
    paint(line(HEADINGS), "2", colour),
    ...cells.map((texts, index) => paint(line(texts), CODES[rows[index]!.presence], colour)),
  ]
}

/** Columns do not jump while values change, and all of them fit a terminal of 80 columns. */
const MINIMUM: readonly number[] = [1, 7, 14, 4, 18, 14, 8]
const CODES = { online: "32", offline: "31", unknown: "33" } as const

function paint(text: string, code: string, colour: boolean): string {
  return colour ? `\u001b[${code}m${text}\u001b[0m` : text
}
