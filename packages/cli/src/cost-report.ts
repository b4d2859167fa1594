import { MEDIA_TYPES, sampleOf } from "@fleetwire/codegen"
import { createDynamicCodec } from "@fleetwire/dynamic"
import {
  type ContractIr,
  compilePattern,
  contractLegs,
  type Format,
  type LegIr,
  maxEncodedBytes,
  maxUtf8Bytes,
  shortestMatch,
  topicParams,
} from "@fleetwire/ir"
import { type PacketFacts, wireBytes } from "./packet-size.js"

/** What one leg costs in one format. */
export interface FormatCost {
  readonly format: Format
  /** Octets of the payload of the contract's own example, or of one from the middle of what is allowed. */
  readonly typical: number
  /** Octets of the longest canonical payload; absent where something in it is unbounded. */
  readonly worst?: number
  /** Octets on the wire of a typical message with its acknowledgements, by QoS, at MQTT 3.1.1. */
  readonly wire: readonly [number, number, number]
  /** The same at MQTT 5 at the leg's own QoS, with the Content Type and expiry that SDKs send. */
  readonly wire5: number
  /** The same with a topic alias, from the second message on. */
  readonly aliased: number
}

export interface LegCost {
  readonly id: string
  readonly from: LegIr["from"]
  readonly qos: LegIr["qos"]
  readonly sends: Format
  /** Octets that a reader takes: of the longest payload, and what later versions may add (W-5). */
  readonly maxBytes: number
  /** Octets of a typical topic, and of the longest. */
  readonly topic: number
  readonly topicWorst: number
  readonly formats: readonly FormatCost[]
  /** Messages of one device and day at the declared rate. */
  readonly perDay?: number
}

export interface CostReport {
  readonly contract: string
  readonly version: string
  readonly legs: readonly LegCost[]
  /** Octets that one device sends and receives in a day at the declared rates, MQTT 3.1.1, in the formats that are sent. */
  readonly day: { readonly messages: number; readonly bytes: number; readonly keepAliveBytes: number }
  /**
   * Octets of the longest packet that a device writes, and that it reads: from controllers of this version, and from later
   * ones within `maxBytes`, which is what firmware reserves. Absent where a payload has no bound.
   */
  readonly buffers: {
    readonly write?: number
    readonly read?: number
    readonly readLater?: number
    readonly unbounded: readonly string[]
  }
}

const DAY_MS = 86_400_000

/** Counts what a contract costs on the wire, from its examples and bounds. `prefix` is a deployment's topic prefix. */
export function costReport(ir: ContractIr, prefix = ""): CostReport {
  const legs = contractLegs(ir).map(({ id, channel, leg }): LegCost => {
    const topic = utf8(exampleTopic(ir, leg.topic)) + prefixBytes(prefix)
    const perDay = channel.everyMs === undefined || leg.name !== "message" ? undefined : DAY_MS / channel.everyMs
    return {
      id,
      from: leg.from,
      qos: leg.qos,
      sends: leg.sends,
      maxBytes: leg.maxBytes,
      topic,
      topicWorst: longestTopic(ir, leg.topic) + prefixBytes(prefix),
      formats: leg.accepts.map((format) => formatCost(ir, leg, { format, topic })),
      ...(perDay !== undefined && { perDay }),
    }
  })
  return { contract: ir.name, version: ir.version, legs, day: dayOf(ir, legs), buffers: buffersOf(legs) }
}

function formatCost(
  ir: ContractIr,
  leg: LegIr,
  { format, topic }: { readonly format: Format; readonly topic: number },
): FormatCost {
  const typical = typicalBytes(ir, leg.message, format)
  const worst = maxEncodedBytes(ir, leg.message, format)
  const facts = { topic, payload: typical }
  const five: PacketFacts = {
    ...facts,
    qos: leg.qos,
    version: "5",
    contentType: contentTypeBytes(ir, format),
    expiry: leg.expiryMs !== undefined,
  }
  return {
    format,
    typical,
    ...(worst !== undefined && { worst }),
    wire: [0, 1, 2].map((qos) =>
      wireBytes({ ...facts, qos: qos as 0 | 1 | 2, version: "3.1.1" }),
    ) as unknown as FormatCost["wire"],
    wire5: wireBytes(five),
    aliased: wireBytes({ ...five, alias: true }),
  }
}

