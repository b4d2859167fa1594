import type { ChannelIr, ContractIr, LegIr, LegName, RoleIr } from "@fleetwire/ir"
import { access, type Code, code, ident, key, nothing } from "../core/code.js"
import type { SymbolRef } from "../core/symbol.js"
import {
  boundMember,
  type ClientWorld,
  engineCall,
  generic,
  type Member,
  memberDoc,
  messageOf,
  otherParams,
} from "./client-plan.js"
import { callerMethod, commandServer, remoteCommand, serverMethod } from "./command-types.js"
import { byName, findLeg, legOf } from "./contract.js"
import { replyInput } from "./reply-input.js"
import { templateParams } from "./template-params.js"

/** What one role sees of a contract: only what its rights allow. */
export interface FleetPlan {
  readonly role: RoleIr
  /** Members of the fleet itself: streams of all devices, presence, broadcasts. */
  readonly fleet: readonly Member[]
  /** Members of one device's handle. */
  readonly device: readonly Member[]
  /** Legs that the role reads besides: requests and replies of others, configs and their reports. */
  readonly observed: readonly Member[]
  /** Presence channels that the role reads; the first is the contract's presence. */
  readonly presence: readonly ChannelIr[]
  /** Channel that the role's presence view is probed with. */
  readonly probe: string | undefined
  /** Channels that take what the role's handlers could not handle. */
  readonly deadLetters: readonly string[]
  /** Legs whose unsent messages outlive the process. */
  readonly durable: readonly { readonly channel: string; readonly leg: LegName }[]
}

/** What plans of controllers are printed with besides. */
export interface FleetWorld extends ClientWorld {
  /** The variable that holds the device's id within its handle. */
  readonly deviceVariable: string
  /** The type of what a leg delivers, declared once in the controller's file. */
  delivery(channel: ChannelIr, leg: LegIr): SymbolRef
  /** The type of these params, declared once in the controller's file. */
  params(names: readonly string[]): SymbolRef
}

/** Plans what a role publishes, calls and reads, in order of channel names. */
export function planFleet(ir: ContractIr, role: RoleIr, world: FleetWorld): FleetPlan {
  const planner = createPlanner(role, world)
  for (const channel of byName(ir.channels)) planner.add(channel)
  return planner.plan
}

