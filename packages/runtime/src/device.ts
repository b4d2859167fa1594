import { ClientCore, type CoreSpec } from "./client/client-core.js"
import { createClientFace } from "./client/client-face.js"
import { TopicPort } from "./client/topic-port.js"
import { ActionExecutor } from "./command/action-executor.js"
import { type CallerContext, createCaller, createProgressCaller } from "./command/caller.js"
import { CommandExecutor } from "./command/command-executor.js"
import { createStoreJournal } from "./command/journal.js"
import { CallLanes } from "./command/lane.js"
import { SentRequests } from "./command/sent-requests.js"
import { ConfigDevice } from "./config/config-device.js"
import type {
  BroadcastDescriptor,
  ChannelDescriptor,
  CommandDescriptor,
  CommandSemantics,
  DeviceDescriptor,
  LegDescriptor,
} from "./descriptor.js"
import type { DeviceEngine, DeviceSpec, Params } from "./engine.js"
import { createMemoryStore } from "./memory-store.js"
import { PresenceDevice } from "./presence/presence-device.js"
import { Outbox } from "./publish/outbox.js"
import { createPublisher, createStatePublisher, type PublishContext } from "./publish/publisher.js"
import { createRemoteAction } from "./publish/remote-action.js"
import { SaidStates } from "./publish/said-states.js"
import { SdkError } from "./sdk-error.js"
import { DeadLetters } from "./stream/dead-letters.js"
import { stateIntake } from "./stream/state-intake.js"
import { createStream } from "./stream/stream.js"
import type { DeviceOptions } from "./surface.js"

// biome-ignore lint/suspicious/noExplicitAny: channels of any shape.
type AnyLeg = LegDescriptor<any>

/**
 * The engine of one device. Everything it serves is subscribed before it is ready; handlers may be attached later.
 * Throws `invalid_argument` for an identity or option that the contract does not allow.
 */
export function createDevice(spec: DeviceSpec, identity: string, options: DeviceOptions): DeviceEngine {
  return new Device(spec, identity, options).engine()
}

class Device {
  readonly #spec: DeviceSpec
  readonly #identity: string
  readonly #options: DeviceOptions
  readonly #params: Params
  readonly #core: ClientCore
  readonly #lanes: CallLanes
  readonly #publishing: PublishContext
  readonly #deadLetters: DeadLetters
  readonly #store: NonNullable<DeviceOptions["store"]>
  readonly #presences = new Map<string, PresenceDevice>()
  readonly #commands = new Map<string, CommandExecutor>()
  readonly #broadcasts = new Map<string, CommandExecutor>()
  readonly #actions = new Map<string, ActionExecutor>()
  readonly #configs = new Map<string, ConfigDevice>()
  #unsettledConfigs = 0

