import {
  type ChannelIr,
  type ContractIr,
  type Format,
  findMessage,
  type JsonValue,
  type LegIr,
  type MessageIr,
  resolveType,
  topicParamNames,
} from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { sampleOf } from "../docs/sample-value.js"
import { description, notedSchema, type Schema, type SchemaNotes } from "../json-schema/message-schema.js"
import { extension, fieldFacts, given, legFacts, typeFacts } from "./extension.js"
import { FORMAT_WORDS, MEDIA_TYPES } from "./media-type.js"

type Part = { readonly [name: string]: JsonValue }

/** Version of the MQTT bindings that the document uses. */
const BINDING = "0.2.0"

/**
 * The contract as an AsyncAPI 3.0 document, `asyncapi.json`, from the device's point of view: what it sends is `send`,
 * what it is asked is `receive`. What AsyncAPI has no words for stands under `x-fleetwire`.
 */
export function emitAsyncApi(ir: ContractIr): RenderedFile {
  return { path: "asyncapi.json", text: `${JSON.stringify(asyncApiDocument(ir), null, 2)}\n` }
}

/** The document as data. */
export function asyncApiDocument(ir: ContractIr): Part {
  const { device, roles } = ir
  return {
    asyncapi: "3.0.0",
    info: {
      title: ir.name,
      version: ir.version,
      ...(ir.doc !== undefined && { description: ir.doc }),
      ...extension({
        perspective: "device",
        device: device as unknown as JsonValue,
        roles: roles as unknown as JsonValue,
        params: ir.params as unknown as JsonValue,
      }),
    },
    defaultContentType: MEDIA_TYPES.json,
    servers: { broker: server(ir) },
    channels: Object.fromEntries(
      ir.channels.flatMap((channel) =>
        channel.legs.map((leg) => [channelId(channel, leg), channelPart(ir, channel, leg)]),
      ),
    ),
    operations: Object.fromEntries(ir.channels.flatMap((channel) => operations(channel))),
    components: {
      messages: Object.fromEntries(
        messageVariants(ir).map(({ message, format, correlation }) => [
          variantId(message.name, format),
          messagePart(ir, message, format, correlation),
        ]),
      ),
      messageTraits: Object.fromEntries(formatsOf(ir).map((format) => [format, traitOf(ir, format)])),
      schemas: Object.fromEntries(ir.messages.map((message) => [message.name, schemaOf(ir, message)])),
    },
  }
}

/** Identifier of a leg in the document: the channel's name, with the leg's where there are several. */
function channelId(channel: ChannelIr, leg: LegIr): string {
  return channel.legs.length === 1 ? channel.name : `${channel.name}.${leg.name}`
}

function variantId(message: string, format: Format): string {
  return format === "json" ? message : `${message}.${format}`
}

function server(ir: ContractIr): Part {
  const { session, keepAliveSeconds } = ir.device
  const presence = ir.channels.find(({ kind }) => kind === "presence")
  return {
    host: "{host}",
    protocol: "mqtt",
    protocolVersion: "5",
    description: "The fleet's broker; MQTT 3.1.1 is spoken too.",
    variables: { host: { default: "localhost:1883" } },
    bindings: {
      mqtt: {
        cleanSession: session.kind === "clean",
        keepAlive: keepAliveSeconds,
        ...(session.kind === "persistent" && { sessionExpiryInterval: session.expirySeconds }),
        ...(presence?.kind === "presence" && { lastWill: lastWill(ir, presence) }),
        bindingVersion: BINDING,
      },
    },
  }
}

function lastWill(ir: ContractIr, channel: Extract<ChannelIr, { kind: "presence" }>): Part {
  const [leg] = channel.legs
  const said = channel.offline
  const whole =
    typeof said === "object" && said !== null ? { ...(sampleOf(ir, leg!.message) as object), ...said } : said
  const message = leg!.sends === "text" && typeof whole !== "object" ? String(whole) : JSON.stringify(whole)
  return { topic: leg!.topic, qos: leg!.qos, retain: leg!.retain, message }
}

function channelPart(ir: ContractIr, channel: ChannelIr, leg: LegIr): Part {
  const params = topicParamNames(leg.topic)
  return {
    address: leg.topic,
    ...(channel.doc !== undefined && { description: channel.doc }),
    messages: Object.fromEntries(
      leg.accepts.map((format) => {
        const id = variantId(leg.message, format)
        return [id, { $ref: `#/components/messages/${id}` }]
      }),
    ),
    ...(params.length > 0 && {
      parameters: Object.fromEntries(params.map((name) => [name, parameter(ir, name)])),
    }),
    servers: [{ $ref: "#/servers/broker" }],
    tags: [{ name: channel.kind }],
    ...extension(legFacts(channel, leg)),
  }
}

function parameter(ir: ContractIr, name: string): Part {
  const param = ir.params.find((one) => one.name === name)!
  return {
    ...(param.doc !== undefined && { description: param.doc }),
    ...(param.examples !== undefined && { examples: param.examples }),
  }
}

