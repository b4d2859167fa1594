import type { ContractIr, DeviceIr, RoleIr, SessionIr } from "@fleetwire/ir"
import type { ChannelChange, Scope } from "./channel-change.js"
import type { LegPair } from "./pair-legs.js"
import type { Verdict } from "./verdict.js"

/** Compares roles by the rights that concern legs of both versions, and how each connects. */
export function compareRoles(legs: readonly LegPair[], scope: Scope): readonly ChannelChange[] {
  const lost: Verdict = scope.mqtt.old === "5" && scope.mqtt.new === "5" ? "breaks" : "silent"
  const found: ChannelChange[] = []
  for (const next of scope.new.roles) {
    const old = scope.old.roles.find(({ name }) => name === next.name)
    const path = `roles.${next.name}`
    if (old === undefined) found.push({ code: "role/added", path, what: `${next.name} was added`, verdict: "safe" })
    else found.push(...compareRole({ old, new: next, path, lost }, legs, scope))
  }
  for (const { name } of scope.old.roles)
    if (!scope.new.roles.some((role) => role.name === name))
      found.push({ code: "role/removed", path: `roles.${name}`, what: `${name} was removed`, verdict: lost })
  return found
}

interface RolePair {
  readonly old: RoleIr
  readonly new: RoleIr
  readonly path: string
  readonly lost: Verdict
}

function compareRole(
  { old, new: next, path, lost }: RolePair,
  legs: readonly LegPair[],
  scope: Scope,
): ChannelChange[] {
  const found: ChannelChange[] = []
  const add = (code: ChannelChange["code"], what: string, verdict: Verdict) => found.push({ code, path, what, verdict })
  for (const pair of legs)
    for (const verb of ["publish", "read"] as const) {
      const [before, after] = [old[verb].includes(pair.old.id), next[verb].includes(pair.new.id)]
      if (before && !after)
        add(verb === "publish" ? "role/publish-lost" : "role/read-lost", `may no longer ${verb} ${pair.new.id}`, lost)
      if (before || !after) continue
      if (verb === "publish" && writers(scope.old, pair.old.id) > 0 && isState(pair))
        add("role/second-writer", `writes ${pair.new.id} beside another role`, "breaks")
      else add(verb === "publish" ? "role/publish-gained" : "role/read-gained", `may ${verb} ${pair.new.id}`, "safe")
    }
  const bound = next.bind.filter((name) => !old.bind.includes(name))
  const freed = old.bind.filter((name) => !next.bind.includes(name))
  if (bound.length > 0) add("role/bind-narrowed", `bound to its own ${bound.join(", ")}`, lost)
  if (freed.length > 0) add("role/bind-widened", `no longer bound to its own ${freed.join(", ")}`, "safe")
  if (old.doc !== next.doc) add("role/annotation-changed", `what is said about ${next.name} changed`, "safe")
  return [...found, ...compareConnections(old, next, path)]
}

function writers(ir: ContractIr, id: string): number {
  return ir.roles.filter((role) => role.publish.includes(id)).length
}

function isState({ new: { channel } }: LegPair): boolean {
  return channel.kind === "state" || channel.kind === "presence"
}

/** Compares how a device or a role connects. */
export function compareConnections(
  old: Pick<DeviceIr, "session" | "keepAliveSeconds" | "reconnectSpreadSeconds">,
  next: Pick<DeviceIr, "session" | "keepAliveSeconds" | "reconnectSpreadSeconds">,
  path: string,
): readonly ChannelChange[] {
  const found: ChannelChange[] = []
  const [before, after] = [secondsOf(old.session), secondsOf(next.session)]
  const what = `${before} s became ${after} s`
  if (after < before) found.push({ code: "session/shortened", path, what, verdict: "silent" })
  if (after > before) found.push({ code: "session/lengthened", path, what, verdict: "safe" })
  if (old.keepAliveSeconds !== next.keepAliveSeconds || old.reconnectSpreadSeconds !== next.reconnectSpreadSeconds) {
    const words = "keep-alive or the spread of reconnections changed"
    found.push({ code: "session/annotation-changed", path, what: words, verdict: "safe" })
  }
  return found
}

/** Seconds that the broker keeps a session; a clean one is kept for none. */
function secondsOf(session: SessionIr): number {
  return session.kind === "clean" ? 0 : session.expirySeconds
}
