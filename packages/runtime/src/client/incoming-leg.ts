import type { Template } from "@fleetwire/topic"
import type { Codec, Format, Issue, Ok, Result } from "../codec.js"
import type { LegDescriptor } from "../descriptor.js"
import { type ContentTypeFacts, formatContentType, parseContentType } from "../publish/content-type.js"
import type { InboundMessage } from "../transport.js"
import type { ClientCore } from "./client-core.js"
import { TopicPort } from "./topic-port.js"
import { decodeOurs, isOtherVersion } from "./version-rule.js"

const KNOWN_CONTENT_TYPES = 64

/** One leg as this client reads it: size, then format by Content Type, then the codec (W-1, W-2, W-5, W-7). */
// biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
export class IncomingLeg<T = any> {
  readonly leg: LegDescriptor<T>
  readonly topics: TopicPort
  /** Format of the payload that was decoded last. */
  format: Format
  readonly #core: ClientCore
  readonly #usual: string
  readonly #usualCodec: Codec<T>
  readonly #facts = new Map<string, ContentTypeFacts>()
  /** Fields that say who the topic's device is. */
  readonly #identityFields: readonly string[]
  /** Level of a topic that names the device; -1 where none does. */
  readonly #deviceLevel: number

  constructor(core: ClientCore, leg: LegDescriptor<T>) {
    this.leg = leg
    this.#core = core
    this.topics = new TopicPort(leg, core.prefix)
    this.format = leg.sends
    this.#usual = formatContentType(leg.sends, core.major)
    this.#usualCodec = leg.codecs[leg.sends] ?? unreadable(leg.sends)
    this.#identityFields = leg.auto.flatMap(({ field, fill }) => (fill === "identity" ? [field] : []))
    const own = this.template.levels.findIndex(
      (level) => level.kind === "param" && level.name === core.contract.device.param,
    )
    this.#deviceLevel = own === -1 ? -1 : own + (core.prefix === "" ? 0 : core.prefix.split("/").length)
  }

  get template(): Template {
    return this.topics.template
  }

  decode(message: InboundMessage): Result<T> {
    const decoded = this.#read(message)
    if (this.#identityFields.length === 0 || this.#deviceLevel === -1 || !decoded.ok) return decoded
    return this.#sameDevice(message.topic, decoded)
  }

  /** One who speaks on the topic of one device and says that it is another is believed in neither. */
  #sameDevice(topic: string, decoded: Ok<T>): Result<T> {
    const device = topic.split("/")[this.#deviceLevel]
    const fields = decoded.value as Readonly<Record<string, unknown>>
    for (const field of this.#identityFields) {
      const said = fields[field]
      if (said === undefined || said === device) continue
      const message = "is another device than the topic's"
      return { ok: false, issues: [{ path: `/${field}`, code: "identity", message }] }
    }
    return decoded
  }

  #read(message: InboundMessage): Result<T> {
    const { payload } = message
    if (payload.length > this.leg.maxBytes) {
      return refused("too_large", `${payload.length} octets are more than ${this.leg.maxBytes}`)
    }
    const contentType = message.properties?.contentType
    if (contentType === undefined || contentType === this.#usual) {
      this.format = this.leg.sends
      return this.#decode(this.#usualCodec, payload)
    }
    const { format, major } = this.#factsOf(contentType)
    if (major !== undefined && major !== this.#core.major && this.leg.versions?.kind !== "any") {
      return refused("version", `the sender speaks version ${major} of the contract, not ${this.#core.major}`)
    }
    if (format === undefined) return refused("content_type", "the sender's Content Type names no format that is known")
    const codec = this.leg.accepts.includes(format) ? this.leg.codecs[format] : undefined
    if (codec === undefined) return refused("content_type", `the channel does not take ${format}`)
    this.format = format
    return this.#decode(codec, payload)
  }

  /** Format that a message says it has, or that it has for want of a word; undefined for one that is not known. */
  formatOf(message: InboundMessage): Format | undefined {
    const contentType = message.properties?.contentType
    return contentType === undefined ? this.leg.sends : this.#factsOf(contentType).format
  }

  /** Tells whoever observes that a message was refused (W-6); another version's, where one is expected, is only counted. */
  refuse(message: InboundMessage, issues: readonly Issue[]): void {
    if (this.leg.versions !== undefined && isOtherVersion(issues)) this.#core.counters.otherVersion++
    else this.#core.reporter.invalid(this.leg.id, message.topic, issues, message.payload)
  }

  #decode(codec: Codec<T>, payload: Uint8Array): Result<T> {
    const rule = this.leg.versions
    return rule === undefined ? codec.decode(payload) : decodeOurs(rule, codec, this.format, payload)
  }

  #factsOf(contentType: string): ContentTypeFacts {
    let facts = this.#facts.get(contentType)
    if (facts === undefined) {
      facts = parseContentType(contentType)
      if (this.#facts.size >= KNOWN_CONTENT_TYPES) this.#facts.clear()
      this.#facts.set(contentType, facts)
    }
    return facts
  }
}

function refused(code: Issue["code"], message: string): Result<never> {
  return { ok: false, issues: [{ path: "", code, message }] }
}

function unreadable<T>(format: Format): Codec<T> {
  const refuse = (): Result<never> => refused("content_type", `there is no codec for ${format}`)
  return { decode: refuse, encode: refuse }
}
