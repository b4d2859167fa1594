import type { ChannelIr, FieldIr, JsonValue, LegIr, TypeIr } from "@fleetwire/ir"

/** Keyword of everything in a document that AsyncAPI has no words for. */
export const EXTENSION = "x-fleetwire"

type Facts = { readonly [name: string]: JsonValue }

/** What JSON Schema does not say of a type: widths, numbers, names, lengths in octets. */
export function typeFacts(type: TypeIr): Facts {
  switch (type.kind) {
    case "int": {
      const { bits, signed, epoch, fixed, min, max, multipleOf } = type
      // Bounds of wide integers are split between a literal and a text, and lost there.
      const wide = bits === 64 ? { min, max, multipleOf } : {}
      return given({ type: `${signed ? "int" : "uint"}${bits}`, epoch, fixed, ...wide })
    }
    case "float":
      // The schema's bounds are where rounding to float32 crosses them.
      return given({
        type: `float${type.bits}`,
        decimals: type.decimals,
        ...(type.bits === 32 && { min: type.min, max: type.max }),
      })
    case "string":
      return given({ maxBytes: type.maxBytes, maxLength: type.format === "hostname" ? type.maxLength : undefined })
    case "bytes":
      return given({ type: "bytes", minLength: type.minLength, maxLength: type.maxLength })
    case "enum":
      return given({
        type: "enum",
        name: type.name,
        open: type.open || undefined,
        compactAs: type.compactAs,
        values: type.values.map(({ ...value }) => value as unknown as JsonValue),
        reserved: type.reserved as unknown as JsonValue | undefined,
      })
    case "list":
      return given({ itemUnit: type.itemUnit, itemDoc: type.itemDoc })
    case "map":
      return given({ type: "map", valueUnit: type.valueUnit, valueDoc: type.valueDoc })
    case "object":
      return given({ name: type.name, reserved: type.reserved as unknown as JsonValue | undefined })
    case "union":
      return given({
        type: "union",
        name: type.name,
        branches: type.branches.map((branch) => ({
          value: branch.value,
          number: branch.number,
          name: branch.type.name,
          ...(branch.type.reserved && { reserved: branch.type.reserved as unknown as JsonValue }),
        })),
        reserved: type.reserved as unknown as JsonValue | undefined,
      })
    default:
      return {}
  }
}

/** What JSON Schema does not say of a field. */
export function fieldFacts(field: FieldIr): Facts {
  const { number, short, unit, doc, auto, nullAsAbsent, deprecated, since, was } = field
  // With a unit the description says more than `doc` does.
  return given({
    number,
    short,
    unit,
    doc: unit === undefined ? undefined : doc,
    auto,
    nullAsAbsent,
    deprecated,
    since,
    was,
  })
}

/**
 * What AsyncAPI does not say of a channel with its leg; the first leg speaks for the whole channel. Who sends, what by
 * default, QoS, retain and whole seconds of expiry are said by the operation; a reply has none of its own.
 */
export function legFacts(channel: ChannelIr, leg: LegIr): Facts {
  const { name, legs: _legs, doc: _doc, ...semantics } = channel
  const { name: legName, qos, retain, sends, expiryMs, maxBytes, acknowledge, versions, queue, outbox } = leg
  const reply = legName === "reply"
  return given({
    channel: name,
    leg: legName,
    ...(reply && { qos, retain, sends }),
    expiryMs: reply || (expiryMs ?? 0) % 1000 !== 0 ? expiryMs : undefined,
    maxBytes,
    acknowledge,
    versions,
    queue,
    outbox,
    ...(leg === channel.legs[0] && { semantics: semantics as unknown as JsonValue }),
  })
}

/** Without what is undefined. */
export function given(facts: { readonly [name: string]: JsonValue | undefined }): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  )
}

/** The facts under their keyword; nothing where there are none. */
export function extension(facts: Facts): Facts {
  return Object.keys(facts).length === 0 ? {} : { [EXTENSION]: facts }
}
