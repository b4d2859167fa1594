import {
  canonicalJson,
  type FieldIr,
  type Format,
  type JsonValue,
  type ObjectIr,
  resolveType,
  type TypeIr,
  unitOf,
} from "@fleetwire/ir"
import { compareUnits } from "./compare-units.js"
import { describeType } from "./describe-type.js"
import { absenceFlow, clashFlow, type FieldPair, type Fields, seenFlow, sentKey } from "./field-flow.js"
import type { Direction, Outcome } from "./outcome.js"
import { pairFields } from "./pair-fields.js"
import type { Place } from "./payload-change.js"
import type { RuleCode } from "./rules.js"

/** Compares the fields of two objects, and what is inside those that both have. */
export function compareFields(
  old: ObjectIr,
  next: ObjectIr,
  place: Place,
  inside: (old: TypeIr, next: TypeIr, place: Place) => void,
): void {
  const { contracts } = place
  const pairs = pairFields(old, next, contracts)
  const fields: Fields = { old: old.fields, new: next.fields, pairs, contracts }
  for (const pair of pairs) {
    if (pair.old === undefined) addNew(pair.new!, place, fields)
    else if (pair.new === undefined) addGone(pair.old, place, fields)
    else compareOne({ ...pair, old: pair.old, new: pair.new }, place, fields, inside)
  }
  addClashes(fields, place)
  const kept = pairs.filter((pair) => pair.old !== undefined && pair.new !== undefined)
  const before = kept.map((pair) => old.fields.indexOf(pair.old!))
  if (before.some((at, index) => index > 0 && at < before[index - 1]!))
    place.add("field/order-changed", "the order of fields changed", { old, new: next }, () => "ok")
}

function addNew(field: FieldIr, place: Place, { contracts }: Fields): void {
  const code = field.required ? "field/required-added" : "field/optional-added"
  const here = place.into(field.name)
  const what = `${field.name} was added: ${describeType(resolveType(contracts.new, field.type))}`
  record(code, what, here, (direction, format) =>
    direction === "forward" ? absenceFlow(field, contracts.new, format) : "ok",
  )
}

function addGone(field: FieldIr, place: Place, { contracts }: Fields): void {
  const code = field.required ? "field/required-removed" : "field/optional-removed"
  record(code, `${field.name} was removed`, place.into(field.name), (direction, format) =>
    direction === "backward" ? absenceFlow(field, contracts.old, format) : "ok",
  )
}

type Both = FieldPair & { readonly old: FieldIr; readonly new: FieldIr }

function compareOne(
  pair: Both,
  place: Place,
  fields: Fields,
  inside: (old: TypeIr, next: TypeIr, place: Place) => void,
): void {
  const { old, new: next } = pair
  const here = place.into(old.name, next.name, { old: old.required, new: next.required })
  const sides = { old, new: next }
  compareKeys(pair, here, fields)
  if (old.required !== next.required) {
    const code = next.required ? "field/made-required" : "field/made-optional"
    const what = `${next.name} became ${next.required ? "required" : "optional"}`
    record(code, what, here, (direction, format) => {
      const [sender, reader] = direction === "forward" ? [old, next] : [next, old]
      const ir = fields.contracts[direction === "forward" ? "new" : "old"]
      return sender.required ? "ok" : absenceFlow(reader, ir, format)
    })
  }
  if (!sameDefault(old, next, fields.contracts)) {
    const words = (value: JsonValue | undefined) => (value === undefined ? "nothing" : JSON.stringify(value))
    const what = `left out meant ${words(old.default)} and now means ${words(next.default)}`
    here.add("field/default-changed", what, sides, (sender, reader) =>
      sender.required || reader.required ? "ok" : "misread",
    )
  }
  if ((old.nullAsAbsent ?? false) !== (next.nullAsAbsent ?? false)) {
    const code = next.nullAsAbsent === true ? "field/null-as-absent-added" : "field/null-as-absent-removed"
    const what = `null ${next.nullAsAbsent === true ? "may" : "may no longer"} stand for absent`
    here.add(code, what, sides, (sender, reader, format) =>
      sender.nullAsAbsent === true && reader.nullAsAbsent !== true && isJson(format) ? "refused" : "ok",
    )
  }
  const before = unitOf(fields.contracts.old, old.type, old.unit)
  const after = unitOf(fields.contracts.new, next.type, next.unit)
  // Said by the messages alone that the fields refer to.
  if (old.unit === undefined && next.unit === undefined) compareUnits({ old: before, new: after }, here)
  else if (before !== after) {
    const what = `${before ?? "no unit"} became ${after ?? "no unit"}`
    const units = { old: before ?? "without a unit", new: after ?? "without a unit" }
    here.add("field/unit-changed", what, { ...sides, units }, () => "misread")
  }
  if (old.auto !== next.auto) {
    const what = `filled in with ${old.auto ?? "nothing"} became ${next.auto ?? "nothing"}`
    const both = old.auto !== undefined && next.auto !== undefined
    here.add("field/auto-changed", what, sides, () => (both ? "misread" : "ok"))
  }
  const notes = ({ doc, examples, deprecated, since }: FieldIr) =>
    canonicalJson({ doc, examples, deprecated, since } as unknown as JsonValue)
  if (notes(old) !== notes(next))
    here.add("field/annotation-changed", `what is said about ${next.name} changed`, sides, () => "ok")
  inside(old.type, next.type, here)
}

