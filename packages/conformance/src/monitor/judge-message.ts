import { createDynamicCodec, type DynamicCodec } from "@fleetwire/dynamic"
import {
  type ContractIr,
  compilePattern,
  contractLegs,
  type Format,
  findMessage,
  type LegPlace,
  matchDfa,
  topicParams,
} from "@fleetwire/ir"
import { createDispatcher, matchTopic, type ParamSpec, parseTemplate, type Route, refuseParam } from "@fleetwire/topic"
import { readContentType } from "./read-content-type.js"

/** A message as it came from a broker. */
export interface TappedMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly contentType?: string
  readonly payloadIsUtf8?: boolean
}

/** What a message can be wrong in. */
export type FaultCode =
  /** No template of the contract, or a param that its pattern, length or reserved names refuse. */
  | "topic"
  | "qos"
  | "retain"
  /** More octets than the channel's `maxBytes`. */
  | "size"
  | "content_type"
  /** The sender speaks another major version of the contract. */
  | "version"
  | "payload"
  /** A field that names the device names another one than the topic. */
  | "identity"
  /** Empty, on a channel where that means nothing. */
  | "empty"

export interface Fault {
  readonly code: FaultCode
  /** Where in the payload, as a JSON Pointer; empty for the whole. */
  readonly path: string
  readonly words: string
}

/** What is to be said of one message. */
export interface Judgement {
  /** Leg that the topic belongs to, such as `drive.request`; undefined where it belongs to none. */
  readonly leg: string | undefined
  /** Value of the contract's device param; undefined in topics without one. */
  readonly device: string | undefined
  /** An empty retained message that takes a stored one away. */
  readonly cleared: boolean
  readonly faults: readonly Fault[]
}

export interface JudgeOptions {
  /** In front of every topic (T-4). */
  readonly prefix?: string
  /**
   * RETAIN is as the sender set it: MQTT 5 with Retain As Published. Otherwise it says only that a message was stored, and
   * a stored message of a channel that stores none is the one fault that can be seen.
   */
  readonly retainAsPublished: boolean
}

interface Place {
  readonly legs: readonly LegPlace[]
}

/** Judges messages by a contract: topic, flags, format, size and payload. It never throws for what a message is. */
export function createJudge(ir: ContractIr, options: JudgeOptions): (message: TappedMessage) => Judgement {
  const { prefix } = options
  const routes = routesOf(ir)
  const dispatcher = createDispatcher(routes, prefix === undefined ? {} : { prefix })
  const codecs = new Map<string, DynamicCodec>()
  const codecFor = (message: string, format: Format): DynamicCodec => {
    const key = `${message} ${format}`
    let codec = codecs.get(key)
    if (codec === undefined) {
      codec = createDynamicCodec(ir, message, format)
      codecs.set(key, codec)
    }
    return codec
  }
  const major = Number.parseInt(ir.version, 10)

  const judgeLeg = (message: TappedMessage, { leg, channel }: LegPlace, device: string | undefined): Fault[] => {
    const faults: Fault[] = []
    const add = (code: FaultCode, words: string, path = ""): void => void faults.push({ code, path, words })
    const { payload, qos, retain, contentType } = message
    // Takes away what should never have been stored: the remedy, not the fault.
    if (takesAway(message) && !leg.retain) return faults
    if (qos !== leg.qos) add("qos", `came with QoS ${qos}, not ${leg.qos}`)
    if (retain && !leg.retain) add("retain", "is stored by the broker, and the channel stores nothing")
    if (!retain && leg.retain && options.retainAsPublished) add("retain", "was published without RETAIN")
    if (payload.length > leg.maxBytes) {
      add("size", `has more than ${leg.maxBytes} octets`)
      return faults
    }
    if (payload.length === 0 && leg.retain) {
      if (channel.kind === "presence") add("empty", "takes the stored presence of a device away")
      return faults
    }
    const said = contentType === undefined ? undefined : readContentType(contentType)
    if (said?.major !== undefined && said.major !== major) {
      add("version", `is of version ${said.major} of the contract, not ${major}`)
      return faults
    }
    const format = said === undefined ? leg.sends : said.format
    if (format === undefined || !leg.accepts.includes(format)) {
      add(
        "content_type",
        format === undefined
          ? "has a Content Type of no known format"
          : `is ${format}, which the channel does not take`,
      )
      return faults
    }
    if (message.payloadIsUtf8 === true && (format === "protobuf" || format === "bytes")) {
      add("content_type", `says that it is text, and is ${format}`)
    }
    const decoded = codecFor(leg.message, format).decode(payload)
    if (!decoded.ok) for (const issue of decoded.issues) add("payload", `${issue.code}: ${issue.message}`, issue.path)
    else if (device !== undefined && leg.from === "device") {
      for (const field of identityFields(ir, leg.message)) {
        const named = (decoded.value as Readonly<Record<string, unknown>>)[field]
        if (named !== undefined && named !== device) add("identity", "names another device than its topic", `/${field}`)
      }
    }
    return faults
  }

  return (message) => {
    const found = dispatcher.dispatch(message.topic)
    if (found === undefined) {
      const fault: Fault = { code: "topic", path: "", words: whyNone(message.topic, routes, prefix) }
      return { leg: undefined, device: undefined, cleared: false, faults: [fault] }
    }
    const device = found.params[ir.device.param]
    // Several legs may share a topic: a command's replies and a broadcast's. One of them must be content.
    let best: Judgement | undefined
    for (const place of found.value.legs) {
      const faults = judgeLeg(message, place, device)
      const cleared = message.payload.length === 0 && (place.leg.retain || takesAway(message))
      if (best === undefined || faults.length < best.faults.length) best = { leg: place.id, device, cleared, faults }
      if (faults.length === 0) break
    }
    return best!
  }
}

