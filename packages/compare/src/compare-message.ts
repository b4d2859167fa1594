import { type ContractIr, findMessage, resolveType, type TypeIr, unitOf } from "@fleetwire/ir"
import { compareEnums } from "./compare-enums.js"
import { compareFields } from "./compare-fields.js"
import { compareFloats, compareIntegers } from "./compare-numbers.js"
import { compareBytes, compareStrings, stringIncludes } from "./compare-strings.js"
import { compareUnions } from "./compare-unions.js"
import { compareUnits } from "./compare-units.js"
import { describeType } from "./describe-type.js"
import { addKindChange } from "./kind-change.js"
import { type PayloadChange, Place } from "./payload-change.js"

/** Every difference between two versions of a message that can matter to anybody. */
export function compareMessages(
  contracts: { readonly old: ContractIr; readonly new: ContractIr },
  names: { readonly old: string; readonly new: string },
): readonly PayloadChange[] {
  const changes: PayloadChange[] = []
  const [old, next] = [findMessage(contracts.old, names.old), findMessage(contracts.new, names.new)]
  if (old === undefined || next === undefined) throw new RangeError(`no message ${names.old} or ${names.new}`)
  const whole = new Place(contracts, changes)
  compareUnits(
    { old: unitOf(contracts.old, old.type, old.unit), new: unitOf(contracts.new, next.type, next.unit) },
    whole,
  )
  compareValues(old.type, next.type, whole)
  return changes
}

/** Compares two types at a place, and everything inside them. */
export function compareValues(before: TypeIr, after: TypeIr, place: Place): void {
  const old = resolveType(place.contracts.old, before)
  const next = resolveType(place.contracts.new, after)
  const sides = { old, new: next }
  if (old.kind === "int" && next.kind === "int") compareIntegers(old, next, place)
  else if (old.kind === "float" && next.kind === "float") compareFloats(old, next, place)
  else if (old.kind === "string" && next.kind === "string") compareStrings(old, next, place)
  else if (old.kind === "bytes" && next.kind === "bytes") compareBytes(old, next, place)
  else if (old.kind === "enum" && next.kind === "enum") compareEnums(old, next, place)
  else if (old.kind === "object" && next.kind === "object") compareFields(old, next, place, compareValues)
  else if (old.kind === "union" && next.kind === "union") compareUnions(old, next, place, compareValues)
  else if (old.kind === "const" && next.kind === "const") {
    if (old.value === next.value) return
    const what = `${JSON.stringify(old.value)} became ${JSON.stringify(next.value)}`
    // Protobuf does not carry constants: the reader believes its own.
    place.add("type/const-changed", what, sides, (_s, _r, format) => (format === "protobuf" ? "misread" : "refused"))
  } else if (old.kind === "list" && next.kind === "list") {
    if (old.minItems !== next.minItems || old.maxItems !== next.maxItems) {
      const range = (of: typeof old) => `${of.minItems ?? 0} to ${of.maxItems ?? "any number of"} items`
      place.addSets("items", `${range(old)} became ${range(next)}`, { old, new: next }, (outer, inner) =>
        within(inner.minItems ?? 0, inner.maxItems, outer.minItems ?? 0, outer.maxItems),
      )
    }
    compareItems(
      { old: { type: old.item, unit: old.itemUnit }, new: { type: next.item, unit: next.itemUnit } },
      place.into("[]"),
    )
  } else if (old.kind === "map" && next.kind === "map") {
    if (old.maxProperties !== next.maxProperties) {
      const most = (of: typeof old) => `${of.maxProperties ?? "any number of"} entries`
      place.addSets("entries", `at most ${most(old)} became ${most(next)}`, { old, new: next }, (outer, inner) =>
        within(0, inner.maxProperties, 0, outer.maxProperties),
      )
    }
    const keys = (of: typeof old) => ({
      kind: "string" as const,
      ...(of.keyMaxLength !== undefined && { maxLength: of.keyMaxLength }),
      ...(of.keyPattern !== undefined && { pattern: of.keyPattern }),
    })
    if (old.keyMaxLength !== next.keyMaxLength || old.keyPattern !== next.keyPattern) {
      const what = `keys ${describeType(keys(old))} became ${describeType(keys(next))}`
      place.addSets("keys", what, { old: keys(old), new: keys(next) }, stringIncludes)
    }
    compareItems(
      { old: { type: old.value, unit: old.valueUnit }, new: { type: next.value, unit: next.valueUnit } },
      place.into("{}"),
    )
  } else if (old.kind !== next.kind) addKindChange(old, next, place)
}

interface Item {
  readonly type: TypeIr
  readonly unit: string | undefined
}

function compareItems({ old, new: next }: { readonly old: Item; readonly new: Item }, place: Place): void {
  const { contracts } = place
  compareUnits(
    { old: unitOf(contracts.old, old.type, old.unit), new: unitOf(contracts.new, next.type, next.unit) },
    place,
  )
  compareValues(old.type, next.type, place)
}

function within(low: number, high: number | undefined, from: number, to: number | undefined): boolean {
  return low >= from && (to === undefined || (high !== undefined && high <= to))
}
