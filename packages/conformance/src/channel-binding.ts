import type { ChannelIr, CommandSemanticsIr } from "@fleetwire/ir"
import type { ContractView } from "./contract-view.js"
import type { ChannelFeature, ChannelNeed, Needs } from "./scenario.js"

/** Longest expiry and execution timeout, in milliseconds, that a scenario waits for. */
const PATIENCE_MS = 5_000

/** Alias → channel, or why the contract has none. */
export type Binding =
  | { readonly ok: true; readonly channels: ReadonlyMap<string, ChannelIr> }
  | { readonly ok: false; readonly why: string }

/** Finds a channel of the contract for every alias: the first by name that has what is needed. */
export function bindChannels(view: ContractView, needs: Needs["channels"] = {}): Binding {
  const channels = new Map<string, ChannelIr>()
  for (const [alias, need] of Object.entries(needs)) {
    const found = view.ir.channels.find(
      (channel) => fits(view, channel, need) && ![...channels.values()].includes(channel),
    )
    if (found === undefined) return { ok: false, why: `the contract has no ${wordsOf(need)}` }
    channels.set(alias, found)
  }
  return { ok: true, channels }
}

function fits(view: ContractView, channel: ChannelIr, need: ChannelNeed): boolean {
  if (![need.kind].flat().includes(channel.kind)) return false
  if (need.from !== undefined && need.from !== channel.from) return false
  if (need.qos !== undefined && channel.legs[0]!.qos < need.qos) return false
  if ((need.has ?? []).some((feature) => !hasFeature(view, channel, feature))) return false
  return !(need.lacks ?? []).some((feature) => hasFeature(view, channel, feature))
}

function hasFeature(view: ContractView, channel: ChannelIr, feature: ChannelFeature): boolean {
  const semantics: CommandSemanticsIr | undefined = view.semantics(channel)
  const first = view.leg(channel.name, channel.legs[0]!.name)!
  switch (feature) {
    case "preempt":
    case "onInvalid":
    case "onLinkLost":
    case "outcome":
      return semantics?.[feature] !== undefined
    case "cancel":
    case "idempotent":
      return semantics?.[feature] === true
    case "progress":
    case "fleet":
    case "reply":
      return channel.legs.some(({ name }) => name === feature)
    case "journal":
      return semantics !== undefined && semantics.journal !== "none"
    case "journal-required":
      return semantics?.journal === "required"
    case "as":
      return channel.kind === "broadcast" && channel.as !== undefined
    case "session":
      return view.fieldWith(first, "session") !== undefined
    case "json":
    case "text":
      return first.leg.sends === feature
    case "formats":
      return first.leg.accepts.length > 1
    case "object":
      return view.objectOf(first) !== undefined
    case "default":
      return view.objectOf(first)?.fields.some((field) => field.default !== undefined) === true
    case "short-expiry":
      return (first.leg.expiryMs ?? Number.POSITIVE_INFINITY) <= PATIENCE_MS
    case "short-execution":
      return (semantics?.executionTimeoutMs ?? Number.POSITIVE_INFINITY) <= PATIENCE_MS
    case "on-handled":
      return first.leg.acknowledge === "on-handled"
    case "durable":
      return first.leg.outbox.durable
    case "expiry":
      return first.leg.expiryMs !== undefined
    case "queue-1000":
      return first.leg.queue.bound <= 1_000
    case "countable-outbox":
      return first.leg.outbox.bound <= 200 && ["oldest", "newest", "reject"].includes(first.leg.outbox.drop)
    case "small-outbox":
      return first.leg.outbox.bound <= 8
    case "roomy-outbox":
      return first.leg.outbox.bound >= 15
    case "small-queue":
      return semantics !== undefined && semantics.concurrency + semantics.queueBound <= 40
    case "reply-qos1":
      return channel.legs.some(({ name, qos }) => name === "reply" && qos > 0)
    case "small-memory":
      return semantics !== undefined && semantics.remember.count <= 8 && semantics.remember.retentionMs <= PATIENCE_MS
    case "trusted-clock":
      return semantics?.trustedClock !== undefined
    case "dead-letter":
      return "deadLetter" in channel && channel.deadLetter !== undefined
    case "dead-letters":
      return view.ir.channels.some((each) => "deadLetter" in each && each.deadLetter === channel.name)
    case "probe":
      return view.ir.roles.some(({ probe }) => probe === channel.name)
    case "replies":
      return channel.kind === "broadcast" && channel.replies === "each"
  }
}

function wordsOf(need: ChannelNeed): string {
  const has = need.has === undefined ? "" : ` with ${need.has.join(" and ")}`
  const lacks = need.lacks === undefined ? "" : ` without ${need.lacks.join(" or ")}`
  const from = need.from === undefined ? "" : ` from the ${need.from}`
  return `${[need.kind].flat().join(" or ")} channel${from}${has}${lacks}`
}
