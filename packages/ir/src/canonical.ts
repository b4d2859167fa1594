import type { JsonValue } from "./type-ir.js"

/**
 * Canonical JSON text of a value (RFC 8785): keys in order of their UTF-16 code units, no white space, numbers as
 * ECMAScript prints them. Two equal values give the same text, whatever order their keys were written in.
 *
 * @throws RangeError for a number that is not finite, which JSON cannot carry.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`not a JSON number: ${value}`)
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`
  const object = value as { readonly [key: string]: JsonValue | undefined }
  const members: string[] = []
  for (const key of Object.keys(object).sort()) {
    const member = object[key]
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(",")}}`
}
