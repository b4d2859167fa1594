import { filterMatches } from "@fleetwire/topic"
import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet } from "mqtt-packet"
import type { LegView } from "./contract-view.js"
import type { RunContext } from "./run-context.js"
import type { PacketMatcher } from "./wire-match.js"

/** Whether a packet is as the contract declares it, in all that a matcher asks for. */
export function fitsDeclaration(run: RunContext, packet: Packet, matcher: PacketMatcher): boolean {
  switch (packet.cmd) {
    case "publish":
      return fitsPublish(run, packet, matcher)
    case "connect":
      return fitsConnect(run, packet, matcher)
    case "subscribe":
      return (
        (matcher.filter === undefined ||
          packet.subscriptions.some(({ topic }) => new RegExp(matcher.filter!, "u").test(topic))) &&
        (matcher.ownFilters !== true || ownFilters(run, packet)) &&
        (matcher.contractFilters !== true || contractFilters(run, packet))
      )
    default:
      return true
  }
}

function fitsPublish(run: RunContext, packet: IPublishPacket, matcher: PacketMatcher): boolean {
  const { view } = run.setting
  const leg = view.place(packet.topic)?.view
  if (matcher.unplaced !== undefined && (leg === undefined) !== matcher.unplaced) return false
  if (matcher.kind !== undefined && (leg === undefined || !matcher.kind.includes(leg.channel.kind))) return false
  if (matcher.asDeclared === true && (packet.qos !== leg?.leg.qos || packet.retain !== leg.leg.retain)) return false
  if (matcher.otherFormat === true && (leg === undefined || !isOtherFormat(run, leg, Buffer.from(packet.payload))))
    return false
  if (matcher.ownResponseTopic === true) {
    const reply = leg === undefined ? undefined : view.leg(leg.channel.name, "reply")
    const device = view.place(packet.topic)?.device
    if (reply === undefined || device === undefined) return false
    if (packet.properties?.responseTopic !== view.topic(reply, device)) return false
  }
  if (
    matcher.versionDeclared === true &&
    !new RegExp(`;\\s*v=${view.major}$`).test(packet.properties?.contentType ?? "")
  )
    return false
  return true
}

/** Not readable in the default format, but in another that the leg accepts. */
function isOtherFormat(run: RunContext, leg: LegView, payload: Buffer): boolean {
  const { view } = run.setting
  if (view.decode(leg, payload).ok) return false
  return leg.leg.accepts.some(
    (format) => format !== leg.leg.sends && view.codec(leg.leg.message, format).decode(payload).ok,
  )
}

function fitsConnect(run: RunContext, packet: IConnectPacket, matcher: PacketMatcher): boolean {
  const { view, scenario, device, role } = run.setting
  const { ir } = view
  const roleIr = ir.roles.find(({ name }) => name === role)
  const session = scenario.side === "device" ? ir.device.session : (roleIr?.session ?? { kind: "clean" as const })
  if (matcher.sessionDeclared === true) {
    const expiry = session.kind === "persistent" ? session.expirySeconds : 0
    if (packet.clean !== (session.kind === "clean") || (packet.properties?.sessionExpiryInterval ?? 0) !== expiry)
      return false
  }
  if (matcher.clientIdDeclared === true) {
    const { clientId } = packet
    const stem = scenario.side === "device" ? `${ir.name}.device.${device}` : `${ir.name}.${role}.`
    const fits = scenario.side === "device" ? clientId === stem || clientId === device : clientId.startsWith(stem)
    if (!fits) return false
  }
  if (matcher.willDeclared === true) {
    const leg = view.legs.find(({ channel }) => channel.kind === "presence")
    const delay = leg?.channel.kind === "presence" ? Math.floor(leg.channel.willDelayMs / 1000) : 0
    if (packet.will?.qos !== leg?.leg.qos || (packet.will?.properties?.willDelayInterval ?? 0) !== delay) return false
  }
  if (matcher.windowDeclared === true) {
    const inbound = view.legs.filter(({ leg }) => leg.from === "controller" && leg.acknowledge === "on-handled")
    const window = inbound.reduce((sum, { leg }) => sum + leg.queue.bound, 0) + 16
    if (packet.properties?.receiveMaximum !== Math.min(65_535, window)) return false
  }
  return true
}

/** Filters of templates: each level literal, `+`, or a value of its param. */
function contractFilters(run: RunContext, packet: ISubscribePacket): boolean {
  const { view } = run.setting
  return packet.subscriptions.every(({ topic }) => {
    const plain = topic.replace(/^\$share\/[^/]+\//, "")
    if (plain.includes("#")) return false
    return view.legs.some((leg) => filterMatches(view.filter(leg), plain) || view.filter(leg) === plain)
  })
}

function ownFilters(run: RunContext, packet: ISubscribePacket): boolean {
  const { view, device } = run.setting
  const own = new Set(view.legs.map((leg) => view.filter(leg, device)))
  return packet.subscriptions.every(({ topic }) => own.has(topic))
}
