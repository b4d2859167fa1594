import { ClientCore, type CoreSpec } from "./client/client-core.js"
import { createClientFace } from "./client/client-face.js"
import { ActionExecutor } from "./command/action-executor.js"
import { createBroadcast, createBroadcastCall } from "./command/broadcast-caller.js"
import { type CallerContext, createCaller, createProgressCaller } from "./command/caller.js"
import { CommandExecutor } from "./command/command-executor.js"
import { CallLanes } from "./command/lane.js"
import { createRequestId } from "./command/request-id.js"
import { SentRequests } from "./command/sent-requests.js"
import { createDesired, createRemoteConfig } from "./config/remote-config.js"
import type { CommandDescriptor, LegDescriptor, PresenceDescriptor } from "./descriptor.js"
import type { ControllerEngine, ControllerSpec, Params } from "./engine.js"
import { createMemoryStore } from "./memory-store.js"
import { PresenceWatch } from "./presence/presence-view.js"
import { Outbox } from "./publish/outbox.js"
import { createPublisher, createStatePublisher, type PublishContext } from "./publish/publisher.js"
import { createRemoteAction } from "./publish/remote-action.js"
import { SaidStates } from "./publish/said-states.js"
import { SdkError } from "./sdk-error.js"
import { DeadLetters } from "./stream/dead-letters.js"
import { stateIntake } from "./stream/state-intake.js"
import { createStream } from "./stream/stream.js"
import type { ControllerOptions } from "./surface.js"
import { systemRandom } from "./system-clock.js"

/**
 * Unacknowledged messages that a controller takes at MQTT 5: its streams are attached after CONNECT said how many, so it is
 * a round number, and what one process can well hold.
 */
const RECEIVE_WINDOW = 1_008

// biome-ignore lint/suspicious/noExplicitAny: presence of any shape.
type AnyPresence = PresenceDescriptor<any>
// biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
type AnyCommand = CommandDescriptor<any, any>

/** The engine of one controller: a bridge, an app, a console. Subscriptions are made as they are asked for. */
export function createController(spec: ControllerSpec, options: ControllerOptions): ControllerEngine {
  return new Controller(spec, options).engine()
}

class Controller {
  readonly #spec: ControllerSpec
  readonly #core: ClientCore
  readonly #lanes: CallLanes
  readonly #publishing: PublishContext
  readonly #deadLetters: DeadLetters
  readonly #instance: string
  readonly #presences = new Map<string, PresenceWatch<unknown>>()
  readonly #commands = new Map<string, CommandExecutor>()
  readonly #actions = new Map<string, ActionExecutor>()

