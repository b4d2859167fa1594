import type { Format, JsonValue } from "@fleetwire/ir"
import type { PayloadWitness } from "./finding.js"
import type { Direction } from "./outcome.js"
import type { Sighting } from "./witness/find-witness.js"

/** Longer texts are cut in the middle. */
const LONGEST = 240

/** A sighting as a witness that can be printed and written as JSON. */
export function describeWitness({ value, seen }: Sighting, format: Format, direction: Direction): PayloadWitness {
  if (seen.outcome === "ok") throw new RangeError("nothing was refused or misread")
  const binary = format === "protobuf" || format === "bytes"
  const wire = binary ? hex(seen.octets) : new TextDecoder().decode(seen.octets)
  const result =
    seen.outcome === "refused"
      ? seen.issues
          .map(({ path, code, message }) => `${path === "" ? "the message" : path}: ${message} [${code}]`)
          .join("; ")
      : `${seen.at === "" ? "the message" : seen.at} is read as ${cut(show(seen.read))}`
  return {
    kind: "payload",
    format,
    sender: direction === "forward" ? "old" : "new",
    value: cut(show(value)),
    wire: cut(wire),
    outcome: seen.outcome,
    result: cut(result),
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown): JsonValue => {
    if (typeof held === "bigint") return String(held)
    if (held instanceof Uint8Array) return `0x${hex(held)}`
    return held as JsonValue
  })
}

function hex(octets: Uint8Array): string {
  return Array.from(octets.subarray(0, LONGEST), (octet) => octet.toString(16).padStart(2, "0")).join("")
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text
  return `${text.slice(0, LONGEST - 40)} … ${text.slice(-30)} (${text.length} characters)`
}
