import { maxEncodedBytes, resolveType, type TypeIr } from "@fleetwire/ir"
import type { CheckScope } from "./check-scope.js"
import type { LegDraft } from "./lower-leg.js"

/** AWS IoT Core takes 128 KB of payload, and topics of 256 octets with seven slashes, by its published quotas. */
const AWS = { payload: 128 * 1024, topic: 256, levels: 8 }
/** Octets of a packet that PubSubClient holds unless `setBufferSize` says more (MQTT_MAX_PACKET_SIZE of 2.8). */
const SMALL_BUFFER = 256
/** Fixed header, lengths and packet id at most. */
const HEADER = 7

/** What some broker, client library or language cannot do that a contract asks of them. */
export function checkPortability(scope: CheckScope): void {
  if (scope.recursive) return
  for (const { kind, legs, accept, rest } of scope.drafts) {
    for (const leg of legs) {
      const { place } = leg
      // What has no use for QoS 2 is told so already.
      if (leg.qos === 2 && (kind === "event" || kind === "action")) {
        scope.report.add("portability/qos-2", place, {}, accept)
      }
      checkTopic(leg, scope, accept)
      const worst = maxEncodedBytes(scope.ir, leg.message, leg.sends)
      if ((leg.maxBytes ?? worst ?? 0) > AWS.payload) {
        const octets = leg.maxBytes ?? worst!
        scope.report.add("portability/payload-size", place, { octets, most: AWS.payload }, accept)
      }
      const packet = (worst ?? 0) + topicBytes(leg, scope) + HEADER
      if (leg.from === "controller" && packet > SMALL_BUFFER) {
        scope.report.add("portability/small-buffer", place, { octets: packet, most: SMALL_BUFFER }, accept)
      }
      if (leg.accepts.includes("json") || leg.accepts.includes("compact")) checkIntegers(leg, scope, accept)
    }
    if (!("command" in rest) || rest.command.trustedClock !== undefined) continue
    const { preempt, onInvalid, onLinkLost } = rest.command
    if (preempt === undefined && onInvalid === undefined && onLinkLost === undefined) continue
    scope.report.add("portability/expiry-without-clock", legs[0]!.place, {}, accept)
  }
}

type Accept = CheckScope["drafts"][number]["accept"]

function checkTopic(leg: LegDraft, scope: CheckScope, accept: Accept): void {
  const levels = scope.templates.get(leg.topic)?.levels.length ?? 0
  const octets = topicBytes(leg, scope)
  if (levels > AWS.levels || octets > AWS.topic) {
    const values = { topic: leg.topic, levels, octets, most: AWS.levels, longest: AWS.topic }
    scope.report.add("portability/topic-size", leg.place, values, accept)
  }
}

/** Octets of the longest topic: a param without a pattern may be any text. */
function topicBytes({ topic }: LegDraft, { ir, templates }: CheckScope): number {
  const levels = templates.get(topic)?.levels ?? []
  const octets = levels.map((level) => {
    if (level.kind !== "param") return new TextEncoder().encode(level.text).length
    const { maxLength = 0, pattern } = ir.params.find(({ name }) => name === level.name) ?? {}
    return maxLength * (pattern !== undefined && /^[\x20-\x7e]*$/.test(pattern) ? 1 : 4)
  })
  return octets.reduce((sum, one) => sum + one + 1, -1)
}

/** W-3: beyond what a double tells apart, an integer is text in JSON, which a foreign reader must know. */
function checkIntegers(leg: LegDraft, scope: CheckScope, accept: Accept): void {
  const { ir, report } = scope
  const place = scope.messagePlace(leg.message)
  const visit = (type: TypeIr, path: string): void => {
    if (type.kind === "int" && type.bits === 64) {
      const most = BigInt(Number.MAX_SAFE_INTEGER)
      if (BigInt(type.max) > most || BigInt(type.min) < -most) {
        report.add("portability/integer-64", { ...place, path }, { field: path }, accept)
      }
    } else if (type.kind === "object") for (const field of type.fields) visit(field.type, `${path}.${field.name}`)
    else if (type.kind === "list") visit(type.item, `${path}[]`)
    else if (type.kind === "map") visit(type.value, `${path}{}`)
    else if (type.kind === "union") for (const one of type.branches) visit(one.type, `${path}<${one.value}>`)
  }
  const message = ir.messages.find(({ name }) => name === leg.message)
  // A message that is referred to is looked at where it travels by itself, or here.
  if (message !== undefined) visit(resolveType(ir, message.type), message.name)
}