/** Octets of a message's example in a format. */
function typicalBytes(ir: ContractIr, message: string, format: Format): number {
  const json = new TextEncoder().encode(JSON.stringify(sampleOf(ir, message)))
  const value = createDynamicCodec(ir, message, "json").decode(json)
  if (!value.ok) throw new Error(`the sample of ${message} is invalid: ${value.issues[0]?.message}`)
  const octets = createDynamicCodec(ir, message, format).encode(value.value)
  if (!octets.ok) throw new Error(`the sample of ${message} cannot be ${format}: ${octets.issues[0]?.message}`)
  return octets.value.length
}

function contentTypeBytes(ir: ContractIr, format: Format): number {
  return utf8(`${MEDIA_TYPES[format]};v=${Number.parseInt(ir.version, 10)}`)
}

function exampleTopic(ir: ContractIr, topic: string): string {
  return topicParams(ir, topic).reduce((text, param) => {
    const compiled = param.pattern === undefined ? undefined : compilePattern(param.pattern)
    const shortest = compiled?.ok === true ? shortestMatch(compiled.value) : undefined
    return text.replace(`{${param.name}}`, param.examples?.[0] ?? shortest ?? param.name)
  }, topic)
}

function longestTopic(ir: ContractIr, topic: string): number {
  const params = topicParams(ir, topic)
  const fixed = utf8(params.reduce((text, { name }) => text.replace(`{${name}}`, ""), topic))
  const longest = params.map(({ pattern, maxLength }) =>
    maxUtf8Bytes({ kind: "string", maxLength, ...(pattern !== undefined && { pattern }) }),
  )
  return longest.reduce<number>((sum, size) => sum + (size ?? 0), fixed)
}

/** What one device says of its own accord, and the PINGREQ and PINGRESP of a connection that is otherwise silent. */
function dayOf(ir: ContractIr, legs: readonly LegCost[]): CostReport["day"] {
  const periodic = legs.filter((leg) => leg.perDay !== undefined && leg.from === "device")
  const bytes = periodic.reduce((sum, leg) => sum + leg.perDay! * sentFormat(leg).wire[leg.qos], 0)
  const messages = periodic.reduce((sum, leg) => sum + leg.perDay!, 0)
  return { messages, bytes, keepAliveBytes: (4 * DAY_MS) / (1000 * ir.device.keepAliveSeconds) }
}

/** The format that a leg sends by default. */
export function sentFormat(leg: LegCost): FormatCost {
  return leg.formats.find(({ format }) => format === leg.sends)!
}

/** Longest PUBLISH in each direction, as a firmware's MQTT client must hold it whole. */
function buffersOf(legs: readonly LegCost[]): CostReport["buffers"] {
  const packet = (leg: LegCost, payload: number) =>
    wireBytes({ topic: leg.topicWorst, payload, qos: leg.qos, version: "3.1.1" }) - ACKNOWLEDGED[leg.qos]
  const longest = (from: LegCost["from"]) => {
    const sizes = legs
      .filter((leg) => leg.from === from)
      .flatMap((leg) => leg.formats.map(({ worst }) => (worst === undefined ? undefined : packet(leg, worst))))
    return sizes.some((size) => size === undefined) || sizes.length === 0 ? undefined : Math.max(...(sizes as number[]))
  }
  const [write, read] = [longest("device"), longest("controller")]
  const later = legs.filter((leg) => leg.from === "controller").map((leg) => packet(leg, leg.maxBytes))
  return {
    ...(write !== undefined && { write }),
    ...(read !== undefined && { read }),
    ...(later.length > 0 && { readLater: Math.max(...later) }),
    unbounded: legs.filter((leg) => leg.formats.some(({ worst }) => worst === undefined)).map(({ id }) => id),
  }
}

/** Octets of acknowledgements, which no buffer of a message has to hold. */
const ACKNOWLEDGED = [0, 4, 12] as const

function prefixBytes(prefix: string): number {
  return prefix === "" ? 0 : utf8(prefix) + 1
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length
}