function createPlanner(role: RoleIr, world: FleetWorld) {
  const plan = {
    role,
    fleet: [] as Member[],
    device: [] as Member[],
    observed: [] as Member[],
    presence: [] as ChannelIr[],
    probe: role.probe,
    deadLetters: [] as string[],
    durable: [] as { readonly channel: string; readonly leg: LegName }[],
  }
  const publish = new Set(role.publish)
  const read = new Set(role.read)
  const may = (rights: ReadonlySet<string>, channel: ChannelIr, name: LegName): LegIr | undefined => {
    const leg = findLeg(channel, name)
    return leg !== undefined && rights.has(`${channel.name}.${name}`) ? leg : undefined
  }

  /** A member that is bound to what its topic names: of one device, or of the fleet. */
  const place = (channel: ChannelIr, leg: LegIr, type: Code, method: Code): void => {
    const ofDevice = templateParams(leg.topic).includes(world.deviceParam)
    const made = boundMember({
      type,
      rest: otherParams(leg, ofDevice ? [world.deviceParam] : []),
      given: ofDevice ? deviceBinding(world) : nothing,
      make: (bound) =>
        engineCall(
          method,
          world.names.channel(channel.name),
          bound === nothing && needsBound(channel) ? code`{}` : bound,
        ),
    })
    const member = { name: world.names.member(channel.name), doc: memberDoc(channel, leg), ...made }
    ;(ofDevice ? plan.device : plan.fleet).push(member)
  }
  const observe = (channel: ChannelIr, leg: LegIr): void => {
    const id = `${channel.name}.${leg.name}`
    const name = world.names.observed(id)
    const delivery = world.delivery(channel, leg)
    const constant = world.names.channel(channel.name)
    const leaf = code`${constant}${access(leg.name)}`
    plan.observed.push({
      name,
      doc: memberDoc(channel, leg),
      type: generic("Stream", delivery, generic("Filter", world.params(templateParams(leg.topic)))),
      // A state may be cleared, which is no message.
      value: channel.kind === "state" ? engineCall(code`stateStream`, constant) : code`engine.observe(${leaf})`,
    })
  }
  const serve = (leg: LegIr, channel: ChannelIr, type: Code, method: Code, declaration?: Code): void => {
    plan.fleet.push({
      name: world.names.member(channel.name),
      doc: memberDoc(channel, leg),
      type,
      value: engineCall(method, world.names.channel(channel.name)),
      ...(declaration === undefined ? {} : { declaration }),
    })
  }

  const addStream = (channel: Extract<ChannelIr, { kind: "telemetry" | "event" | "state" }>): void => {
    const state = channel.kind === "state"
    const leg = legOf(channel, "message")
    const reads = may(read, channel, "message") !== undefined
    if (channel.from === "controller" && may(publish, channel, "message") !== undefined) {
      place(
        channel,
        leg,
        generic(state ? "StatePublisher" : "Publisher", messageOf(leg, "input", world)),
        state ? code`statePublisher` : code`publisher`,
      )
      if (reads) observe(channel, leg)
      return
    }
    if (!reads) return
    const { deadLetter } = channel
    if (deadLetter !== undefined && !plan.deadLetters.includes(deadLetter)) plan.deadLetters.push(deadLetter)
    const constant = world.names.channel(channel.name)
    const method = state ? code`stateStream` : code`stream`
    const member = { name: world.names.member(channel.name), doc: memberDoc(channel, leg) }
    const delivery = world.delivery(channel, leg)
    plan.fleet.push({
      ...member,
      type: generic("Stream", delivery, generic("Filter", world.params(templateParams(leg.topic)))),
      value: engineCall(method, constant),
    })
    if (!templateParams(leg.topic).includes(world.deviceParam)) return
    const rest = otherParams(leg, [world.deviceParam])
    plan.device.push({
      ...member,
      type: generic("Stream", delivery, generic("Filter", world.params(rest))),
      // The arguments say what is delivered; the filter of a handle leaves out what the handle binds.
      value: engineCall(
        code`${method}<${messageOf(leg, "value", world)}, ${world.params(templateParams(leg.topic))}>`,
        constant,
        code`{ ${deviceBinding(world)} }`,
      ),
    })
  }

  const add = (channel: ChannelIr): void => {
    for (const leg of channel.legs) {
      if (leg.outbox.durable && leg.from === "controller" && publish.has(`${channel.name}.${leg.name}`)) {
        plan.durable.push({ channel: channel.name, leg: leg.name })
      }
    }
    switch (channel.kind) {
      case "telemetry":
      case "event":
      case "state":
        addStream(channel)
        return
      case "presence": {
        const leg = may(read, channel, "message")
        if (leg === undefined) return
        plan.presence.push(channel)
        serve(leg, channel, generic("PresenceView", messageOf(leg, "value", world)), code`presence`)
        // A view shows what is; who keeps every birth and every will reads along.
        observe(channel, leg)
        return
      }
      case "command": {
        const request = legOf(channel, "request")
        const reply = legOf(channel, "reply")
        const asks = may(publish, channel, "request") !== undefined && may(read, channel, "reply") !== undefined
        const answers = may(read, channel, "request") !== undefined && may(publish, channel, "reply") !== undefined
        if (channel.from === "controller" && asks)
          place(channel, request, remoteCommand(channel, world), callerMethod(channel))
        if (channel.from === "device" && answers) {
          const answer = replyInput(channel.name, reply, channel.command, world)
          const type = commandServer(channel, answer.type, world)
          serve(request, channel, type, serverMethod(channel), answer.declaration)
        }
        break
      }
      case "action": {
        const request = legOf(channel, "request")
        if (channel.from === "controller" && may(publish, channel, "request") !== undefined)
          place(channel, request, generic("RemoteAction", messageOf(request, "input", world)), code`action`)
        if (channel.from === "device" && may(read, channel, "request") !== undefined) {
          serve(request, channel, generic("ActionServer", messageOf(request, "value", world)), code`actionServer`)
          return
        }
        break
      }
      case "config": {
        const desired = legOf(channel, "desired")
        const reported = legOf(channel, "reported")
        if (may(publish, channel, "desired") !== undefined) {
          const full = generic("RemoteConfig", messageOf(desired, "input", world), messageOf(reported, "value", world))
          const apply = may(read, channel, "reported") !== undefined
          place(channel, desired, apply ? full : code`Omit<${full}, "apply">`, code`config`)
        }
        const fleet = may(publish, channel, "fleet")
        if (fleet !== undefined) {
          const full = generic("RemoteConfig", messageOf(fleet, "input", world), code`never`)
          serve(fleet, channel, code`Pick<${full}, "set" | "clear">`, code`fleetConfig`)
        }
        break
      }
      case "broadcast": {
        const request = legOf(channel, "request")
        if (may(publish, channel, "request") === undefined) break
        const reply = channel.replies === "each" ? repliesOf(channel) : undefined
        if (reply === undefined || !read.has(reply.right))
          serve(request, channel, generic("Broadcast", messageOf(request, "input", world)), code`broadcast`)
        else {
          const response = messageOf(reply.leg, "value", world)
          const type = generic("BroadcastCall", messageOf(request, "input", world), response)
          serve(request, channel, type, code`broadcastCall`)
        }
        break
      }
    }
    for (const leg of channel.legs) if (read.has(`${channel.name}.${leg.name}`)) observe(channel, leg)
  }
  return { plan, add }
}

function repliesOf(channel: ChannelIr): { readonly leg: LegIr; readonly right: string } | undefined {
  const leg = findLeg(channel, "reply")
  return leg === undefined ? undefined : { leg, right: `${channel.name}.reply` }
}

/** Calls and configs always name what they are bound to, be it nothing. */
function needsBound(channel: ChannelIr): boolean {
  return channel.kind === "command" || channel.kind === "action" || channel.kind === "config"
}

/** The handle's own device in a call's params: `carId`, or `"odd-name": device`. */
function deviceBinding(world: FleetWorld): Code {
  const name = world.deviceVariable
  return name === world.deviceParam ? code`${ident(name)}` : code`${key(world.deviceParam)}: ${ident(name)}`
}