/** An empty payload with RETAIN: the broker stores nothing, and forgets what it had. */
function takesAway({ payload, retain }: TappedMessage): boolean {
  return payload.length === 0 && retain
}

function routesOf(ir: ContractIr): Route<Place>[] {
  const byTopic = new Map<string, LegPlace[]>()
  // Replies on a shared topic are counted as the command's.
  const last = (place: LegPlace): number => (place.channel.kind === "broadcast" ? 1 : 0)
  const places = [...contractLegs(ir)].sort((a, b) => last(a) - last(b))
  for (const place of places) byTopic.set(place.leg.topic, [...(byTopic.get(place.leg.topic) ?? []), place])
  return [...byTopic].map(([topic, legs]) => {
    const template = parseTemplate(topic)
    if (!template.ok) throw new RangeError(`the contract has a topic that is none: ${topic}`)
    return { template: template.value, value: { legs }, specs: specsOf(ir, topic) }
  })
}

/** What a param refuses, where that alone keeps the topic from fitting; the first such template says it. */
function whyNone(topic: string, routes: readonly Route<Place>[], prefix: string | undefined): string {
  const bare = prefix !== undefined && topic.startsWith(`${prefix}/`) ? topic.slice(prefix.length + 1) : topic
  const none = "fits no topic of the contract"
  if (prefix !== undefined && bare === topic) return none
  for (const { template, specs = [] } of routes) {
    const params = matchTopic(template, bare)
    if (params === undefined) continue
    for (const [name, value] of Object.entries(params)) {
      const refused = refuseParam(
        name,
        value,
        specs.find((spec) => spec.name === name),
      )
      if (refused !== undefined) return `fits no topic of the contract: in ${template.text}, ${refused.message}`
    }
  }
  return none
}

/** Patterns run as automata: a topic of a stranger costs no more than its length. */
function specsOf(ir: ContractIr, topic: string): ParamSpec[] {
  return topicParams(ir, topic).map(({ name, maxLength, reserved, pattern }) => {
    const compiled = pattern === undefined ? undefined : compilePattern(pattern)
    if (pattern === undefined || compiled?.ok !== true) return { name, maxLength, reserved }
    return { name, maxLength, reserved, pattern, test: (value: string) => matchDfa(compiled.value, value) }
  })
}

function identityFields(ir: ContractIr, message: string): readonly string[] {
  const type = findMessage(ir, message)?.type
  if (type?.kind !== "object") return []
  return type.fields.filter(({ auto }) => auto === "identity").map(({ name }) => name)
}
