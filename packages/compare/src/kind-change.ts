import { type ContractIr, type Format, type ObjectIr, type TypeIr, wireType } from "@fleetwire/ir"
import { floatAsInteger, integerAsFloat, interval } from "./compare-numbers.js"
import { admitsText } from "./compare-strings.js"
import { describeType } from "./describe-type.js"
import type { Outcome } from "./outcome.js"
import type { Place } from "./payload-change.js"
import { areDisjoint, jsonKinds, readableKinds, wireAdmits } from "./wire.js"

/** One end of a message: a type, its contract, and whether the value must be there. */
interface End {
  readonly type: TypeIr
  readonly ir: ContractIr
  readonly required: boolean
}

/** Records that a value became one of another kind. */
export function addKindChange(old: TypeIr, next: TypeIr, place: Place): void {
  const end = (type: TypeIr, side: "old" | "new"): End => ({
    type,
    ir: place.contracts[side],
    required: place.required[side],
  })
  const code =
    old.kind === "int" && next.kind === "float"
      ? "type/integer-to-number"
      : old.kind === "float" && next.kind === "int"
        ? "type/number-to-integer"
        : "type/kind-changed"
  const what = `${describeType(old)} became ${describeType(next)}`
  const sides = { old: end(old, "old"), new: end(next, "new") }
  place.add(code, what, sides, (sender, reader, format) => flow(sender, reader, format, place))
}

function flow(sender: End, reader: End, format: Format, { inList, at }: Place): Outcome {
  const root = at.new.length === 0
  const [s, r] = [sender.type, reader.type]
  if (s.kind === "int" && r.kind === "float") return integerAsFloat(s, r, format, inList)
  if (s.kind === "float" && r.kind === "int") return floatAsInteger(s, r, format, inList)
  switch (format) {
    case "protobuf":
      // A message that is no object travels as field 1 of one, and may be taken for that.
      return root && isMessage(s) !== isMessage(r) ? "misread" : protobufFlow(sender, reader, inList)
    case "json":
    case "compact":
      return jsonFlow(s, r, format === "compact")
    default:
      return textFlow(s, r)
  }
}

function protobufFlow(sender: End, reader: End, inList: boolean): Outcome {
  // A constant is not on the wire. Its reader believes its own; who waits for another value finds none.
  if (reader.type.kind === "const") return "misread"
  if (sender.type.kind === "const") return reader.required && !mayBeEmpty(reader.type) ? "refused" : "misread"
  // Numbers in a list are packed: any of them is read as any other, or as octets.
  if (inList && wireType(sender.type) !== 2)
    return wireType(reader.type) === 2 || isNumber(reader.type) ? "misread" : "refused"
  return wireAdmits(sender, reader) || (inList && isNumber(reader.type)) ? "misread" : "refused"
}

function isMessage(type: TypeIr): boolean {
  return type.kind === "object" || type.kind === "union"
}

function isNumber(type: TypeIr): boolean {
  return wireType(type) !== 2
}

function mayBeEmpty(type: TypeIr): boolean {
  return type.kind === "map" || (type.kind === "list" && (type.minItems ?? 0) === 0)
}

function jsonFlow(sender: TypeIr, reader: TypeIr, compact: boolean): Outcome {
  if (areDisjoint(jsonKinds(sender, compact), readableKinds(reader, compact))) return "refused"
  const words = isNumbered(sender, compact) ? undefined : wordsOf(sender)
  if (words !== undefined) {
    const admitted = words.filter((word) => admits(reader, word))
    if (sender.kind === "enum" && sender.open) return reader.kind === "enum" && reader.open ? "ok" : "refused"
    if (reader.kind !== "bytes") return admitted.length === words.length ? "ok" : "refused"
  }
  if (sender.kind === "string" && reader.kind === "enum") return reader.open ? "ok" : "refused"
  if (sender.kind === "string" && reader.kind === "const") return "refused"
  if (isNumbered(sender, compact) || isNumbered(reader, compact)) return "misread"
  if (sender.kind === "const" && typeof sender.value === "number") return numberAdmitted(sender.value, reader)
  if (sender.kind === "const" && reader.kind === "bool") return "ok"
  if (reader.kind === "const") return "refused"
  if (sender.kind === "object" && reader.kind === "union")
    return hasKey(sender, reader.tag, compact) ? "misread" : "refused"
  return "misread"
}

/** Whether an enum travels by number. */
function isNumbered(type: TypeIr, compact: boolean): boolean {
  return compact && type.kind === "enum" && type.compactAs === "number"
}

/** Texts that a type of few values is written as. */
function wordsOf(type: TypeIr): readonly string[] | undefined {
  if (type.kind === "enum") return type.values.map(({ name }) => name)
  return type.kind === "const" && typeof type.value === "string" ? [type.value] : undefined
}

function admits(reader: TypeIr, word: string): boolean {
  if (reader.kind === "string") return admitsText(reader, word)
  if (reader.kind === "enum") return reader.open || reader.values.some(({ name }) => name === word)
  return reader.kind === "const" && reader.value === word
}

function numberAdmitted(value: number, reader: TypeIr): Outcome {
  if (reader.kind === "int") {
    const { low, high } = interval(reader)
    const whole = Number.isInteger(value) && BigInt(value) >= low && BigInt(value) <= high
    return whole && value % (reader.multipleOf ?? 1) === 0 ? "ok" : "refused"
  }
  if (reader.kind !== "float") return "refused"
  if (reader.bits === 32 && Math.fround(value) !== value) return "misread"
  return value >= (reader.min ?? -Number.MAX_VALUE) && value <= (reader.max ?? Number.MAX_VALUE) ? "ok" : "refused"
}

function hasKey(type: ObjectIr, key: string, compact: boolean): boolean {
  return type.fields.some((field) => (compact ? (field.short ?? field.name) : field.name) === key)
}

/** Plain text says nothing of kinds: what looks like the other is taken for it. */
function textFlow(sender: TypeIr, reader: TypeIr): Outcome {
  const closed = (type: TypeIr) => type.kind === "bool" || type.kind === "int" || type.kind === "float"
  if (closed(sender) && closed(reader)) return "refused"
  const words = wordsOf(sender)
  if (words !== undefined && wordsOf(reader) === undefined && reader.kind !== "string") return "misread"
  return words === undefined ? "misread" : jsonFlow(sender, reader, false)
}
