import { type ChannelIr, canonicalJson, type JsonValue, type LegIr } from "@fleetwire/ir"
import type { ChannelChange } from "./channel-change.js"
import { compareCommands } from "./compare-commands.js"
import type { ChannelPair, PairedChannels } from "./pair-legs.js"
import type { Verdict } from "./verdict.js"

/** Compares channels as such: which there are, of which kind, with which legs, and what their kind declares. */
export function compareChannels({ pairs, added, removed }: PairedChannels): readonly ChannelChange[] {
  return [
    ...added.map(
      (channel): ChannelChange => ({
        code: "channel/added",
        path: `channels.${channel.name}`,
        what: `${channel.name} was added: ${channel.kind}`,
        verdict: isStream(channel) && channel.from === "device" ? "safe" : otherFirst(channel, "added"),
      }),
    ),
    ...removed.map(
      (channel): ChannelChange => ({
        code: "channel/removed",
        path: `channels.${channel.name}`,
        what: `${channel.name} was removed`,
        verdict: otherFirst(channel, "removed"),
      }),
    ),
    ...pairs.flatMap(comparePair),
  ]
}

/** Who must be updated first when a channel comes or goes: those who serve it, or those who use it. */
function otherFirst(channel: ChannelIr, how: "added" | "removed"): Verdict {
  // Streams are used by their readers; what asks is used by who asks.
  const servedByDevice = isStream(channel) === (channel.from === "device")
  return servedByDevice === (how === "added") ? "devices first" : "controllers first"
}

function isStream({ kind }: ChannelIr): boolean {
  return kind === "telemetry" || kind === "event" || kind === "state" || kind === "presence"
}

function comparePair({ old, new: next, kinship }: ChannelPair): readonly ChannelChange[] {
  const path = `channels.${next.name}`
  const found: ChannelChange[] = []
  const add = (code: ChannelChange["code"], what: string, verdict: Verdict, at = path) =>
    found.push({ code, path: at, what, verdict })
  if (kinship === "renamed") add("channel/renamed", `${old.name} became ${next.name}`, "safe")
  if (kinship === "moved") add("channel/moved", `${topicsOf(old)} became ${topicsOf(next)}`, "breaks")
  if (old.kind !== next.kind) add("channel/kind-changed", `${old.kind} became ${next.kind}`, "breaks")
  for (const leg of next.legs) {
    const before = old.legs.find(({ name }) => name === leg.name)
    const at = `${path}.${leg.name}`
    if (before === undefined && old.kind === next.kind && !isBroadcastReply(next, leg))
      add("leg/added", `${leg.name} was added`, otherFirst({ ...next, kind: "command" } as ChannelIr, "added"), at)
    if (before !== undefined && before.from !== leg.from)
      add("leg/direction-changed", `from the ${before.from} became from the ${leg.from}`, "breaks", at)
  }
  for (const leg of old.legs) {
    if (next.legs.some(({ name }) => name === leg.name) || old.kind !== next.kind || isBroadcastReply(old, leg))
      continue
    const verdict = otherFirst({ ...next, kind: "command" } as ChannelIr, "removed")
    add("leg/removed", `${leg.name} was removed`, verdict, `${path}.${leg.name}`)
  }
  if (old.kind === next.kind) found.push(...compareKind(old, next, path))
  if (notes(old) !== notes(next)) add("channel/annotation-changed", `what is said about ${next.name} changed`, "safe")
  return found
}

/** A broadcast says by `replies` whether it has such a leg. */
function isBroadcastReply(channel: ChannelIr, leg: LegIr): boolean {
  return channel.kind === "broadcast" && leg.name === "reply"
}

function compareKind(old: ChannelIr, next: ChannelIr, path: string): readonly ChannelChange[] {
  const one = (code: ChannelChange["code"], what: string, verdict: Verdict): ChannelChange[] => [
    { code, path, what, verdict },
  ]
  const same = (a: JsonValue, b: JsonValue) => canonicalJson(a) === canonicalJson(b)
  if (old.kind === "presence" && next.kind === "presence") {
    const words = ({ online, offline }: typeof old) => `${JSON.stringify(online)} and ${JSON.stringify(offline)}`
    return [
      ...(same(old.online, next.online) && same(old.offline, next.offline)
        ? []
        : one("channel/presence-words-changed", `${words(old)} became ${words(next)}`, "silent")),
      ...(old.willDelayMs === next.willDelayMs
        ? []
        : one("channel/will-delay-changed", `${old.willDelayMs} ms became ${next.willDelayMs} ms`, "silent")),
    ]
  }
  if (old.kind === "action" && next.kind === "action" && old.idempotent !== next.idempotent) {
    const what = next.idempotent ? "idempotent from now on" : "no longer idempotent"
    return one("action/idempotence-changed", what, next.idempotent ? "safe" : "silent")
  }
  if (old.kind === "config" && next.kind === "config" && old.versionField !== next.versionField)
    return one("config/version-field-changed", `${old.versionField} became ${next.versionField}`, "breaks")
  if (old.kind === "command" && next.kind === "command") return compareCommands(old.command, next.command, path)
  if (old.kind === "broadcast" && next.kind === "broadcast") {
    const servedByDevice = next.from === "controller"
    return [
      ...compareCommands(old.command, next.command, path),
      ...(old.replies === next.replies
        ? []
        : next.replies === "each"
          ? one("broadcast/replies-added", "answered by each", servedByDevice ? "devices first" : "controllers first")
          : one(
              "broadcast/replies-removed",
              "answered by none",
              servedByDevice ? "controllers first" : "devices first",
            )),
      ...(old.as === next.as
        ? []
        : one(
            "broadcast/handler-changed",
            `served by ${old.as ?? "its own handler"} became ${next.as ?? "its own handler"}`,
            "silent",
          )),
    ]
  }
  return []
}

function topicsOf(channel: ChannelIr): string {
  return channel.legs.map(({ topic }) => topic).join(", ")
}

function notes({ doc, deprecated, since, everyMs, accept }: ChannelIr): string {
  return canonicalJson({ doc, deprecated, since, everyMs, accept } as unknown as JsonValue)
}
