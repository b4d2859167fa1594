import type { ChannelIr, ContractIr, LegIr } from "@fleetwire/ir"
import { type Code, code, nothing } from "../core/code.js"
import {
  boundMember,
  type ClientWorld,
  engineCall,
  generic,
  type Member,
  memberDoc,
  messageOf,
  otherParams,
  paramsType,
} from "./client-plan.js"
import { callerMethod, commandServer, remoteCommand, serverMethod } from "./command-types.js"
import { byName, legOf } from "./contract.js"
import { replyInput } from "./reply-input.js"
import { runtimeType } from "./runtime-symbols.js"
import { templateParams } from "./template-params.js"

/** A channel that the device takes part in. */
export interface DeviceChannel {
  readonly channel: ChannelIr
  /** Absent where a command's handler serves the broadcast. */
  readonly member?: Member
}

/** What a device publishes, serves and reads, in order of channel names. */
export function planDevice(ir: ContractIr, world: ClientWorld): readonly DeviceChannel[] {
  return byName(ir.channels).flatMap((channel): readonly DeviceChannel[] => {
    // What names no device and comes from a controller is said between controllers.
    if (isStream(channel) && channel.from === "controller" && !namesDevice(legOf(channel, "message"), world)) return []
    if (channel.kind === "broadcast" && channel.as !== undefined) return [{ channel }]
    return [{ channel, member: memberOf(channel, world) }]
  })
}

function memberOf(channel: ChannelIr, world: ClientWorld): Member {
  const name = world.names.member(channel.name)
  const constant = world.names.channel(channel.name)
  const bound = (leg: LegIr, type: Code, method: Code): Member => ({
    name,
    doc: memberDoc(channel, leg),
    ...boundMember({
      type,
      rest: otherParams(leg, [world.deviceParam]),
      given: nothing,
      make: (params) => engineCall(method, constant, params),
    }),
  })
  const plain = (leg: LegIr, type: Code, method: Code, declaration?: Code): Member => ({
    name,
    doc: memberDoc(channel, leg),
    type,
    value: engineCall(method, constant),
    ...(declaration === undefined ? {} : { declaration }),
  })
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state": {
      const leg = legOf(channel, "message")
      if (channel.from === "controller") {
        const params = paramsType(templateParams(leg.topic))
        const state = channel.kind === "state"
        const delivery = generic(state ? "StateDelivery" : "Delivery", messageOf(leg, "value", world), params)
        return plain(
          leg,
          generic("Stream", delivery, generic("Filter", params)),
          state ? code`stateStream` : code`stream`,
        )
      }
      const input = messageOf(leg, "input", world)
      return channel.kind === "state"
        ? bound(leg, generic("StatePublisher", input), code`statePublisher`)
        : bound(leg, generic("Publisher", input), code`publisher`)
    }
    case "presence":
      return plain(legOf(channel, "message"), code`${runtimeType("PresencePublisher")}`, code`presence`)
    case "command": {
      const request = legOf(channel, "request")
      const reply = legOf(channel, "reply")
      if (channel.from === "device") {
        return bound(request, remoteCommand(channel, world), callerMethod(channel))
      }
      const answer = replyInput(channel.name, reply, channel.command, world)
      return plain(request, commandServer(channel, answer.type, world), serverMethod(channel), answer.declaration)
    }
    case "action": {
      const request = legOf(channel, "request")
      if (channel.from === "device")
        return bound(request, generic("RemoteAction", messageOf(request, "input", world)), code`action`)
      return plain(request, generic("ActionServer", messageOf(request, "value", world)), code`actionServer`)
    }
    case "config": {
      const desired = legOf(channel, "desired")
      return plain(desired, generic("ConfigReader", messageOf(desired, "value", world)), code`configReader`)
    }
    case "broadcast": {
      const request = legOf(channel, "request")
      const reply = channel.legs.find((leg) => leg.name === "reply")
      const answer = reply === undefined ? undefined : replyInput(channel.name, reply, channel.command, world)
      const type = generic("CommandServer", messageOf(request, "value", world), answer?.type ?? code`void`)
      return plain(request, type, code`broadcastServer`, answer?.declaration)
    }
  }
}

/** True for telemetry, event and state. */
export function isStream(channel: ChannelIr): channel is Extract<ChannelIr, { kind: "telemetry" | "event" | "state" }> {
  return channel.kind === "telemetry" || channel.kind === "event" || channel.kind === "state"
}

function namesDevice(leg: LegIr, world: ClientWorld): boolean {
  return templateParams(leg.topic).includes(world.deviceParam)
}