function operations(channel: ChannelIr): readonly (readonly [string, Part])[] {
  return channel.legs.flatMap((leg) => {
    const id = channelId(channel, leg)
    // A reply belongs to the operation that asks for it.
    if (leg.name === "reply") return []
    const reply = channel.legs.find(({ name }) => name === "reply")
    const part: Part = {
      action: leg.from === "device" ? "send" : "receive",
      channel: { $ref: `#/channels/${id}` },
      ...(channel.doc !== undefined && { summary: channel.doc }),
      messages: messagesOf(channel, leg),
      ...(leg.name === "request" &&
        reply !== undefined && {
          reply: {
            channel: { $ref: `#/channels/${channelId(channel, reply)}` },
            messages: messagesOf(channel, reply),
          },
        }),
      bindings: {
        mqtt: {
          qos: leg.qos,
          retain: leg.retain,
          ...(leg.expiryMs !== undefined && { messageExpiryInterval: Math.ceil(leg.expiryMs / 1000) }),
          bindingVersion: BINDING,
        },
      },
    }
    return [[id, part] as const]
  })
}

/** What travels on a leg, what is sent by default first. */
function messagesOf(channel: ChannelIr, leg: LegIr): readonly JsonValue[] {
  const formats = [leg.sends, ...leg.accepts.filter((format) => format !== leg.sends)]
  return formats.map((format) => ({
    $ref: `#/channels/${channelId(channel, leg)}/messages/${variantId(leg.message, format)}`,
  }))
}

interface Variant {
  readonly message: MessageIr
  readonly format: Format
  /** Field that holds the id by which request and reply belong together. */
  readonly correlation?: string
}

/** Every message in every format in which some leg carries it. */
function messageVariants(ir: ContractIr): readonly Variant[] {
  const variants = new Map<string, Variant>()
  for (const channel of ir.channels) {
    for (const leg of channel.legs) {
      for (const format of leg.accepts) {
        const id = variantId(leg.message, format)
        const correlation = variants.get(id)?.correlation ?? correlationOf(channel, leg)
        variants.set(id, {
          message: findMessage(ir, leg.message)!,
          format,
          ...(correlation !== undefined && { correlation }),
        })
      }
    }
  }
  return [...variants.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, variant]) => variant)
}

function correlationOf(channel: ChannelIr, leg: LegIr): string | undefined {
  if (channel.kind !== "command" && channel.kind !== "broadcast") return undefined
  const { request, reply } = channel.command.correlate
  if (leg.name === "request") return request
  return "field" in reply ? reply.field : undefined
}

function messagePart(ir: ContractIr, message: MessageIr, format: Format, correlation: string | undefined): Part {
  const { name, doc, deprecated, since, was } = message
  const samples = message.examples ?? [sampleOf(ir, name)]
  return {
    name,
    title: format === "json" ? name : `${name} as ${format}`,
    ...(doc !== undefined && { summary: doc }),
    traits: [{ $ref: `#/components/messageTraits/${format}` }],
    ...(correlation !== undefined && { correlationId: { location: `$message.payload#/${pointer(correlation)}` } }),
    payload: { $ref: `#/components/schemas/${name}` },
    examples: samples.map((payload) => ({ payload })),
    ...extension(given({ deprecated, since, was, examples: message.examples })),
  }
}

function traitOf(ir: ContractIr, format: Format): Part {
  return {
    contentType: `${MEDIA_TYPES[format]};v=${Number.parseInt(ir.version, 10)}`,
    description: FORMAT_WORDS[format],
    bindings: {
      mqtt: {
        payloadFormatIndicator: format === "protobuf" || format === "bytes" ? 0 : 1,
        contentType: `${MEDIA_TYPES[format]};v=${Number.parseInt(ir.version, 10)}`,
        bindingVersion: BINDING,
      },
    },
  }
}

function formatsOf(ir: ContractIr): readonly Format[] {
  const formats = new Set(ir.channels.flatMap(({ legs }) => legs.flatMap(({ accepts }) => accepts)))
  return [...formats].sort()
}

function schemaOf(ir: ContractIr, message: MessageIr): Schema {
  const notes: SchemaNotes = {
    // Draft 07 reads nothing beside `$ref`.
    reference: (name) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] }),
    ofType: (type) => extension(typeFacts(type)),
    ofField: (field) => extension({ ...typeFacts(resolvedFacts(field.type)), ...fieldFacts(field) }),
  }
  const schema = notedSchema(ir, message.type, notes)
  const { name, doc, unit } = message
  const said = { title: name, ...description(doc, unit), ...schema }
  if (unit === undefined) return said
  // With a unit the description says more than `doc` does.
  return { ...said, ...extension({ ...typeFacts(message.type), ...given({ unit, doc }) }) }

  // A reference has no facts of its own: those of the message stand with the message.
  function resolvedFacts(type: MessageIr["type"]) {
    return type.kind === "ref" ? { kind: "bool" as const } : resolveType(ir, type)
  }
}

function pointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1")
}
