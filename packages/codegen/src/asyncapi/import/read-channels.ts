import {
  type ChannelIr,
  type ChannelKind,
  type CommandSemanticsIr,
  type ContractIr,
  type Format,
  type JsonValue,
  type LegIr,
  type LegName,
  legDefaults,
  type MessageIr,
  type Party,
  type Qos,
  usualMaxBytes,
} from "@fleetwire/ir"
import { parseTemplate } from "@fleetwire/topic"
import { camelCase, createNameScope } from "../../core/name-policy.js"
import { EXTENSION } from "../extension.js"
import type { ImportReport } from "./finding.js"
import { isRecord, type Node } from "./node.js"
import type { MessageReader, MessageUse } from "./read-messages.js"
import { recordOf } from "./read-params.js"

/** One topic with what an operation does there. */
export interface LegUse {
  readonly id: string
  readonly node: Node
  readonly topic: string
  readonly messages: readonly MessageUse[]
  readonly from: Party
  readonly qos?: Qos
  readonly retain?: boolean
  readonly expiryMs?: number
  readonly doc?: string
  readonly reply?: LegUse
}

/** Who the document speaks for. */
export type Perspective = "device" | "controller"

/** Reads operations with their channels; what cannot be carried is reported and left out. */
export class ChannelReader {
  readonly #root: Node
  readonly #messages: MessageReader
  readonly #report: ImportReport
  readonly #perspective: Perspective

  constructor(root: Node, messages: MessageReader, report: ImportReport, perspective: Perspective) {
    this.#root = root
    this.#messages = messages
    this.#report = report
    this.#perspective = perspective
  }

