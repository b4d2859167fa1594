import {
  type ContractIr,
  type Format,
  findMessage,
  type LegIr,
  resolveType,
  type TypeIr,
  walkType,
} from "@fleetwire/ir"
import type { ChannelChange, Scope } from "./channel-change.js"
import { type Outcomes, verdictOf, whatKeepsOld, whoBreaks } from "./judge-leg.js"
import type { Outcome } from "./outcome.js"
import type { LegPair } from "./pair-legs.js"

/** Compares which formats a leg accepts, and which one it sends when nobody says otherwise. */
export function compareFormats(pair: LegPair, scope: Scope): readonly ChannelChange[] {
  const { old, new: next } = pair
  const found: ChannelChange[] = []
  const path = `channels.${next.id}`
  const kept = whatKeepsOld(scope.old, old.id, old.leg)
  const add = (code: ChannelChange["code"], what: string, outcomes: Outcomes) =>
    found.push({
      code,
      path,
      what,
      verdict: verdictOf(outcomes, next.leg.from, kept !== undefined),
      breaks: whoBreaks(outcomes, next.leg.from, kept),
    })
  // A client of 3.1.1 sends the default only.
  const choosy = (side: "old" | "new") => scope.mqtt[side] !== "3.1.1"
  for (const format of old.leg.accepts) {
    if (next.leg.accepts.includes(format)) continue
    const sent = choosy("old") || format === old.leg.sends
    add("leg/format-removed", `${format} is no longer accepted`, { forward: sent ? "refused" : "ok", backward: "ok" })
  }
  for (const format of next.leg.accepts) {
    if (old.leg.accepts.includes(format)) continue
    const sent = choosy("new") || format === next.leg.sends
    add("leg/format-added", `${format} may be sent`, { forward: "ok", backward: sent ? "refused" : "ok" })
  }
  if (old.leg.sends !== next.leg.sends) {
    const named = scope.mqtt.old === "5" && scope.mqtt.new === "5"
    const outcomes: Outcomes = named
      ? { forward: "ok", backward: "ok" }
      : {
          forward: mistaken(scope.old, old.leg, scope.new, next.leg),
          backward: mistaken(scope.new, next.leg, scope.old, old.leg),
        }
    add("leg/default-format-changed", `${old.leg.sends} became ${next.leg.sends}`, outcomes)
  }
  return found
}

/** What becomes of a message that is taken for the reader's default format. */
function mistaken(sends: ContractIr, from: LegIr, reads: ContractIr, to: LegIr): Outcome {
  const sent = resolveType(sends, findMessage(sends, from.message)!.type)
  const read = resolveType(reads, findMessage(reads, to.message)!.type)
  const free = (type: TypeIr) => type.kind === "string" || type.kind === "bytes" || (type.kind === "enum" && type.open)
  const json = (format: Format) => format === "json" || format === "compact"
  const raw = (format: Format) => format === "text" || format === "bytes"
  if (json(from.sends) && json(to.sends)) return jsonForCompact(sent, sends)
  if (raw(from.sends) && raw(to.sends)) return sent.kind === read.kind ? "ok" : "misread"
  if (raw(to.sends)) {
    if (free(read)) return "misread"
    return json(from.sends) && (read.kind === "bool" || read.kind === "int") ? "ok" : "refused"
  }
  // Text and octets may happen to be anything.
  if (raw(from.sends)) return free(sent) ? "misread" : json(to.sends) && sent.kind !== "enum" ? "ok" : "refused"
  return "refused"
}

/** JSON read as compact JSON, or the reverse: the same text where no key and no enum is shortened. */
function jsonForCompact(type: TypeIr, ir: ContractIr): Outcome {
  let [short, required] = [false, false]
  const look = (of: TypeIr): void =>
    walkType(of, (inner) => {
      if (inner.kind === "ref") look(resolveType(ir, inner))
      if (inner.kind === "enum" && inner.compactAs === "number") short = true
      if (inner.kind === "object" && inner.fields.some((field) => field.short !== undefined)) short = true
    })
  look(type)
  if (type.kind === "object") required = type.fields.some((field) => field.required && field.short !== undefined)
  return !short ? "ok" : required ? "refused" : "misread"
}