  constructor(spec: DeviceSpec, identity: string, options: DeviceOptions) {
    this.#spec = spec
    this.#identity = identity
    this.#options = options
    const { device } = spec.contract
    this.#params = { [device.param]: identity }
    checkIdentity(spec, identity)
    const coreSpec = coreSpecOf(spec, identity, device)
    this.#core = new ClientCore(coreSpec, options)
    this.#core.receiveWindow = sum(ownLegs(spec.channels).filter(withholds), (leg) => leg.queue.bound)
    this.#store = options.store ?? createMemoryStore()
    const outbox = new Outbox(this.#core)
    outbox.keepIn(this.#store, spec.channels.flatMap(legsOf).filter(isDurable))
    const states = new SaidStates(this.#core, outbox)
    this.#publishing = { core: this.#core, outbox, states, identity }
    this.#deadLetters = new DeadLetters(this.#publishing, this.#store, [])
    this.#lanes = new CallLanes(this.#core, coreSpec, options)
    this.#serve()
  }

  engine(): DeviceEngine {
    const core = this.#core
    const all = (bound: Params | undefined): Params => ({ ...bound, ...this.#params })
    const stream = (channel: { readonly message: AnyLeg }) => ({
      core,
      leg: channel.message,
      bound: this.#params,
      deviceParam: this.#spec.contract.device.param,
      deadLetters: this.#deadLetters.of(channel.message, undefined),
    })
    const sent = new SentRequests()
    // biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
    const calling = (channel: CommandDescriptor<any, any>): CallerContext => ({
      core,
      lane: () => this.#lanes.choose(channel),
      identity: this.#identity,
      isOffline: () => false,
      sent,
    })
    return {
      client: createClientFace(core, () => this.#lanes.second),
      publisher: (channel, bound) => createPublisher(this.#publishing, channel, all(bound)),
      statePublisher: (channel, bound) => createStatePublisher(this.#publishing, channel, all(bound)),
      presence: (channel) => known(this.#presences, channel.name),
      commandServer: (channel) => known(this.#commands, channel.name),
      progressServer: (channel) => known(this.#commands, channel.name),
      broadcastServer: (channel) => known(this.#broadcasts, channel.name),
      actionServer: (channel) => known(this.#actions, channel.name),
      configReader: (channel) => known(this.#configs, channel.name) as never,
      stream: (channel) => createStream(stream(channel)),
      stateStream: (channel) => createStream({ ...stream(channel), intake: stateIntake }),
      caller: (channel, bound) => createCaller(calling(channel), channel, all(bound)),
      progressCaller: (channel, bound) => createProgressCaller(calling(channel), channel, all(bound)),
      action: (channel, bound) => createRemoteAction(this.#publishing, channel, all(bound)),
    }
  }

  /** Presence first, so that it says hello first and goodbye last; broadcasts after the commands they share. */
  #serve(): void {
    const channels = this.#spec.channels
    for (const channel of channels) {
      if (channel.kind === "presence") {
        this.#presences.set(channel.name, new PresenceDevice(this.#core, channel, this.#params, this.#identity))
      }
    }
    for (const channel of channels) {
      if (channel.kind === "command" && channel.from === "controller") {
        const executor = this.#executor(channel.name, channel.command)
        const { name, request, reply, progress, command } = channel
        executor.listen({ name, request, reply, progress, command, broadcast: false })
        this.#commands.set(channel.name, executor)
      } else if (channel.kind === "action" && channel.from === "controller") {
        this.#actions.set(channel.name, new ActionExecutor(this.#core, channel, this.#params))
      } else if (channel.kind === "config") this.#config(channel)
    }
    for (const channel of channels) if (channel.kind === "broadcast") this.#broadcast(channel)
    if (this.#unsettledConfigs > 0) for (const executor of this.#executors()) executor.closeGate()
  }

  // biome-ignore lint/suspicious/noExplicitAny: a broadcast of any shape.
  #broadcast(channel: BroadcastDescriptor<any, any>): void {
    const shared = channel.as === undefined ? undefined : this.#commands.get(channel.as)
    const executor = shared ?? this.#executor(channel.name, channel.command)
    const reply = channel.replies === "each" ? channel.reply : undefined
    const { name, request, command } = channel
    executor.listen({ name, request, reply, command, broadcast: true })
    this.#broadcasts.set(channel.name, executor)
  }

  #config(channel: ChannelDescriptor & { readonly kind: "config" }): void {
    this.#unsettledConfigs++
    const config = new ConfigDevice(this.#core, {
      channel,
      params: this.#params,
      identity: this.#identity,
      store: this.#store,
      presence: this.#presences.values().next().value,
      settled: () => {
        if (--this.#unsettledConfigs === 0) for (const executor of this.#executors()) executor.openGate()
      },
    })
    this.#configs.set(channel.name, config)
  }

  #executor(name: string, command: CommandSemantics): CommandExecutor {
    const { store } = this.#options
    if (command.journal === "required" && store === undefined) {
      throw new SdkError("unsupported", `${name}: its journal needs options.store, which outlives the process`, {
        details: { limit: "store", channel: name },
      })
    }
    const journal =
      command.journal === "none" || store === undefined
        ? undefined
        : createStoreJournal(store, name, command.remember.count)
    return new CommandExecutor(this.#core, {
      name,
      command,
      bound: this.#params,
      identity: this.#identity,
      journal,
    })
  }

  #executors(): ReadonlySet<CommandExecutor> {
    return new Set([...this.#commands.values(), ...this.#broadcasts.values()])
  }
}

function coreSpecOf(spec: DeviceSpec, identity: string, device: DeviceDescriptor): CoreSpec {
  return {
    contract: spec.contract,
    clientId: `${spec.contract.name}.device.${identity}`,
    session: device.session,
    reconnectSpreadSeconds: device.reconnectSpreadSeconds,
    keepAliveSeconds: device.keepAliveSeconds,
    needsEverySubscription: true,
    consumersComeLate: spec.channels.some(
      (channel) =>
        (channel.kind === "telemetry" || channel.kind === "event" || channel.kind === "state") &&
        channel.from === "controller",
    ),
  }
}

/** The identity must fit every topic that has it, before anything is sent (T-2, T-5). */
function checkIdentity(spec: DeviceSpec, identity: string): void {
  const { param } = spec.contract.device
  for (const channel of spec.channels) {
    for (const leg of legsOf(channel)) {
      const parameter = leg.params.find((one) => one.name === param)
      if (parameter === undefined) continue
      new TopicPort({ id: leg.id, template: `{${param}}`, params: [parameter] }, "").topic({ [param]: identity })
      return
    }
  }
}

function legsOf(channel: ChannelDescriptor): readonly AnyLeg[] {
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
    case "presence":
      return [channel.message]
    case "command":
      return [channel.request, channel.reply, ...(channel.progress === undefined ? [] : [channel.progress])]
    case "action":
      return [channel.request]
    case "config":
      return [channel.desired, ...(channel.fleet === undefined ? [] : [channel.fleet]), channel.reported]
    case "broadcast":
      return [channel.request]
  }
}

/** Legs that a device reads. */
function ownLegs(channels: readonly ChannelDescriptor[]): readonly AnyLeg[] {
  return channels.flatMap((channel) => {
    switch (channel.kind) {
      case "command":
        return channel.from === "controller" ? [channel.request] : [channel.reply]
      case "action":
        return channel.from === "controller" ? [channel.request] : []
      case "config":
        return [channel.desired, ...(channel.fleet === undefined ? [] : [channel.fleet])]
      case "broadcast":
        return [channel.request]
      case "presence":
        return [channel.message]
      default:
        return channel.from === "controller" ? [channel.message] : []
    }
  })
}

function withholds(leg: AnyLeg): boolean {
  return leg.acknowledge === "on-handled" && leg.qos > 0
}

function isDurable(leg: AnyLeg): boolean {
  return leg.outbox.durable && leg.qos > 0
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function known<T>(parts: ReadonlyMap<string, T>, name: string): T {
  const part = parts.get(name)
  if (part === undefined) throw new SdkError("invalid_argument", `${name} is no channel that this device serves`)
  return part
}
