import type { ClientCore } from "../client/client-core.js"
import { TopicPort } from "../client/topic-port.js"
import type { Codec, Format } from "../codec.js"
import type { LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"
import type { MessageProperties, OutboundMessage } from "../transport.js"
import { type AutoContext, fillAuto } from "./auto-fill.js"
import { formatContentType, isUtf8 } from "./content-type.js"

/** What goes beside a payload, at MQTT 5. */
export interface Envelope {
  readonly expiryMs?: number | undefined
  readonly traceparent?: string | undefined
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array | undefined
}

/** One leg as this client writes it: automatic fields, validation, encoding, and the packet around it. */
// biome-ignore lint/suspicious/noExplicitAny: a leg of any message; the codec checks the value.
export class OutgoingLeg<T = any> {
  readonly leg: LegDescriptor<T>
  readonly topics: TopicPort
  readonly #core: ClientCore
  readonly #identity: string | undefined
  /** Fields that say who the topic's device is. */
  readonly #identityFields: readonly string[]
  readonly #plain = new Map<Format, MessageProperties>()

  /** `identity` is written into `identity` fields. */
  constructor(core: ClientCore, leg: LegDescriptor<T>, identity: string | undefined) {
    this.leg = leg
    this.#core = core
    this.#identity = identity
    this.topics = new TopicPort(leg, core.prefix)
    const namesDevice = this.topics.template.params.includes(core.contract.device.param)
    this.#identityFields =
      namesDevice && identity !== undefined
        ? leg.auto.flatMap(({ field, fill }) => (fill === "identity" ? [field] : []))
        : []
  }

  /** Validated octets (W-2); throws `invalid_argument` with the issues. */
  encode(message: unknown, format: Format | undefined, context: Partial<AutoContext> = {}): Uint8Array {
    const codec = this.#codec(format)
    const filled = fillAuto(message, this.leg.auto, {
      now: this.#core.clock.now(),
      uptimeMs: this.#core.uptimeMs,
      identity: this.#identity,
      ...context,
    })
    this.#checkIdentity(filled)
    const encoded = codec.encode(filled as T)
    if (!encoded.ok) {
      const first = encoded.issues[0]
      throw new SdkError("invalid_argument", `${this.leg.id}: ${first?.path ?? ""} ${first?.message ?? ""}`, {
        details: { issues: encoded.issues, channel: this.leg.id },
      })
    }
    if (encoded.value.length > this.leg.maxBytes) {
      const message = `${encoded.value.length} octets are more than ${this.leg.maxBytes}`
      throw new SdkError("invalid_argument", `${this.leg.id}: ${message}`, {
        details: { issues: [{ path: "", code: "too_large", message }], channel: this.leg.id },
      })
    }
    return encoded.value
  }

  /** Nobody speaks on a device's topic in another's name: who reads it would refuse that. */
  #checkIdentity(message: unknown): void {
    if (this.#identityFields.length === 0 || typeof message !== "object" || message === null) return
    for (const field of this.#identityFields) {
      const said = (message as Readonly<Record<string, unknown>>)[field]
      if (said === undefined || said === this.#identity) continue
      const issue = { path: `/${field}`, code: "identity", message: "is another device than the topic's" } as const
      throw new SdkError("invalid_argument", `${this.leg.id}: ${issue.path} ${issue.message}`, {
        details: { issues: [issue], channel: this.leg.id },
      })
    }
  }

  /** The packet for these octets. */
  packet(topic: string, payload: Uint8Array, format: Format | undefined, envelope: Envelope = {}): OutboundMessage {
    const { qos, retain } = this.leg
    if (this.#core.protocol === "3.1.1") return { topic, payload, qos, retain }
    return { topic, payload, qos, retain, properties: this.#properties(format ?? this.leg.sends, envelope) }
  }

  #codec(format: Format | undefined): Codec<T> {
    const wanted = format ?? this.leg.sends
    if (wanted !== this.leg.sends && this.#core.protocol === "3.1.1") {
      throw new SdkError("unsupported", `${this.leg.id}: MQTT 3.1.1 cannot say that a payload is ${wanted}`, {
        details: { limit: "protocol", channel: this.leg.id },
      })
    }
    const codec = this.leg.accepts.includes(wanted) ? this.leg.codecs[wanted] : undefined
    if (codec !== undefined) return codec
    throw new SdkError("invalid_argument", `${this.leg.id}: the channel does not take ${wanted}`, {
      details: { channel: this.leg.id },
    })
  }

  #properties(format: Format, envelope: Envelope): MessageProperties {
    let plain = this.#plain.get(format)
    if (plain === undefined) {
      plain = { contentType: formatContentType(format, this.#core.major), payloadIsUtf8: isUtf8(format) }
      this.#plain.set(format, plain)
    }
    const { expiryMs, traceparent, responseTopic, correlationData } = envelope
    if (expiryMs === undefined && traceparent === undefined && responseTopic === undefined && !correlationData) {
      return plain
    }
    return {
      ...plain,
      ...(expiryMs === undefined ? {} : { messageExpirySeconds: expirySeconds(expiryMs) }),
      ...(traceparent === undefined ? {} : { userProperties: [["traceparent", traceparent]] as const }),
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlationData === undefined ? {} : { correlationData }),
    }
  }

  /** Params of this leg's topic from those at hand. */
  topic(params: Params): string {
    return this.topics.topic(params)
  }
}

/** MQTT counts whole seconds: rounded down, so that nothing is delivered late, but never to 0, which is no expiry of use. */
export function expirySeconds(ms: number): number {
  return Math.min(0xffff_fffe, Math.max(1, Math.floor(ms / 1000)))
}
