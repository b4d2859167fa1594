import type { FieldIr, MessageIr, TypeIr } from "@fleetwire/ir"

/** What the contract says about a field, for its documentation comment: words, unit, range, default, who fills it in. */
export function fieldFacts(field: FieldIr): string {
  const facts = [
    ...(field.unit === undefined ? [] : [`Unit: ${field.unit}.`]),
    ...typeFacts(field.type),
    ...(field.default === undefined ? [] : [`Default: ${JSON.stringify(field.default)}.`]),
    ...(field.auto === undefined ? [] : [`Left out by a sender: ${AUTO[field.auto]}.`]),
  ]
  return lines(field.doc, facts.join(" "), field.since, field.deprecated)
}

/** What the contract says about a message. */
export function messageFacts(message: MessageIr): string {
  const unit = message.unit === undefined ? [] : [`Unit: ${message.unit}.`]
  const own = message.type.kind === "object" ? [] : [...unit, ...typeFacts(message.type)]
  return lines(message.doc, own.join(" "), message.since, message.deprecated)
}

const AUTO = {
  now: "the current time",
  identity: "the device's own id",
  id: "the request's id",
  elapsed: "milliseconds since the request began",
  session: "a number that is new for each connection",
} as const

/** Bounds and grammar of a type, each a sentence. */
function typeFacts(type: TypeIr): string[] {
  switch (type.kind) {
    case "int": {
      const epoch = type.epoch === undefined ? [] : [EPOCH[type.epoch]]
      const step = type.multipleOf === undefined ? [] : [`A multiple of ${type.multipleOf}.`]
      return [...epoch, `Integer, ${type.min} to ${type.max}.`, ...step]
    }
    case "float": {
      if (type.min !== undefined && type.max !== undefined) return [`Range: ${type.min} to ${type.max}.`]
      if (type.min !== undefined) return [`At least ${type.min}.`]
      return type.max === undefined ? [] : [`At most ${type.max}.`]
    }
    case "string":
      return [
        ...(type.minLength === undefined ? [] : [`At least ${count(type.minLength, "character")}.`]),
        ...(type.maxLength === undefined ? [] : [`At most ${count(type.maxLength, "character")}.`]),
        ...(type.format === undefined ? [] : [`Format: ${type.format}.`]),
        ...(type.pattern === undefined ? [] : [`Pattern: ${type.pattern}`]),
      ]
    case "bytes":
      return type.maxLength === undefined ? [] : [`At most ${count(type.maxLength, "octet")}.`]
    case "list":
      return [
        ...(type.maxItems === undefined ? [] : [`At most ${count(type.maxItems, "item")}.`]),
        ...(type.itemUnit === undefined ? [] : [`Unit of an item: ${type.itemUnit}.`]),
      ]
    case "map":
      return [
        ...(type.maxProperties === undefined ? [] : [`At most ${count(type.maxProperties, "entry")}.`]),
        ...(type.valueUnit === undefined ? [] : [`Unit of a value: ${type.valueUnit}.`]),
      ]
    default:
      return []
  }
}

const EPOCH = {
  "unix-seconds": "Seconds since 1970-01-01T00:00:00Z.",
  "unix-milliseconds": "Milliseconds since 1970-01-01T00:00:00Z.",
  "boot-milliseconds": "Milliseconds since the device started.",
} as const

function count(n: number, word: string): string {
  return n === 1 ? `1 ${word}` : `${n} ${word === "entry" ? "entries" : `${word}s`}`
}

function lines(...[doc, facts, since, deprecated]: readonly (string | undefined)[]): string {
  return [
    doc,
    facts === "" ? undefined : facts,
    since === undefined ? undefined : `@since ${since}`,
    deprecated === undefined ? undefined : `@deprecated ${deprecated}`,
  ]
    .filter((line) => line !== undefined)
    .join("\n")
}
