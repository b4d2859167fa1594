import type { JsonValue } from "@fleetwire/ir"
import type { Place } from "./diagnostic.js"
import { lowerLiteral } from "./literal.js"
import type { Messages } from "./lower-messages.js"
import type { OptionReader } from "./options.js"

/** Reads what birth and will say. Without a word of the author `status` says `online` and `offline`. */
export function lowerPresence(
  message: string,
  options: OptionReader,
  place: Place,
  messages: Messages,
): { readonly online: JsonValue; readonly offline: JsonValue; readonly willDelayMs: number } {
  const online = constants("online", message, options, place, messages)
  const offline = constants("offline", message, options, place, messages)
  if (online !== undefined && JSON.stringify(online) === JSON.stringify(offline)) {
    messages.report.add("contract/presence-same", place)
  }
  return { online: online ?? null, offline: offline ?? null, willDelayMs: options.duration("willDelay", 0) ?? 0 }
}

function constants(
  which: "online" | "offline",
  message: string,
  options: OptionReader,
  place: Place,
  messages: Messages,
): JsonValue | undefined {
  const { report } = messages
  const type = messages.find(message)?.type
  if (type === undefined) return undefined
  const here = { ...place, path: `${place.path}.${which}` }
  const written = options.has(which) ? options.raw(which) : type.kind === "object" ? { status: which } : which
  const literal = lowerLiteral(type, written, { messages: messages.find, partial: true })
  if (!literal.ok) {
    if (!options.has(which)) report.add("contract/presence-constants", place, { which })
    else {
      const where = literal.path === "" ? "" : ` at ${literal.path}`
      report.add("contract/value-unfit", here, { what: `\`${which}\``, where, problem: literal.problem })
    }
    return undefined
  }
  if (type.kind === "object") {
    const said = literal.value as { readonly [field: string]: JsonValue }
    for (const { name, required, auto } of type.fields) {
      if (required && auto === undefined && said[name] === undefined) {
        report.add("contract/presence-field", here, { field: name, which })
      }
    }
  }
  return literal.value
}
