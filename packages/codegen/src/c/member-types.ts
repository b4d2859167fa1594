/** Type of an integer of this width. */
export function intType(bits: number, signed: boolean): string {
  return `${signed ? "" : "u"}int${bits}_t`
}

/** Type of the count of a list. */
export function countType(max: number): string {
  return max < 256 ? "uint8_t" : max < 65536 ? "uint16_t" : "uint32_t"
}
