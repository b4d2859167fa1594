import { type FieldIr, type IntIr, wireType } from "@fleetwire/ir"
import { isSmallEnum } from "./enum-number.js"
import { isNeeded, type Resolved, type Unit } from "./unit.js"
import { tagOctets, varintOctets } from "./wire.js"

/** Octets that every value of the type takes behind its tag, a length apart; undefined where they differ. */
export function sizeOf(unit: Unit, type: Resolved): number | undefined {
  switch (type.kind) {
    case "bool":
      return 1
    case "enum":
      return isSmallEnum(type) ? 1 : undefined
    case "float":
      return type.bits / 8
    case "int": {
      if (type.fixed === true) return type.bits === 64 ? 8 : 4
      return type.bits < 64 && octetsOf(type) === 1 ? 1 : undefined
    }
    case "object": {
      let size = 0
      for (const field of type.fields) {
        const own = fieldSize(unit, field)
        if (own === undefined) return undefined
        size += own
      }
      return size
    }
    default:
      return undefined
  }
}

function fieldSize(unit: Unit, field: FieldIr): number | undefined {
  const type = unit.resolve(field.type)
  // What is constant is not on the wire.
  if (type.kind === "const") return 0
  const size = isNeeded(field) ? sizeOf(unit, type) : undefined
  if (size === undefined) return undefined
  const length = type.kind === "object" ? varintOctets(size).length : 0
  return tagOctets(field.number, wireType(type)).length + length + size
}

/** Octets that an integer of at most 32 bits takes as a varint, at most. */
export function octetsOf(type: IntIr): number {
  const [min, max] = [Number(type.min), Number(type.max)]
  const most = type.signed ? Math.max(max * 2, -min * 2 - 1) : max
  return most < 128 ? 1 : most < 16_384 ? 2 : most < 2_097_152 ? 3 : most < 268_435_456 ? 4 : 5
}