/** Name, short key and number: what a reader finds a field by. */
function compareKeys(pair: Both, here: Place, fields: Fields): void {
  const { old, new: next, kinship } = pair
  const judge =
    (formats: readonly Format[]) =>
    (direction: Direction, format: Format): Outcome =>
      formats.includes(format) ? seenFlow(pair, fields, direction, format) : "ok"
  const sameShort = old.short === next.short
  const numberOnly = old.number !== next.number
  if (old.name !== next.name) {
    const named: readonly Format[] = sameShort ? ["json", "compact"] : ["json"]
    const what = `${old.name} became ${next.name}`
    if (kinship === "suspected") {
      const judged = judge(["json", "compact", "protobuf"])
      record("field/rename-suspected", `${what}, as it seems`, here, (direction, format) => {
        const seen = judged(direction, format)
        // Where the key is the same, nobody said that the meaning is.
        return seen === "ok" && sentKey(old, format) === sentKey(next, format) ? "misread" : seen
      })
    } else record("field/renamed", what, here, judge(named))
  }
  if (!sameShort) {
    const words = ({ short }: FieldIr) => short ?? "none"
    record("field/short-changed", `short key ${words(old)} became ${words(next)}`, here, judge(["compact"]))
  }
  if (numberOnly && kinship !== "suspected")
    record("field/number-changed", `number ${old.number} became ${next.number}`, here, judge(["protobuf"]))
}

/** Fields of one version that stand where another field of the other version stood. */
function addClashes(fields: Fields, place: Place): void {
  const { pairs } = fields
  const areKin = (a: FieldIr, b: FieldIr) => pairs.some((pair) => pair.old === a && pair.new === b)
  const isKept = (field: FieldIr) =>
    pairs.some((pair) => (pair.old === field || pair.new === field) && pair.old !== undefined && pair.new !== undefined)
  for (const old of fields.old)
    for (const next of fields.new) {
      if (areKin(old, next)) continue
      const clashes: readonly [RuleCode, readonly Format[]][] = [
        ["field/number-reused", ["protobuf"]],
        ["field/short-reused", ["compact"]],
        ["field/name-reused", ["json"]],
      ]
      for (const [code, formats] of clashes) {
        const clash = formats.filter(
          (format) =>
            clashFlow(old, next, fields, "forward", format) !== "ok" ||
            clashFlow(old, next, fields, "backward", format) !== "ok",
        )
        // What both versions have was said as a changed key.
        if (clash.length === 0 || (isKept(old) && isKept(next))) continue
        const key = sentKey(next, clash[0]!)
        record(
          code,
          `${next.name} has ${JSON.stringify(key)}, which was that of ${old.name}`,
          place.into(old.name, next.name),
          (direction, format) => (formats.includes(format) ? clashFlow(old, next, fields, direction, format) : "ok"),
        )
      }
    }
}

function record(
  code: RuleCode,
  what: string,
  place: Place,
  judge: (direction: Direction, format: Format) => Outcome,
): void {
  place.changes.push({ code, at: place.at, what, judge })
}

function isJson(format: Format): boolean {
  return format === "json" || format === "compact"
}

/** Whether a field that is left out means the same in both versions. */
function sameDefault(old: FieldIr, next: FieldIr, contracts: Fields["contracts"]): boolean {
  if (old.default === undefined || next.default === undefined) return old.default === next.default
  const [before, after] = [resolveType(contracts.old, old.type), resolveType(contracts.new, next.type)]
  if (before.kind === "enum" && after.kind === "enum") {
    const was = before.values.find(({ name }) => name === old.default)
    const is = after.values.find(({ name }) => name === next.default)
    if (was !== undefined && is !== undefined)
      return was.name === is.name || is.was?.includes(was.name) === true || was.was?.includes(is.name) === true
    return was === is && old.default === next.default
  }
  // A default of another kind is another value, whatever it is written like.
  const numbers = (kind: string) => kind === "int" || kind === "float"
  if (before.kind !== after.kind && !(numbers(before.kind) && numbers(after.kind))) return false
  // Wide integers hold their defaults as text.
  if (before.kind === "int" && after.kind === "int") return String(old.default) === String(next.default)
  return canonicalJson(old.default) === canonicalJson(next.default)
}
