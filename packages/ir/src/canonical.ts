import type { JsonValue } from "./type-ir.js"

/**
 * Canonical JSON text of a value (RFC 8785): keys in order of their UTF-16 code units, no white space, numbers as
 * ECMAScript prints them. Two equal values give the same text, whatever order their keys were written in.
 *
 * @throws RangeError for a number that is not finite, which JSON cannot carry.
 */
export function canonicalJson(value: JsonValue): string {
  // What was read from canonical text has its keys in order: then the platform prints the same text, much faster.
  return isInOrder(value) ? JSON.stringify(value) : sortedJson(value)
}

/**
 * True where the keys of every object, within lists and objects too, are in order of their code units, no member is
 * undefined, and every number can be said in JSON.
 */
export function isInOrder(value: JsonValue | undefined): boolean {
  if (typeof value === "number") return Number.isFinite(value)
  if (value === null || typeof value !== "object") return value !== undefined
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isInOrder(value[index])) return false
    return true
  }
  const object = value as { readonly [key: string]: JsonValue | undefined }
  let last = ""
  for (const key of Object.keys(object)) {
    if (key < last || !isInOrder(object[key])) return false
    last = key
  }
  return true
}

function sortedJson(value: JsonValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`not a JSON number: ${value}`)
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) {
    let items = ""
    for (const item of value as readonly JsonValue[]) items += items === "" ? sortedJson(item) : `,${sortedJson(item)}`
    return `[${items}]`
  }
  const object = value as { readonly [key: string]: JsonValue | undefined }
  let members = ""
  for (const key of Object.keys(object).sort()) {
    const member = object[key]
    if (member === undefined) continue
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${sortedJson(member)}`
  }
  return `{${members}}`
}
