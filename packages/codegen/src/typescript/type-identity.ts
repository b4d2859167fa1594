import { canonicalJson, type JsonValue } from "@fleetwire/ir"

const known = new WeakMap<object, string>()

/** A text that is equal for equal types (and branches of unions), whatever order their keys were written in. */
export function typeIdentity(type: object): string {
  let text = known.get(type)
  if (text === undefined) {
    text = canonicalJson(type as JsonValue)
    known.set(type, text)
  }
  return text
}