  /** Every operation as a leg, in the document's order; a channel without operations is reported. */
  uses(): readonly LegUse[] {
    const uses: LegUse[] = []
    const seen = new Set<string>()
    for (const [name, written] of this.#root.get("operations")?.entries() ?? []) {
      const operation = written.resolve()
      const channel = operation?.get("channel")
      if (operation === undefined || channel === undefined) continue
      seen.add(channel.id)
      const use = this.#operation(name, operation, channel)
      if (use?.reply !== undefined) seen.add(use.reply.node.id)
      if (use !== undefined) uses.push(use)
    }
    for (const [name, written] of this.#root.get("channels")?.entries() ?? []) {
      const channel = written.resolve()
      if (channel !== undefined && !seen.has(channel.id)) {
        this.#report.add("asyncapi/channel-dropped", channel.target, {
          name,
          reason: "no operation says who sends there",
        })
      }
    }
    return this.#oncePerTopic(uses)
  }

  #oncePerTopic(uses: readonly LegUse[]): readonly LegUse[] {
    const shape = (topic: string) => topic.replace(/\{[^}]*\}/g, "{}")
    const first = new Map<string, LegUse>()
    return uses.filter((use) => {
      const other = first.get(shape(use.topic))
      if (other === undefined) {
        first.set(shape(use.topic), use)
        return true
      }
      const reason = `${other.id} has the same topic ${use.topic}; a topic belongs to one channel`
      this.#report.add("asyncapi/operation-dropped", use.node.target, { name: use.id, reason })
      return false
    })
  }

  #operation(name: string, operation: Node, channel: Node): LegUse | undefined {
    const action = operation.text("action")
    if (action !== "send" && action !== "receive") {
      this.#report.add("asyncapi/operation-dropped", operation.target, {
        name,
        reason: "its action is neither send nor receive",
      })
      return undefined
    }
    const mine: Party = this.#perspective
    const other: Party = mine === "device" ? "controller" : "device"
    const from = action === "send" ? mine : other
    const use = this.#leg(name, operation, channel, from)
    if (use === undefined) return undefined
    const reply = operation.get("reply")
    if (reply === undefined) return use
    const back = reply.get("channel")
    if (back === undefined || reply.get("address") !== undefined) {
      this.#report.add("asyncapi/reply-dropped", reply.target, {
        name,
        reason: "its topic is said by the request, not by the document",
      })
      return use
    }
    const answer = this.#leg(`${name}.reply`, reply, back, from === "device" ? "controller" : "device")
    return answer === undefined ? use : { ...use, reply: answer }
  }

  #leg(id: string, operation: Node, channel: Node, from: Party): LegUse | undefined {
    const name = channel.path.split("/").at(-1)!.replaceAll("~1", "/")
    const topic = this.#topic(channel, name)
    if (topic === undefined) return undefined
    const listed = operation.at("messages")?.items() ?? []
    const written =
      listed.length > 0 ? listed.map((node) => ["", node] as const) : (channel.get("messages")?.entries() ?? [])
    const messages = written.flatMap(([key, node]) => {
      const place = node.resolve()
      const named = key === "" ? (place?.path.split("/").at(-1) ?? id) : key
      return this.#messages.use(node, named) ?? []
    })
    const [first] = messages
    if (first === undefined) {
      this.#report.add("asyncapi/operation-dropped", operation.target, {
        name: id,
        reason: "none of its messages can be carried",
      })
      return undefined
    }
    const same = messages.filter(({ message }) => message === first.message)
    for (const { message } of messages) {
      if (message === first.message) continue
      const reason = `a channel carries one message, here ${first.message}; give ${message} a topic of its own, or make both a union`
      this.#report.add("asyncapi/message-dropped", operation.target, { name: message, reason })
    }
    const traits =
      operation
        .get("traits")
        ?.items()
        .flatMap((trait) => trait.resolve() ?? []) ?? []
    const mqtt = [operation, ...traits]
      .map((one) => one.get("bindings")?.get("mqtt"))
      .find((found) => found !== undefined)
    const [qos, expiry] = [mqtt?.number("qos"), mqtt?.number("messageExpiryInterval")]
    const retain = mqtt?.flag("retain")
    const doc = operation.text("summary") ?? operation.text("description") ?? channel.text("description")
    if (operation.at("security") !== undefined) {
      const reason = "access is compiled from roles"
      this.#report.add("asyncapi/part-dropped", operation.target, { what: `\`security\` of ${id}`, reason })
    }
    return {
      id,
      node: channel,
      topic,
      messages: same,
      from,
      ...((qos === 0 || qos === 1 || qos === 2) && { qos }),
      ...(retain !== undefined && { retain }),
      ...(expiry !== undefined && { expiryMs: expiry * 1000 }),
      ...(doc !== undefined && { doc }),
    }
  }

  #topic(channel: Node, name: string): string | undefined {
    const written = channel.at("address")?.value
    if (typeof written !== "string") {
      this.#report.add("asyncapi/channel-dropped", channel.target, {
        name,
        reason: "its address is not known before run time",
      })
      return undefined
    }
    const topic = written.replace(/^\/+|\/+$/g, "")
    if (topic !== written) {
      const what = `${JSON.stringify(written)} is taken as the topic ${JSON.stringify(topic)}`
      this.#report.add("asyncapi/decided", channel.target, { what, help: "a topic has no empty levels" })
    }
    const parsed = parseTemplate(topic)
    if (parsed.ok) return topic
    const reason = `${JSON.stringify(written)} is no topic: ${parsed.issues.map(({ message }) => message).join("; ")}`
    this.#report.add("asyncapi/channel-dropped", channel.target, { name, reason })
    return undefined
  }
}

/** Channels of the contract, from legs that say which channel they belong to, or from what an operation does. */
export function channelsOf(uses: readonly LegUse[], world: ContractIr, report: ImportReport): readonly ChannelIr[] {
  const names = createNameScope({ case: camelCase, reserved: [], empty: "channel" })
  const declared = declaredChannels(uses, world)
  const rest = uses.filter((use) => factsOf(use.node).channel === undefined)
  return [...declared, ...rest.flatMap((use) => inferred(names.take(use.id), use, world, report))].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}

const LEG_ORDER: readonly LegName[] = ["message", "request", "reply", "progress", "desired", "fleet", "reported"]

function declaredChannels(uses: readonly LegUse[], world: ContractIr): readonly ChannelIr[] {
  const all = uses.flatMap((use) => [use, ...(use.reply === undefined ? [] : [use.reply])])
  const channels = new Map<string, LegUse[]>()
  for (const use of all) {
    const { channel } = factsOf(use.node)
    if (typeof channel !== "string") continue
    const legs = channels.get(channel) ?? []
    if (!legs.some((other) => factsOf(other.node).leg === factsOf(use.node).leg)) legs.push(use)
    channels.set(channel, legs)
  }
  return [...channels].flatMap(([name, legs]) => {
    const semantics = legs.map((use) => factsOf(use.node).semantics).find((found) => found !== undefined)
    if (!isRecord(semantics)) return []
    const doc = legs[0]!.doc
    const sorted = [...legs].sort((a, b) => rank(a) - rank(b))
    return [
      {
        ...semantics,
        name,
        ...(doc !== undefined && { doc }),
        legs: sorted.map((use) => declaredLeg(use, semantics.kind as ChannelKind, world)),
      } as unknown as ChannelIr,
    ]
  })
}

