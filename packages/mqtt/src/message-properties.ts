import { type MessageProperties, SdkError } from "@fleetwire/runtime"
import { type OctetReader, utf8Length, variableLength, writeData, writeText, writeVariable } from "./octets.js"
import { ProtocolFault } from "./protocol-fault.js"

const PAYLOAD_FORMAT = 0x01
const MESSAGE_EXPIRY = 0x02
const CONTENT_TYPE = 0x03
const RESPONSE_TOPIC = 0x08
const CORRELATION_DATA = 0x09
const SUBSCRIPTION_ID = 0x0b
const TOPIC_ALIAS = 0x23
const USER_PROPERTY = 0x26

const LONGEST = 0xffff
const LONGEST_EXPIRY = 0xffff_ffff

/** What the properties of a PUBLISH said. */
export interface ReadProperties {
  readonly properties: MessageProperties | undefined
  readonly topicAlias: number | undefined
  readonly subscriptionIds: readonly number[] | undefined
}

const NONE: ReadProperties = { properties: undefined, topicAlias: undefined, subscriptionIds: undefined }

/** Reads the properties of a PUBLISH of MQTT 5, and leaves the reader at the payload. */
export function readProperties(reader: OctetReader): ReadProperties {
  const length = reader.variable()
  if (length === 0) return NONE
  const end = reader.at + length
  if (end > reader.end) throw new ProtocolFault(0x81, "properties longer than their packet")
  const properties: { -readonly [K in keyof MessageProperties]: MessageProperties[K] } = {}
  let user: (readonly [string, string])[] | undefined
  let topicAlias: number | undefined
  let subscriptionIds: number[] | undefined
  let said = false
  while (reader.at < end) {
    const id = reader.byte()
    switch (id) {
      case PAYLOAD_FORMAT:
        properties.payloadIsUtf8 = reader.byte() === 1
        break
      case MESSAGE_EXPIRY:
        properties.messageExpirySeconds = reader.uint32()
        break
      case CONTENT_TYPE:
        properties.contentType = reader.text()
        break
      case RESPONSE_TOPIC:
        properties.responseTopic = reader.text()
        break
      case CORRELATION_DATA:
        properties.correlationData = reader.data()
        break
      case SUBSCRIPTION_ID:
        subscriptionIds ??= []
        subscriptionIds.push(reader.variable())
        continue
      case TOPIC_ALIAS:
        topicAlias = reader.uint16()
        continue
      case USER_PROPERTY:
        user ??= []
        user.push([reader.text(), reader.text()])
        break
      default:
        throw new ProtocolFault(0x81, `property 0x${id.toString(16)} in a PUBLISH`)
    }
    said = true
  }
  if (reader.at !== end) throw new ProtocolFault(0x81, "properties that end within a value")
  if (user !== undefined) properties.userProperties = user
  return { properties: said ? properties : undefined, topicAlias, subscriptionIds }
}

/** Octets that the values take, without their own length prefix. Throws `invalid_argument` for a value that cannot be said. */
export function propertiesLength(properties: MessageProperties | undefined): number {
  if (properties === undefined) return 0
  let octets = 0
  if (properties.payloadIsUtf8 !== undefined) octets += 2
  const expiry = properties.messageExpirySeconds
  if (expiry !== undefined) {
    if (!Number.isInteger(expiry) || expiry < 0 || expiry > LONGEST_EXPIRY) throw unsayable("messageExpirySeconds")
    octets += 5
  }
  if (properties.contentType !== undefined) octets += 3 + textLength(properties.contentType, "contentType")
  if (properties.responseTopic !== undefined) octets += 3 + textLength(properties.responseTopic, "responseTopic")
  if (properties.correlationData !== undefined) {
    if (properties.correlationData.length > LONGEST) throw unsayable("correlationData")
    octets += 3 + properties.correlationData.length
  }
  for (const [name, value] of properties.userProperties ?? []) {
    octets += 5 + textLength(name, "userProperties") + textLength(value, "userProperties")
  }
  return octets
}

/** Writes the properties with their length prefix at `at`, and returns the position after them. */
export function writeProperties(
  target: Uint8Array,
  at: number,
  properties: MessageProperties | undefined,
  length: number,
): number {
  let position = writeVariable(target, at, length)
  if (properties === undefined) return position
  if (properties.payloadIsUtf8 !== undefined) {
    target[position] = PAYLOAD_FORMAT
    target[position + 1] = properties.payloadIsUtf8 ? 1 : 0
    position += 2
  }
  const expiry = properties.messageExpirySeconds
  if (expiry !== undefined) {
    target[position] = MESSAGE_EXPIRY
    for (let i = 0; i < 4; i += 1) target[position + 1 + i] = (expiry / 2 ** (24 - 8 * i)) & 0xff
    position += 5
  }
  if (properties.contentType !== undefined) position = text(target, position, CONTENT_TYPE, properties.contentType)
  if (properties.responseTopic !== undefined)
    position = text(target, position, RESPONSE_TOPIC, properties.responseTopic)
  if (properties.correlationData !== undefined) {
    target[position] = CORRELATION_DATA
    position = writeData(target, position + 1, properties.correlationData)
  }
  for (const [name, value] of properties.userProperties ?? []) {
    position = text(target, position, USER_PROPERTY, name)
    position = writeText(target, position, value, utf8Length(value))
  }
  return position
}

/** Octets of the properties with their length prefix. */
export function prefixedLength(length: number): number {
  return variableLength(length) + length
}

function text(target: Uint8Array, at: number, id: number, value: string): number {
  target[at] = id
  return writeText(target, at + 1, value, utf8Length(value))
}

function textLength(value: string, property: string): number {
  const octets = utf8Length(value)
  if (octets > LONGEST || value.includes("\0")) throw unsayable(property)
  return octets
}

function unsayable(property: string): SdkError {
  return new SdkError("invalid_argument", `message property ${property} is out of its range`)
}
