import type { FieldIr, TypeIr, WireType } from "@fleetwire/ir"

/** The wire type of what has its length in front. */
export const SIZED = 2

/** Octets of a tag as a varint. */
export function tagOctets(number: number, wire: WireType): readonly number[] {
  return varintOctets(number * 8 + wire)
}

/** Octets of a constant, not negative, as a varint. */
export function varintOctets(value: number): readonly number[] {
  const octets: number[] = []
  let rest = value
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
