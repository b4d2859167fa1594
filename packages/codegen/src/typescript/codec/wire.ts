import type { FieldIr, TypeIr } from "@fleetwire/ir"
import type { Resolved } from "./unit.js"

/** Wire types of protobuf. */
export const VARINT = 0
export const FIXED64 = 1
export const SIZED = 2
export const FIXED32 = 5

export type WireType = typeof VARINT | typeof FIXED64 | typeof SIZED | typeof FIXED32

/** The wire type of one value. */
export function wireTypeOf(type: Resolved): WireType {
  switch (type.kind) {
    case "bool":
    case "enum":
      return VARINT
    case "int":
      if (type.fixed !== true) return VARINT
      return type.bits === 64 ? FIXED64 : FIXED32
    case "float":
      return type.bits === 64 ? FIXED64 : FIXED32
    default:
      return SIZED
  }
}

/** Octets of a tag as a varint. */
export function tagOctets(number: number, wire: WireType): readonly number[] {
  const octets: number[] = []
  let rest = number * 8 + wire
  while (rest > 127) {
    octets.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  octets.push(rest)
  return octets
}

/** A message that is neither object nor union stands in a message of its own, as field 1. */
export function wrapped(type: TypeIr): readonly FieldIr[] {
  return [{ name: "value", number: 1, required: true, type }]
}

/** Fields in the order of protobuf's canonical encoding. */
export function byNumber(fields: readonly FieldIr[]): readonly FieldIr[] {
  return [...fields].sort((a, b) => a.number - b.number)
}
