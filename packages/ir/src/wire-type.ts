import type { TypeIr } from "./type-ir.js"

/** Protobuf's wire types: varint, 64 bits, sized, 32 bits. */
export type WireType = 0 | 1 | 2 | 5

/** Wire type of a single value. A constant is not on the wire, and a reference is resolved by the caller: both count as sized. */
export function wireType(type: TypeIr): WireType {
  switch (type.kind) {
    case "bool":
    case "enum":
      return 0
    case "int":
      return type.fixed !== true ? 0 : type.bits === 64 ? 1 : 5
    case "float":
      return type.bits === 64 ? 1 : 5
    default:
      return 2
  }
}
