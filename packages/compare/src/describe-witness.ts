import type { Format, JsonValue } from "@fleetwire/ir"
import type { PayloadWitness } from "./finding.js"
import type { Direction } from "./outcome.js"
import type { Units } from "./payload-change.js"
import type { Sighting } from "./witness/find-witness.js"

/** Longer texts are cut in the middle. */
const LONGEST = 240

/** How a message travelled, and what its number means on both sides, where that is what changed. */
export interface Passage {
  readonly format: Format
  readonly direction: Direction
  readonly units?: Units | undefined
}

/** A sighting as a witness that can be printed and written as JSON. */
export function describeWitness({ value, seen }: Sighting, { format, direction, units }: Passage): PayloadWitness {
  if (seen.outcome === "ok") throw new RangeError("nothing was refused or misread")
  const binary = format === "protobuf" || format === "bytes"
  const wire = binary ? hex(seen.octets) : new TextDecoder().decode(seen.octets)
  const result =
    seen.outcome === "refused"
      ? seen.issues
          .map(({ path, code, message }) => `${path === "" ? "the message" : path}: ${message} [${code}]`)
          .join("; ")
      : misreading(value, seen, units && (direction === "forward" ? [units.old, units.new] : [units.new, units.old]))
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

/** What became of the value at a place, in words: read otherwise, lost, or the same with another meaning. */
function misreading(
  sent: unknown,
  { read, at }: { readonly read: unknown; readonly at: string },
  units: readonly [string, string] | undefined,
): string {
  const place = at === "" ? "the message" : at
  const [before, after] = [valueAt(sent, at), valueAt(read, at)]
  if (after === undefined) return before === undefined ? `${place} is absent` : `${place}: ${show(before)} is lost`
  if (before === undefined) return `${place} is read as ${cut(show(after))}`
  if (show(before) === show(after) && units !== undefined)
    return `${place}: ${cut(show(before))} ${units[0]} is read as ${cut(show(after))} ${units[1]}`
  if (show(before) === show(after)) return `${place}: ${cut(show(before))} arrives, and means something else`
  return `${place}: ${cut(show(before))} is read as ${cut(show(after))}`
}

/** The value at a JSON Pointer; undefined where there is none. */
function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, token) => (typeof at === "object" && at !== null ? Reflect.get(at, token) : undefined), value)
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
