import type { ChannelIr, ContractIr, LegIr } from "@fleetwire/ir"
import { duration } from "../core/durations.js"

const width = 62

/** What passes between the two sides of a channel, drawn in plain characters. */
export function sequenceOf(ir: ContractIr, channel: ChannelIr): string {
  const lines = [`device${"controller".padStart(width)}`, rail()]
  const say = (leg: LegIr, note?: string): void => {
    const flags = [`QoS ${leg.qos}`, ...(leg.retain ? ["retained"] : []), ...(note === undefined ? [] : [note])]
    lines.push(label(topicOf(ir, leg)), label(`${leg.message} · ${flags.join(" · ")}`), arrow(leg.from), rail())
  }
  const leg = (name: LegIr["name"]): LegIr | undefined => channel.legs.find((one) => one.name === name)
  const [message, request, reply] = [leg("message"), leg("request"), leg("reply")]
  switch (channel.kind) {
    case "presence":
      if (message === undefined) break
      say(message, `${JSON.stringify(channel.online)} after each connection`)
      say(message, `${JSON.stringify(channel.offline)} before a clean stop`)
      say(message, `${JSON.stringify(channel.offline)} as the last will, by the broker`)
      break
    case "command":
    case "broadcast": {
      if (request !== undefined) say(request)
      const at = channel.from === "controller" ? "left" : "right"
      lines.push(aside(`handled within ${duration(channel.command.executionTimeoutMs)}`, at), rail())
      const progress = leg("progress")
      if (progress !== undefined) say(progress, "any number of times")
      if (reply !== undefined) say(reply, `awaited for ${duration(channel.command.timeoutMs)}`)
      break
    }
    case "config":
      for (const one of channel.legs) {
        say(one, { desired: "for one device", fleet: "for all", reported: "what became of it" }[one.name as string])
      }
      break
    default:
      for (const one of channel.legs)
        say(one, channel.everyMs === undefined ? undefined : `every ${duration(channel.everyMs)}`)
  }
  return lines.join("\n").trimEnd()
}

/** The topic with an example in place of each param that has one. */
export function topicOf(ir: ContractIr, leg: LegIr): string {
  return leg.topic.replaceAll(/\{([^}]*)\}/g, (whole, name: string) => {
    const example = ir.params.find((param) => param.name === name)?.examples?.[0]
    return example ?? whole
  })
}

const inner = width - 6

function rail(): string {
  return `  |${" ".repeat(inner)}|`
}

function label(text: string): string {
  return `  |  ${text.padEnd(inner - 2)}|`
}

function aside(text: string, at: "left" | "right"): string {
  return at === "left" ? label(`[ ${text} ]`) : `  |${`[ ${text} ]  `.padStart(inner)}|`
}

function arrow(from: "device" | "controller"): string {
  return from === "device" ? `  |${"-".repeat(inner - 1)}>|` : `  |<${"-".repeat(inner - 1)}|`
}
