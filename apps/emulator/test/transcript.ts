/** One line of `mosquitto_sub -F '%q %r %t %p'`. */
export interface Heard {
  readonly qos: string
  readonly retain: string
  readonly topic: string
  readonly payload: string
}

/** Takes a line apart; undefined for what is no such line. */
export function parseHeard(line: string): Heard | undefined {
  const match = /^([012]) ([01]) (\S+) (.*)$/s.exec(line)
  if (match === null) return undefined
  return { qos: match[1]!, retain: match[2]!, topic: match[3]!, payload: match[4]! }
}

/**
 * A transcript that two runs share: what varies becomes a name, every line appears once, in order of topic, and within a
 * topic in order of first appearance. Field names and their order, QoS, retain flags, texts and enum values stay.
 */
export function normaliseTranscript(lines: readonly string[], nowSeconds: number): readonly string[] {
  const normal = lines.flatMap((line) => {
    const heard = parseHeard(line)
    return heard === undefined ? [] : [{ topic: heard.topic, text: formatHeard(heard, nowSeconds) }]
  })
  const once = [...new Map(normal.map((item) => [item.text, item])).values()]
  return once
    .map((item, place) => ({ ...item, place }))
    .sort((a, b) => (a.topic === b.topic ? a.place - b.place : a.topic < b.topic ? -1 : 1))
    .map((item) => item.text)
}

function formatHeard({ qos, retain, topic, payload }: Heard, nowSeconds: number): string {
  return `${qos} ${retain} ${topic} ${formatPayload(payload, nowSeconds)}`
}

function formatPayload(payload: string, nowSeconds: number): string {
  let value: unknown
  try {
    value = JSON.parse(payload)
  } catch {
    return payload
  }
  return formatValue("", value, nowSeconds)
}

function formatValue(field: string, value: unknown, nowSeconds: number): string {
  if (typeof value === "number") return formatNumber(field, value, nowSeconds)
  if (typeof value === "string" && (field === "id" || field === "command_id"))
    return /^cmd-script-/.test(value) ? JSON.stringify(value) : "<id>"
  if (Array.isArray(value)) return `[${value.map((item) => formatValue(field, item, nowSeconds)).join(",")}]`
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(
      ([key, inner]) => `${JSON.stringify(key)}:${formatValue(key, inner, nowSeconds)}`,
    )
    return `{${fields.join(",")}}`
  }
  return JSON.stringify(value)
}

/** Numbers that a script gives stay; measured ones become a name that still says what is right about them. */
function formatNumber(field: string, value: number, nowSeconds: number): string {
  if (field === "timestamp")
    return Number.isInteger(value) && Math.abs(value - nowSeconds) < 120 ? "<unix-seconds>" : `<not now: ${value}>`
  if (KEPT.has(field)) return String(value)
  return Number.isInteger(value) && !MEASURED.has(field) ? "<integer>" : "<number>"
}

const KEPT = new Set(["version", "fleet_version", "telemetry_interval_ms", "max_speed", "duration", "speed"])
const MEASURED = new Set(["distance_front", "distance_rear", "temperature", "latitude", "longitude", "altitude", ""])