  constructor(spec: ControllerSpec, options: ControllerOptions) {
    this.#spec = spec
    const { contract, role } = spec
    const session = options.session ?? role.session
    if (session.kind === "persistent" && options.instance === undefined && options.clientId === undefined) {
      throw new SdkError("invalid_argument", `${role.name} has a persistent session, which needs options.instance`)
    }
    this.#instance = options.instance ?? createRequestId(options.random ?? systemRandom)
    const coreSpec: CoreSpec = {
      contract,
      clientId: `${contract.name}.${role.name}.${this.#instance}`,
      session: role.session,
      reconnectSpreadSeconds: role.reconnectSpreadSeconds,
      keepAliveSeconds: role.keepAliveSeconds,
      needsEverySubscription: false,
      consumersComeLate: session.kind === "persistent",
    }
    this.#core = new ClientCore(coreSpec, options)
    this.#core.receiveWindow = RECEIVE_WINDOW
    const outbox = new Outbox(this.#core)
    const store = options.store ?? createMemoryStore()
    const durable = (spec.durable ?? []).filter(({ qos }) => qos > 0)
    if (durable.length > 0) outbox.keepIn(store, durable)
    const states = new SaidStates(this.#core, outbox)
    this.#publishing = { core: this.#core, outbox, states, identity: this.#instance }
    this.#deadLetters = new DeadLetters(this.#publishing, store, spec.deadLetters ?? [])
    this.#lanes = new CallLanes(this.#core, coreSpec, options)
    const movePresence = (): void => {
      for (const watch of this.#presences.values()) watch.move(this.#lanes.prompt)
    }
    this.#core.onWithheld = movePresence
    this.#core.add({ ready: movePresence })
  }

  engine(): ControllerEngine {
    const core = this.#core
    const { outbox } = this.#publishing
    const deviceParam = this.#spec.contract.device.param
    // biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
    const stream = (leg: LegDescriptor<any>, bound: Params = {}, deadLetter?: string) => ({
      core,
      leg,
      bound,
      deviceParam,
      deadLetters: this.#deadLetters.of(leg, deadLetter),
    })
    const about = (bound: Params): string => bound[deviceParam] ?? this.#instance
    const broadcasting = { core, outbox, identity: this.#instance, deviceParam, online: () => this.#online() }
    const sent = new SentRequests()
    const calling = (channel: AnyCommand, bound: Params): CallerContext => ({
      core,
      lane: () => this.#lanes.choose(channel),
      identity: about(bound),
      isOffline: () => this.#isOffline(bound[deviceParam]),
      sent,
    })
    return {
      client: createClientFace(core, () => this.#lanes.second),
      stream: (channel, bound) => createStream(stream(channel.message, bound, channel.deadLetter)),
      stateStream: (channel, bound) =>
        createStream({ ...stream(channel.message, bound, channel.deadLetter), intake: stateIntake }),
      presence: (channel) => this.#presence(channel) as never,
      caller: (channel, bound) => createCaller(calling(channel, bound), channel, bound),
      progressCaller: (channel, bound) => createProgressCaller(calling(channel, bound), channel, bound),
      action: (channel, bound) => createRemoteAction({ ...this.#publishing, identity: about(bound) }, channel, bound),
      config: (channel, bound) => createRemoteConfig({ core, outbox, identity: about(bound) }, channel, bound),
      fleetConfig: (channel) => {
        if (channel.fleet === undefined) throw new SdkError("unsupported", `${channel.name} has no fleet config`)
        return createDesired({ core, outbox, identity: this.#instance }, channel.fleet, {})
      },
      broadcast: (channel) => createBroadcast(broadcasting, channel),
      broadcastCall: (channel) => createBroadcastCall(broadcasting, channel),
      publisher: (channel, bound = {}) =>
        createPublisher({ ...this.#publishing, identity: about(bound) }, channel, bound),
      statePublisher: (channel, bound = {}) =>
        createStatePublisher({ ...this.#publishing, identity: about(bound) }, channel, bound),
      commandServer: (channel) => this.#server(channel),
      progressServer: (channel) => this.#server(channel),
      actionServer: (channel) => {
        let executor = this.#actions.get(channel.name)
        if (executor === undefined) {
          executor = new ActionExecutor(core, channel, {})
          this.#actions.set(channel.name, executor)
        }
        return executor
      },
      // Who reads along withholds nothing: the message is another's.
      observe: (leg) => createStream(stream({ ...leg, acknowledge: "on-receipt" })),
    }
  }

  #server(channel: AnyCommand): CommandExecutor {
    let executor = this.#commands.get(channel.name)
    if (executor === undefined) {
      const { name, command, request, reply, progress } = channel
      executor = new CommandExecutor(this.#core, {
        name,
        command,
        bound: {},
        identity: this.#instance,
        journal: undefined,
      })
      executor.listen({ name, request, reply, progress, command, broadcast: false })
      this.#commands.set(name, executor)
    }
    return executor
  }

  #presence(channel: AnyPresence): PresenceWatch<unknown> {
    let watch = this.#presences.get(channel.name)
    if (watch === undefined) {
      watch = new PresenceWatch<unknown>(this.#lanes.prompt, channel, {
        deviceParam: this.#spec.contract.device.param,
        probe: this.#spec.probe,
      })
      this.#presences.set(channel.name, watch)
    }
    return watch
  }

  /** C-11: only a complete view that says so. */
  #isOffline(device: string | undefined): boolean {
    const watch = this.#spec.presence && this.#presences.get(this.#spec.presence.name)
    if (watch === undefined || watch.completeness === "none" || device === undefined) return false
    return watch.get(device).state === "offline"
  }

  #online(): readonly string[] {
    const watch = this.#spec.presence && this.#presences.get(this.#spec.presence.name)
    return (watch?.entries() ?? []).filter((entry) => entry.state === "online").map((entry) => entry.device)
  }
}
