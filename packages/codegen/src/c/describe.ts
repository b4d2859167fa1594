import type { CField } from "./model.js"

const EPOCH = {
  "unix-seconds": "Seconds since 1970-01-01T00:00:00Z.",
  "unix-milliseconds": "Milliseconds since 1970-01-01T00:00:00Z.",
  "boot-milliseconds": "Milliseconds since the device started.",
} as const

/** What a member means: unit, epoch, range, length, pattern, presence. Empty where there is nothing to say. */
export function describe({ field, type: whole, item: type, scaled, flagged, unit: symbol }: CField): string {
  const parts: string[] = []
  if (field.doc !== undefined) parts.push(field.doc)
  const unit = symbol === undefined ? "" : ` ${symbol}`
  if (whole.kind === "list") parts.push(`${between(whole.minItems, whole.maxItems, "items")}.`)
  if (type.kind === "int") {
    if (type.epoch !== undefined) parts.push(EPOCH[type.epoch])
    parts.push(`${type.min} to ${type.max}${unit}.`)
    if (type.multipleOf !== undefined) parts.push(`A multiple of ${type.multipleOf}.`)
  }
  if (scaled !== undefined)
    parts.push(
      `In 10^-${scaled.places}${unit}: ${scaled.min} to ${scaled.max} is ${scaled.min / 10 ** scaled.places} to ${scaled.max / 10 ** scaled.places}${unit}.`,
    )
  if (type.kind === "string") {
    const least = type.minLength === 0 ? undefined : type.minLength
    if (least !== undefined || type.maxLength !== undefined)
      parts.push(`${between(least, type.maxLength, "characters")}.`)
    if (type.maxBytes !== undefined) parts.push(`At most ${type.maxBytes} octets.`)
    if (type.pattern !== undefined) parts.push(`Matches \`${type.pattern}\`.`)
    if (type.format !== undefined) parts.push(`Format ${type.format}.`)
  }
  if (field.default !== undefined) parts.push(`Default: ${JSON.stringify(field.default)}.`)
  else if (flagged) parts.push("Optional.")
  return parts.join(" ")
}

function between(least: number | undefined, most: number | undefined, word: string): string {
  const named = (count: number): string => `${count} ${count === 1 ? word.slice(0, -1) : word}`
  if (least === undefined || least === 0) return most === undefined ? `Any number of ${word}` : `At most ${named(most)}`
  if (most === undefined) return `At least ${named(least)}`
  return least === most ? `Exactly ${named(most)}` : `${least} to ${named(most)}`
}
