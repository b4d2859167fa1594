import type { HistoryRow } from "./store.js"

/** First line of the long form. */
export const CSV_HEADER = "timestamp,device_id,metric,value\r\n"

/**
 * One message as lines of the long form (RFC 4180): one for each scalar in it, named by its path, such as
 * `telemetry.message.sensors.temperature`. The time is that of receipt.
 */
export function formatCsvRows(row: HistoryRow): string {
  const time = new Date(row.receivedAt).toISOString()
  return scalarsOf(row.leg, JSON.parse(row.payload))
    .map(([metric, value]) => `${[time, row.device ?? "", metric, value].map(cell).join(",")}\r\n`)
    .join("")
}

function scalarsOf(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === null || typeof value !== "object") return [[path, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => scalarsOf(`${path}.${key}`, inner))
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they are. */
function cell(text: string): string {
  const harmless = /^[=+@\t\r-]/.test(text) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
