import type { ChannelIr, CommandSemanticsIr, ContractIr, LegIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { duration } from "../core/durations.js"
import { anchor, code, fence, table, words } from "./markdown.js"
import { sampleOf } from "./sample-value.js"
import { sequenceOf, topicOf } from "./sequence.js"

/** `channels.md`: every channel with its legs, its promises, who says what to whom, and sample payloads. */
export function channelsPage(ir: ContractIr): RenderedFile {
  const lines = [`# Channels of ${words(ir.name)}`, "", ...ir.channels.flatMap((channel) => section(ir, channel))]
  return { path: "channels.md", text: `${lines.join("\n").trimEnd()}\n` }
}

function section(ir: ContractIr, channel: ChannelIr): string[] {
  return [
    `## ${words(channel.name)} {#${anchor("channel", channel.name)}}`,
    "",
    `${sentence(channel)}${channel.doc === undefined ? "" : ` ${words(channel.doc)}`}`,
    "",
    ...(channel.deprecated === undefined ? [] : [`**Deprecated:** ${words(channel.deprecated)}`, ""]),
    ...table(
      ["leg", "topic", "message", "from", "QoS", "retained", "expires", "formats", "at most"],
      channel.legs.map(legRow),
    ),
    ...promises(channel),
    ...fence("text", sequenceOf(ir, channel)),
    ...channel.legs.flatMap((leg) => samples(ir, leg)),
  ]
}

function sentence(channel: ChannelIr): string {
  const side = channel.from === "device" ? "devices" : "controllers"
  const rhythm = channel.everyMs === undefined ? "" : ` every ${duration(channel.everyMs)}`
  return `${article(channel.kind)} that ${side} send${rhythm}.`
}

function article(kind: ChannelIr["kind"]): string {
  const names = { state: "A state", presence: "The presence", config: "The configuration", telemetry: "Telemetry" }
  return names[kind as keyof typeof names] ?? `${/^[aeiou]/.test(kind) ? "An" : "A"} ${kind}`
}

function legRow(leg: LegIr): string[] {
  const formats = leg.accepts.map((format) => (format === leg.sends ? `**${format}**` : format))
  return [
    leg.name,
    code(leg.topic),
    `[${words(leg.message)}](./messages.md#${anchor("message", leg.message)})`,
    leg.from,
    String(leg.qos),
    leg.retain ? "yes" : "no",
    leg.expiryMs === undefined ? "never" : `after ${duration(leg.expiryMs)}`,
    formats.join(", "),
    `${leg.maxBytes} B`,
  ]
}

function promises(channel: ChannelIr): string[] {
  const rows: string[] = []
  if (channel.kind === "presence" && channel.willDelayMs > 0)
    rows.push(`The last will is published after ${duration(channel.willDelayMs)}.`)
  if (channel.kind === "config") rows.push(`${code(channel.versionField)} only rises.`)
  if (channel.kind === "action") rows.push(channel.idempotent ? "Doing it twice is doing it once." : "At least once.")
  if (channel.kind === "broadcast") {
    rows.push(channel.replies === "each" ? "Each device answers." : "Nobody answers.")
    if (channel.as !== undefined) rows.push(`Served by the handler of ${code(channel.as)}.`)
  }
  if (channel.kind === "command" || channel.kind === "broadcast") rows.push(...semantics(channel.command))
  for (const { name, versions } of channel.legs) {
    if (versions === undefined) continue
    rows.push(
      versions.kind === "any"
        ? `${code(name)} of another version of the contract is read, too.`
        : `${code(name)} is this version's where the payload ${versions.kind} ${code(versions.field)}; others are another version's and skipped.`,
    )
  }
  for (const { name, acknowledge, queue, outbox } of channel.legs) {
    rows.push(
      `${code(name)} is acknowledged ${acknowledge.replaceAll("-", " ")}; a reader holds at most ${queue.bound} (then ${queue.drop}), a writer ${outbox.bound} (then ${outbox.drop}${outbox.durable ? ", durable" : ""}).`,
    )
  }
  return rows.length === 0 ? [] : [...rows.map((row) => `- ${row}`), ""]
}

function semantics(command: CommandSemanticsIr): string[] {
  const { request, reply } = command.correlate
  const answered = "field" in reply ? `the reply's ${code(reply.field)}` : `the param ${code(reply.param)}`
  const fields = (value: object): string => code(JSON.stringify(value))
  return [
    `Request and reply belong together by ${code(request)} and ${answered}.`,
    ...(command.outcome === undefined
      ? []
      : [
          `Success is ${code(command.outcome.field)} = ${command.outcome.success.map(code).join(" or ")}; a failure is ${code(command.outcome.failure)}${command.outcome.detail === undefined ? "" : `, and ${code(command.outcome.detail)} says why`}.`,
        ]),
    `A caller waits ${duration(command.timeoutMs)}; a handler may run ${duration(command.executionTimeoutMs)}.`,
    `${command.concurrency} at once, ${command.queueBound} waiting, then ${code("busy")}.`,
    `${command.remember.count} outcomes are remembered for ${duration(command.remember.retentionMs)}, in at most ${command.remember.bytes} B.`,
    ...(command.idempotent ? ["It may be published anew after a lost session."] : []),
    ...journalWords(command.journal),
    ...(command.preempt === undefined ? [] : [`${fields(command.preempt)} pre-empts whatever runs.`]),
    ...(command.onInvalid === undefined ? [] : [`A request that cannot be read runs ${fields(command.onInvalid)}.`]),
    ...(command.onLinkLost === undefined
      ? []
      : [
          `${fields(command.onLinkLost.action)} runs when the connection has been down for ${duration(command.onLinkLost.afterMs)}.`,
        ]),
  ]
}

function samples(ir: ContractIr, leg: LegIr): string[] {
  const value = sampleOf(ir, leg.message)
  const scalar = typeof value !== "object" || value === null
  const text = leg.sends === "text" && scalar ? String(value) : JSON.stringify(value, undefined, 2)
  return [
    `${code(topicOf(ir, leg))}${leg.sends === "text" ? " as text" : ""}:`,
    "",
    ...fence(leg.sends === "text" ? "text" : "json", text),
  ]
}

function journalWords(journal: CommandSemanticsIr["journal"]): readonly string[] {
  switch (journal) {
    case "none":
      return ["No journal is kept: after a crash a request may run again."]
    case "optional":
      return ["A device with a durable store keeps a journal: what began is not run again after a crash."]
    case "required":
      return ["A journal in a durable store is required: what began is not run again after a crash."]
  }
}
