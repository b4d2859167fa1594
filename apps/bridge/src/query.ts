import type { HistoryQuery } from "./store.js"

/** What a request asked for, or why it cannot be answered. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

/** Most rows in one answer. */
export const MOST_ROWS = 10_000
const DEFAULT_ROWS = 100
/** The last millisecond that a date can hold. */
const LAST_MOMENT = 8_640_000_000_000_000

const HISTORY_PARAMS = ["device", "channel", "from", "to", "after", "limit"] as const

/** Reads a device id from a path segment: 1 to 64 letters, digits, dots, dashes and underscores. */
export function parseDevice(segment: string): Parsed<string> {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(segment) && segment !== "." && segment !== "..") return { ok: true, value: segment }
  return bad("device: not 1 to 64 letters, digits, dots, dashes or underscores")
}

/** Reads what limits a history or an export. Unknown and repeated parameters are refused, so that a typo is seen. */
export function parseHistoryQuery(params: URLSearchParams, device?: string): Parsed<HistoryQuery> {
  const known = HISTORY_PARAMS.filter((name) => name !== "device" || device === undefined)
  for (const name of new Set(params.keys())) {
    if (!known.some((other) => other === name)) return bad(`unknown parameter; known are ${known.join(", ")}`)
    if (params.getAll(name).length > 1) return bad(`${name}: given more than once`)
  }
  const query: { -readonly [K in keyof HistoryQuery]: HistoryQuery[K] } = { limit: DEFAULT_ROWS }
  const of = device ?? params.get("device")
  if (of !== null && of !== undefined) {
    const parsed = parseDevice(of)
    if (!parsed.ok) return parsed
    query.device = parsed.value
  }
  const channel = params.get("channel")
  if (channel !== null) {
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(channel))
      return bad("channel: not a name such as telemetry or drive.reply")
    query.channel = channel
  }
  for (const name of ["from", "to"] as const) {
    const text = params.get(name)
    if (text === null) continue
    const moment = parseMoment(text)
    if (moment === undefined)
      return bad(`${name}: not milliseconds since 1970 and not a time such as 2026-01-31T12:00:00Z`)
    query[name] = moment
  }
  if (query.from !== undefined && query.to !== undefined && query.from > query.to) return bad("from: later than to")
  const after = params.get("after")
  if (after !== null) {
    const seq = parseWhole(after, Number.MAX_SAFE_INTEGER)
    if (seq === undefined) return bad("after: not a whole number")
    query.after = seq
  }
  const limit = params.get("limit")
  if (limit !== null) {
    const rows = parseWhole(limit, MOST_ROWS)
    if (rows === undefined || rows === 0) return bad(`limit: not a whole number from 1 to ${MOST_ROWS}`)
    query.limit = rows
  }
  return { ok: true, value: query }
}

function parseMoment(text: string): number | undefined {
  const whole = parseWhole(text, LAST_MOMENT)
  if (whole !== undefined) return whole
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? undefined : moment
}

function parseWhole(text: string, most: number): number | undefined {
  if (!/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return value <= most ? value : undefined
}

function bad(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}
