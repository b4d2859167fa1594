import { type CommandSemanticsIr, type ObjectIr, resolveType, type TypeIr } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import type { CheckScope } from "./check-scope.js"

/** Beyond this, whoever gave an order has forgotten it. */
const LONG_EXPIRY_MS = 300_000
/** Beyond this, a duration is no bound. */
const LONG_DURATION_MS = 3_600_000
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** What may happen in the world that nobody meant: a late order, a link that is gone, a movement without an end. */
export function checkSafety(scope: CheckScope): void {
  const { drafts, report } = scope
  if (scope.recursive) return
  const present = drafts.some(({ kind }) => kind === "presence")
  for (const draft of drafts) {
    const { kind, legs, accept, rest } = draft
    const request = legs[0]
    if (request === undefined) continue
    if (kind === "command" && request.from === "controller" && !present) {
      report.add("safety/no-presence", draft.place, {}, accept)
    }
    // A broadcast that goes as a command has the command's semantics, and is judged there.
    if (rest.kind === "broadcast" && rest.as !== undefined) continue
    if ("command" in rest && moves(rest.command)) checkMovement(draft, rest.command, scope)
  }
}

/** Whoever declares a safe action, or what goes before everything, says that the command moves something. */
function moves({ preempt, onInvalid, onLinkLost }: CommandSemanticsIr): boolean {
  return preempt !== undefined || onInvalid !== undefined || onLinkLost !== undefined
}

function checkMovement({ legs, accept, place }: ChannelDraft, command: CommandSemanticsIr, scope: CheckScope): void {
  const { report } = scope
  const request = legs[0]!
  if (command.onLinkLost === undefined) report.add("safety/no-link-lost", place, {}, accept)
  if (command.onInvalid === undefined) report.add("safety/no-on-invalid", place, {}, accept)
  if ((request.expiryMs ?? 0) > LONG_EXPIRY_MS) {
    report.add("safety/long-expiry", place, { expiry: Math.round(request.expiryMs! / 1000) }, accept)
  }
  const message = scope.ir.messages.find(({ name }) => name === request.message)
  if (message === undefined) return
  const at = scope.messagePlace(message.name)
  for (const { path, most } of durations(scope, resolveType(scope.ir, message.type), message.name)) {
    report.add("safety/endless-duration", { ...at, path }, { field: path, most }, accept)
  }
}

interface LongDuration {
  readonly path: string
  readonly most: string
}

/** Durations of a request without a bound that means something: numbers in a unit of time that are no moments. */
function durations(scope: CheckScope, type: TypeIr, path: string): readonly LongDuration[] {
  if (type.kind !== "object") return []
  return (type as ObjectIr).fields.flatMap(({ name, unit, type: inner }) => {
    const here = `${path}.${name}`
    const field = resolveType(scope.ir, inner)
    if (field.kind === "object") return durations(scope, field, here)
    const scale = unit === undefined ? undefined : UNIT_MS[unit]
    if (scale === undefined || (field.kind !== "int" && field.kind !== "float")) return []
    if (field.kind === "int" && field.epoch !== undefined) return []
    const most = field.max === undefined ? Number.POSITIVE_INFINITY : Number(field.max) * scale
    if (most <= LONG_DURATION_MS) return []
    return [{ path: here, most: Number.isFinite(most) ? `${Math.round(most / 3_600_000)} h` : "without an end" }]
  })
}
