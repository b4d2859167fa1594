import { createDynamicCodec, createSeededRandom, type DynamicCodec, sampleString } from "@fleetwire/dynamic"
import {
  type ChannelIr,
  type CommandSemanticsIr,
  type ContractIr,
  type FieldIr,
  type Format,
  findMessage,
  type LegIr,
  type ObjectIr,
  resolveType,
} from "@fleetwire/ir"
import { filterMatches, formatFilter, formatTopic, matchTopic, parseTemplate, type Template } from "@fleetwire/topic"

/** A leg with its channel and its template taken apart. */
export interface LegView {
  /** Such as `drive.request`. */
  readonly id: string
  readonly channel: ChannelIr
  readonly leg: LegIr
  readonly template: Template
}

/** What a payload turned out to be. */
export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string }

const MEDIA: Readonly<Record<Format, string>> = {
  json: "application/json",
  compact: "application/vnd.fleetwire.compact+json",
  protobuf: "application/x-protobuf",
  text: "text/plain",
  bytes: "application/octet-stream",
}

/** The contract as the kit reads it: topics, codecs and identities, all from the intermediate form. */
export class ContractView {
  readonly legs: readonly LegView[]
  readonly major: number
  readonly #codecs = new Map<string, DynamicCodec>()

  constructor(
    readonly ir: ContractIr,
    /** In front of every topic of the deployment. */
    readonly prefix: string | undefined,
  ) {
    this.major = Number(ir.version.split(".")[0])
    this.legs = ir.channels.flatMap((channel) =>
      channel.legs.map((leg) => {
        const template = parseTemplate(leg.topic)
        if (!template.ok) throw new Error(`${channel.name}: ${leg.topic} is no template`)
        return { id: `${channel.name}.${leg.name}`, channel, leg, template: template.value }
      }),
    )
  }

  leg(channel: string, name: string): LegView | undefined {
    return this.legs.find(({ id }) => id === `${channel}.${name}`)
  }

  /** Topic of a leg for one device. Further params get a sample. */
  topic(view: LegView, device: string): string {
    const params = Object.fromEntries(
      view.template.params.map((name) => [name, name === this.ir.device.param ? device : this.sampleParam(name)]),
    )
    const made = formatTopic(view.template, params, this.prefix === undefined ? {} : { prefix: this.prefix })
    if (!made.ok) throw new Error(`${view.id}: ${made.issues[0]!.message}`)
    return made.value
  }

  /** Filter of a leg for one device, or for all. */
  filter(view: LegView, device?: string): string {
    const bound =
      device === undefined || !view.template.params.includes(this.ir.device.param)
        ? {}
        : { [this.ir.device.param]: device }
    const made = formatFilter(view.template, bound, this.prefix === undefined ? {} : { prefix: this.prefix })
    if (!made.ok) throw new Error(`${view.id}: ${made.issues[0]!.message}`)
    return made.value
  }

  /** The leg that a topic belongs to, and the device that it names. */
  place(topic: string): { readonly view: LegView; readonly device: string | undefined } | undefined {
    const inside = this.#withoutPrefix(topic)
    if (inside === undefined) return undefined
    let found: { readonly view: LegView; readonly device: string | undefined; readonly params: number } | undefined
    for (const view of this.legs) {
      const params = matchTopic(view.template, inside)
      // A literal is meant before a parameter.
      if (params === undefined || (found !== undefined && found.params <= view.template.params.length)) continue
      found = { view, device: params[this.ir.device.param], params: view.template.params.length }
    }
    return found
  }

  /** Whether a topic, or a filter of a subscription, is the leg's for that device. */
  isOnLeg(view: LegView, topic: string, device?: string): boolean {
    return filterMatches(this.filter(view, device), topic)
  }

  /** Reads a payload as the leg says it is read; a Content Type outside the declared set is not read at all. */
  decode(view: LegView, payload: Uint8Array, contentType?: string): Decoded {
    const format = contentType === undefined ? view.leg.sends : formatOf(contentType)
    if (format === undefined || !view.leg.accepts.includes(format))
      return { ok: false, why: `the Content Type ${contentType} is none of the channel's` }
    if (payload.length > view.leg.maxBytes)
      return { ok: false, why: `${payload.length} octets, at most ${view.leg.maxBytes} are allowed` }
    const read = this.codec(view.leg.message, format).decode(payload)
    return read.ok ? read : { ok: false, why: read.issues.map(({ path, message }) => `${path} ${message}`).join("; ") }
  }

  codec(message: string, format: Format): DynamicCodec {
    const key = `${message} ${format}`
    const codec = this.#codecs.get(key) ?? createDynamicCodec(this.ir, message, format)
    this.#codecs.set(key, codec)
    return codec
  }

  /** Content Type of what a leg sends, as W-1 and W-7 have it. */
  contentType(format: Format): string {
    return `${MEDIA[format]};v=${this.major}`
  }

  objectOf(view: LegView): ObjectIr | undefined {
    const message = findMessage(this.ir, view.leg.message)
    const type = message === undefined ? undefined : resolveType(this.ir, message.type)
    return type?.kind === "object" ? type : undefined
  }

  fieldWith(view: LegView, auto: FieldIr["auto"]): FieldIr | undefined {
    return this.objectOf(view)?.fields.find((field) => field.auto === auto)
  }

  /** Semantics of a command or broadcast. */
  semantics(channel: ChannelIr): CommandSemanticsIr | undefined {
    return channel.kind === "command" || channel.kind === "broadcast" ? channel.command : undefined
  }

  /** Id of a request or reply: a field of the message, or a param of the reply topic. */
  idOf(view: LegView, message: unknown, topic: string): string | undefined {
    const semantics = this.semantics(view.channel)
    if (semantics === undefined) return undefined
    const { request, reply } = semantics.correlate
    if (view.leg.name === "request") return textOf((message as Record<string, unknown> | null)?.[request])
    if ("field" in reply) return textOf((message as Record<string, unknown> | null)?.[reply.field])
    return matchTopic(view.template, this.#withoutPrefix(topic) ?? topic)?.[reply.param]
  }

  /** A value of a param that fits its pattern; `salt` makes others. */
  sampleParam(name: string, salt = 1): string {
    const param = this.ir.params.find((each) => each.name === name)
    if (param === undefined) return `p${salt}`
    const example = param.examples?.[0]
    if (salt === 1 && example !== undefined) return example
    const next = createSeededRandom(salt * 7919)
    for (let tries = 0; tries < 50; tries += 1) {
      const text =
        param.pattern === undefined
          ? `k${Math.floor(next() * 1e6).toString(36)}`.slice(0, param.maxLength)
          : sampleString({ kind: "string", maxLength: param.maxLength, pattern: param.pattern }, next)
      if (text !== undefined && text !== "" && !param.reserved.includes(text) && text !== example) return text
    }
    throw new Error(`no value of the param ${name} was found; give one with --id`)
  }

  #withoutPrefix(topic: string): string | undefined {
    if (this.prefix === undefined) return topic
    return topic.startsWith(`${this.prefix}/`) ? topic.slice(this.prefix.length + 1) : undefined
  }
}

/** Format that a Content Type names; undefined for an unknown one. */
export function formatOf(contentType: string): Format | undefined {
  const media = contentType.split(";")[0]!.trim().toLowerCase()
  return (Object.entries(MEDIA) as [Format, string][]).find(([, name]) => name === media)?.[0]
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "bigint"
      ? `${value}`
      : undefined
}
