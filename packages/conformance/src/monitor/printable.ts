/**
 * Text from a stranger, safe for a terminal: control, format and unpaired characters are escaped, and it is cut off after
 * `limit` characters.
 */
export function printable(text: string, limit: number): string {
  let out = ""
  let count = 0
  for (const character of text) {
    if (count++ === limit) return `${out}…`
    out += /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? escapeOf(character) : character
  }
  return out
}

function escapeOf(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}

/** The beginning of a payload: as text where it is UTF-8, else as hexadecimal octets. */
export function quotePayload(payload: Uint8Array): string {
  const start = payload.subarray(0, 160)
  try {
    return (
      printable(new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true }), 160) + rest(payload, start)
    )
  } catch {
    return `0x${[...start.subarray(0, 40)].map((octet) => octet.toString(16).padStart(2, "0")).join("")}${payload.length > 40 ? "…" : ""}`
  }
}

function rest(payload: Uint8Array, start: Uint8Array): string {
  return payload.length > start.length ? "…" : ""
}