function rank(use: LegUse): number {
  return LEG_ORDER.indexOf(factsOf(use.node).leg as LegName)
}

function declaredLeg(use: LegUse, kind: ChannelKind, world: ContractIr): LegIr {
  const { channel: _channel, leg, semantics: _semantics, ...facts } = factsOf(use.node)
  return { ...legOf(use, kind, leg as LegName, world), ...facts } as LegIr
}

function legOf(use: LegUse, kind: ChannelKind, name: LegName, world: ContractIr): LegIr {
  const usual = legDefaults(kind, name)
  const qos = use.qos ?? usual.qos
  const formats = use.messages.map(({ format }) => format)
  const accepts = [...new Set<Format>(formats)].sort()
  const message = use.messages[0]!.message
  return {
    name,
    from: use.from,
    topic: use.topic,
    message,
    qos,
    retain: usual.retain,
    ...(use.expiryMs !== undefined && { expiryMs: use.expiryMs }),
    accepts,
    sends: formats[0]!,
    maxBytes: usualMaxBytes(world, message, accepts),
    acknowledge: qos === 0 ? "on-receipt" : usual.acknowledge,
    queue: usual.queue,
    outbox: usual.outbox,
  }
}

/** What an operation means that says nothing of channels: a command with a reply, else a stream or an action. */
function inferred(name: string, use: LegUse, world: ContractIr, report: ImportReport): readonly ChannelIr[] {
  const doc = use.doc === undefined ? {} : { doc: use.doc }
  const base = { name, ...doc, from: use.from }
  if (use.reply !== undefined) {
    const command = semanticsOf(use, use.reply, world)
    if (command !== undefined) {
      const request = { expiryMs: 30_000, ...legOf(use, "command", "request", world) }
      return [{ kind: "command", ...base, legs: [request, legOf(use.reply, "command", "reply", world)], command }]
    }
    report.add("asyncapi/reply-dropped", use.node.target, {
      name: use.id,
      reason: "no field of request and reply says that they belong together; the reply becomes an event",
    })
    return [...inferred(name, withoutReply(use), world, report), ...inferred(`${name}Reply`, use.reply, world, report)]
  }
  if (use.from === "controller" && use.retain !== true) {
    const leg = { expiryMs: 30_000, ...legOf(use, "action", "request", world) }
    return [{ kind: "action", ...base, legs: [leg], idempotent: false }]
  }
  const kind = use.retain === true ? "state" : (use.qos ?? 0) === 0 ? "telemetry" : "event"
  if (use.qos === undefined) {
    report.add("asyncapi/decided", use.node.target, {
      what: `${use.id} says no QoS: taken as ${kind}`,
      help: "choose another kind of channel in the contract",
    })
  }
  return [{ kind, ...base, legs: [legOf(use, kind, "message", world)] }]
}

function withoutReply({ reply: _reply, ...use }: LegUse): LegUse {
  return use
}

function semanticsOf(use: LegUse, reply: LegUse, world: ContractIr): CommandSemanticsIr | undefined {
  const request = use.messages.find(({ correlation }) => correlation !== undefined)?.correlation
  const answer = reply.messages.find(({ correlation }) => correlation !== undefined)?.correlation
  if (request === undefined || !hasText(world.messages, use.messages[0]!.message, request)) return undefined
  const param = reply.topic.includes(`{${request}}`) ? { param: request } : undefined
  const field =
    answer !== undefined && hasText(world.messages, reply.messages[0]!.message, answer) ? { field: answer } : undefined
  const back = field ?? param
  if (back === undefined) return undefined
  return {
    correlate: { request, reply: back },
    timeoutMs: 5_000,
    executionTimeoutMs: 5_000,
    concurrency: 1,
    queueBound: 16,
    remember: { count: 256, bytes: 65_536, retentionMs: 90_000 },
    idempotent: false,
    journal: "optional",
  }
}

function hasText(messages: readonly MessageIr[], name: string, field: string): boolean {
  const type = messages.find((message) => message.name === name)?.type
  return type?.kind === "object" && type.fields.some((one) => one.name === field && one.type.kind === "string")
}

function factsOf(node: Node): { readonly [name: string]: JsonValue | undefined } {
  return recordOf(isRecord(node.value) ? node.value[EXTENSION] : undefined)
}
