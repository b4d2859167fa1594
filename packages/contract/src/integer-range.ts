import type { IntIr } from "@fleetwire/ir"

/** Least and greatest value of an integer width. */
export function integerRange(bits: IntIr["bits"], signed: boolean): { readonly min: bigint; readonly max: bigint } {
  const span = 1n << BigInt(signed ? bits - 1 : bits)
  return { min: signed ? -span : 0n, max: span - 1n }
}

/** Name of an integer builder, such as `uint8`. */
export function integerName(bits: IntIr["bits"], signed: boolean): string {
  return `${signed ? "" : "u"}int${bits}`
}
