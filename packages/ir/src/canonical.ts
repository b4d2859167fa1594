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
  if (Array.isArray(value)) {
    let items = ""
    for (const item of value as readonly JsonValue[])
      items += items === "" ? canonicalJson(item) : `,${canonicalJson(item)}`
    return `[${items}]`
  }
  const object = value as { readonly [key: string]: JsonValue | undefined }
  let members = ""
  for (const key of sortedKeys(object)) {
    const member = object[key]
    if (member === undefined) continue
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

/** The keys in order of their code units; most objects, those read from canonical text above all, have them so. */
function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object)
  for (let index = 1; index < keys.length; index++) if (keys[index - 1]! > keys[index]!) return keys.sort()
  return keys
}
