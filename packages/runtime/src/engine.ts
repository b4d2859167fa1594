import type {
  ActionDescriptor,
  BroadcastDescriptor,
  ChannelDescriptor,
  CommandDescriptor,
  ConfigDescriptor,
  ContractDescriptor,
  LegDescriptor,
  PresenceDescriptor,
  RoleDescriptor,
  StreamDescriptor,
} from "./descriptor.js"
import type {
  ActionServer,
  Broadcast,
  BroadcastCall,
  Client,
  CommandServer,
  ConfigReader,
  ControllerOptions,
  Delivery,
  DeviceOptions,
  PresencePublisher,
  PresenceView,
  ProgressCommand,
  ProgressServer,
  Publisher,
  RemoteAction,
  RemoteCommand,
  RemoteConfig,
  StateDelivery,
  StatePublisher,
  Stream,
} from "./surface.js"

/** Values of topic params by name. Checked against pattern and reserved names when a topic is made (T-2, T-5). */
export type Params = Readonly<Record<string, string>>

/** A filter binds some params, each to one value or to a few; the rest match everything. */
export type Filter<P extends Params> = { readonly [K in keyof P]?: P[K] | readonly P[K][] }

export interface DeviceSpec {
  readonly contract: ContractDescriptor
  /** Every channel the device takes part in: subscribed before `ready`. */
  readonly channels: readonly ChannelDescriptor[]
}

export interface ControllerSpec {
  readonly contract: ContractDescriptor
  readonly role: RoleDescriptor
  /** Presence channel of the contract, where there is one: calls consult it (C-11). */
  // biome-ignore lint/suspicious/noExplicitAny: presence of any shape.
  readonly presence?: PresenceDescriptor<any>
  /** What the presence view is probed with (P-5). */
  // biome-ignore lint/suspicious/noExplicitAny: a probe of any shape with an `id` field.
  readonly probe?: StreamDescriptor<any>
  /** Channels that take what handlers could not handle (M-3). */
  // biome-ignore lint/suspicious/noExplicitAny: their messages are dead letters.
  readonly deadLetters?: readonly StreamDescriptor<any>[]
  /** Legs whose unsent messages are kept in `options.store` (M-7). */
  // biome-ignore lint/suspicious/noExplicitAny: legs of any message.
  readonly durable?: readonly LegDescriptor<any>[]
}

// Descriptors arrive with their message types erased where generated interfaces state the input type.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Any = any

/** What `createDevice` returns. `bound` are the params besides the device's own, for topics that have more. */
export interface DeviceEngine {
  readonly client: Client
  publisher<In>(channel: StreamDescriptor<Any>, bound?: Params): Publisher<In>
  statePublisher<In>(channel: StreamDescriptor<Any>, bound?: Params): StatePublisher<In>
  presence(channel: PresenceDescriptor<Any>): PresencePublisher
  commandServer<Request, Reply>(channel: CommandDescriptor<Request, Any>): CommandServer<Request, Reply>
  progressServer<Request, Reply, Progress>(
    channel: CommandDescriptor<Request, Any>,
  ): ProgressServer<Request, Reply, Progress>
  broadcastServer<Request, Reply>(channel: BroadcastDescriptor<Request, Any>): CommandServer<Request, Reply>
  actionServer<Request>(channel: ActionDescriptor<Request>): ActionServer<Request>
  configReader<Config>(channel: ConfigDescriptor<Config, Any>): ConfigReader<Config>
  /** A stream that controllers publish. */
  stream<T, P extends Params>(channel: StreamDescriptor<T>): Stream<Delivery<T, P>, Filter<P>>
  /** A state that controllers publish. */
  stateStream<T, P extends Params>(channel: StreamDescriptor<T>): Stream<StateDelivery<T, P>, Filter<P>>
  /** A command that a controller serves. */
  caller<In, Response>(channel: CommandDescriptor<Any, Response>, bound?: Params): RemoteCommand<In, Response>
  progressCaller<In, Response, Progress>(
    channel: CommandDescriptor<Any, Response>,
    bound?: Params,
  ): ProgressCommand<In, Response, Progress>
  /** An action that a controller serves. */
  action<In>(channel: ActionDescriptor<Any>, bound?: Params): RemoteAction<In>
}

/** What `createController` returns. `bound` holds the device param and any other param of the topic. */
export interface ControllerEngine {
  readonly client: Client
  stream<T, P extends Params>(channel: StreamDescriptor<T>, bound?: Params): Stream<Delivery<T, P>, Filter<P>>
  stateStream<T, P extends Params>(channel: StreamDescriptor<T>, bound?: Params): Stream<StateDelivery<T, P>, Filter<P>>
  presence<T>(channel: PresenceDescriptor<T>): PresenceView<T>
  caller<In, Response>(channel: CommandDescriptor<Any, Response>, bound: Params): RemoteCommand<In, Response>
  progressCaller<In, Response, Progress>(
    channel: CommandDescriptor<Any, Response>,
    bound: Params,
  ): ProgressCommand<In, Response, Progress>
  action<In>(channel: ActionDescriptor<Any>, bound: Params): RemoteAction<In>
  config<In, Report>(channel: ConfigDescriptor<Any, Report>, bound: Params): RemoteConfig<In, Report>
  /** The fleet's config: desired for all, no report of its own. */
  fleetConfig<In>(channel: ConfigDescriptor<Any, Any>): Pick<RemoteConfig<In, never>, "set" | "clear">
  broadcast<In>(channel: BroadcastDescriptor<Any, Any>): Broadcast<In>
  broadcastCall<In, Response>(channel: BroadcastDescriptor<Any, Response>): BroadcastCall<In, Response>
  /** A stream that this role publishes. */
  publisher<In>(channel: StreamDescriptor<Any>, bound?: Params): Publisher<In>
  statePublisher<In>(channel: StreamDescriptor<Any>, bound?: Params): StatePublisher<In>
  /** A command that devices send and this role serves. */
  commandServer<Request, Reply>(channel: CommandDescriptor<Request, Any>): CommandServer<Request, Reply>
  progressServer<Request, Reply, Progress>(
    channel: CommandDescriptor<Request, Any>,
  ): ProgressServer<Request, Reply, Progress>
  actionServer<Request>(channel: ActionDescriptor<Request>): ActionServer<Request>
  /** Reads along on one leg: requests and replies of others, desired and reported configs. */
  observe<T, P extends Params>(leg: LegDescriptor<T>): Stream<Delivery<T, P>, Filter<P>>
}

export type CreateDevice = (spec: DeviceSpec, identity: string, options: DeviceOptions) => DeviceEngine
export type CreateController = (spec: ControllerSpec, options: ControllerOptions) => ControllerEngine
