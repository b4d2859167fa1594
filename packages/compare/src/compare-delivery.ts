import { canonicalJson, type LegIr } from "@fleetwire/ir"
import type { ChannelChange } from "./channel-change.js"
import { verdictOf } from "./judge-leg.js"
import type { LegPair } from "./pair-legs.js"
import type { Verdict } from "./verdict.js"

/** Compares what is promised about the delivery of a leg: QoS, retention, expiry, acknowledgement, bounds. */
export function compareDelivery({ old, new: next }: LegPair): readonly ChannelChange[] {
  const found: ChannelChange[] = []
  const path = `channels.${next.id}`
  const [before, after] = [old.leg, next.leg]
  const { kind } = next.channel
  const add = (code: ChannelChange["code"], what: string, verdict: Verdict) => found.push({ code, path, what, verdict })
  const readersFirst = verdictOf({ forward: "ok", backward: "refused" }, after.from, false)

  if (after.qos < before.qos) {
    const loses = kind === "telemetry" || kind === "state" || kind === "presence" ? "silent" : "breaks"
    add("leg/qos-lowered", `QoS ${before.qos} became ${after.qos}`, after.qos === 0 ? loses : readersFirst)
  } else if (after.qos > before.qos) {
    // At QoS 2 nothing comes twice.
    add("leg/qos-raised", `QoS ${before.qos} became ${after.qos}`, after.qos === 2 ? "safe" : readersFirst)
  }

  if (before.retain !== after.retain) {
    const lasting = kind === "state" || kind === "presence" || kind === "config"
    if (after.retain) add("leg/retain-added", "retained from now on", lasting ? "safe" : "silent")
    else add("leg/retain-removed", "no longer retained", "silent")
  }

  const wait = (leg: LegIr) => leg.expiryMs ?? Number.POSITIVE_INFINITY
  const words = (leg: LegIr) => (leg.expiryMs === undefined ? "no expiry" : `${leg.expiryMs} ms`)
  if (wait(after) < wait(before)) add("leg/expiry-shortened", `${words(before)} became ${words(after)}`, "silent")
  else if (wait(after) > wait(before)) add("leg/expiry-lengthened", `${words(before)} became ${words(after)}`, "safe")

  if (before.acknowledge !== after.acknowledge) {
    if (after.acknowledge === "on-receipt") add("leg/acknowledge-weakened", "on-handled became on-receipt", "silent")
    else add("leg/acknowledge-strengthened", "on-receipt became on-handled", "safe")
  }

  if (canonicalJson(before.versions ?? null) !== canonicalJson(after.versions ?? null)) {
    const rule = (leg: LegIr) => (leg.versions === undefined ? "nothing" : canonicalJson(leg.versions))
    add("leg/versions-changed", `${rule(before)} became ${rule(after)}`, "silent")
  }

  const holds = ({ bound, drop }: LegIr["queue"]) => `${bound} messages, then ${drop}`
  const less = (a: LegIr["queue"], b: LegIr["queue"]) => b.bound < a.bound || b.drop !== a.drop
  if (holds(before.queue) !== holds(after.queue)) {
    const weaker = less(before.queue, after.queue)
    const what = `${holds(before.queue)} became ${holds(after.queue)}`
    add(weaker ? "leg/queue-weakened" : "leg/queue-strengthened", what, weaker ? "silent" : "safe")
  }
  const keeps = (outbox: LegIr["outbox"]) => `${holds(outbox)}, ${outbox.durable ? "durable" : "in memory"}`
  if (keeps(before.outbox) !== keeps(after.outbox)) {
    const weaker = less(before.outbox, after.outbox) || (before.outbox.durable && !after.outbox.durable)
    const what = `${keeps(before.outbox)} became ${keeps(after.outbox)}`
    add(weaker ? "leg/outbox-weakened" : "leg/outbox-strengthened", what, weaker ? "silent" : "safe")
  }
  return found
}
