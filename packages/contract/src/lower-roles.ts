import type { RoleIr } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import type { RoleOptions } from "./contract.js"
import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import { CONNECTION_OPTIONS, lowerConnection } from "./lower-connection.js"
import { OptionReader } from "./options.js"

/** What lowering a role needs from the contract around it. */
export interface RoleScope {
  readonly report: Report
  readonly channels: readonly ChannelDraft[]
  readonly params: readonly string[]
}

/** Compiles a role: rights by channel become rights by leg, narrowed by who writes it. */
export function lowerRole(name: string, role: RoleOptions, place: Place, scope: RoleScope): RoleIr {
  const { report, channels } = scope
  const options = new OptionReader(role, place, report)
  options.only(["doc", "publish", "read", "probe", "bind", ...CONNECTION_OPTIONS])
  const bind = options.texts("bind") ?? []
  for (const param of bind) {
    if (!scope.params.includes(param)) {
      report.add("contract/bind-unknown", place, { role: name, param, known: listed(scope.params) })
    }
  }
  const legs = channels.flatMap((channel) =>
    channel.legs.map((leg) => ({ channel, leg, id: `${channel.name}.${leg.name}` })),
  )
  const publish = new Set<string>()
  const read = new Set<string>()
  const resolve = (verb: "publish" | "read", right: string): void => {
    const found = legs.filter(({ channel, id }) => id === right || channel.name === right)
    if (found.length === 0) {
      const known = listed(channels.map((channel) => channel.name))
      report.add("contract/right-unknown", place, { role: name, verb, right, known })
    }
    if (verb === "read") {
      // A whole channel means what controllers receive of it; a leg by name is meant as it is.
      for (const { leg, id } of found) if (id === right || leg.from === "device") read.add(id)
      const whole = found.length > 0 && !found.some(({ id }) => id === right)
      if (whole && !found.some(({ leg }) => leg.from === "device")) for (const { id } of found) read.add(id)
      return
    }
    const written = found.filter(({ leg }) => leg.from === "controller")
    if (found.length > 0 && written.length === 0) {
      report.add("contract/right-direction", place, { role: name, right, from: "the device" })
    }
    for (const { channel, id } of written) {
      if (channel.fromRole !== undefined && channel.fromRole !== name && !isReply(id)) {
        report.add("contract/right-from", place, { role: name, right, from: channel.fromRole })
      } else publish.add(id)
    }
  }
  if (role.publish === "*") {
    for (const { channel, leg, id } of legs) {
      const mine = channel.fromRole === undefined || channel.fromRole === name || isReply(id)
      if (leg.from === "controller" && mine) publish.add(id)
    }
  } else for (const right of options.texts("publish") ?? []) resolve("publish", right)
  if (role.read === "*") for (const { id } of legs) read.add(id)
  else for (const right of options.texts("read") ?? []) resolve("read", right)
  return {
    name,
    ...defined({ doc: options.text("doc") }),
    publish: [...publish].sort(),
    read: [...read].sort(),
    ...defined({ probe: options.text("probe") }),
    bind: [...bind].sort(),
    ...lowerConnection(options, false, place, report),
  } as RoleIr
}

/** A reply, and what is said before it, goes back to whoever asked: `from` names who asks. */
function isReply(id: string): boolean {
  return id.endsWith(".reply") || id.endsWith(".progress")
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ") || "none"
}
