export type { Codec, Format, Invalid, Issue, IssueCode, Ok, PayloadCodecs, Result } from "./codec.js"
export type {
  ControllerEngine,
  ControllerSpec,
  CreateController,
  CreateDevice,
  DeviceEngine,
  DeviceSpec,
  Filter,
  Params,
} from "./engine.js"
export { createMemoryStore } from "./memory-store.js"
export { formatContentType, parseContentType } from "./publish/content-type.js"
export { isSdkError, SdkError, type SdkErrorCode, type SdkErrorDetails, type SdkErrorOptions } from "./sdk-error.js"
export { readDeadLetters, type StoredDeadLetter } from "./stream/dead-letter-store.js"
export { type MergedDelivery, type MergedFilter, mergeStreams } from "./stream/merge-streams.js"
export type {
  ActionServer,
  Broadcast,
  BroadcastCall,
  BroadcastOutcome,
  CallOptions,
  Client,
  CommandContext,
  CommandServer,
  ConfigContext,
  ConfigReader,
  ConfigVerdict,
  ConnectionState,
  ConnectOptions,
  ControllerOptions,
  Counters,
  Delivery,
  DeviceOptions,
  DeviceStore,
  DropCause,
  HandleOptions,
  MessageMeta,
  Observer,
  PresenceEntry,
  PresencePublisher,
  PresenceState,
  PresenceView,
  Publisher,
  PublishOptions,
  RemoteAction,
  RemoteCommand,
  RemoteConfig,
  StateDelivery,
  StatePublisher,
  Stream,
  Subscription,
} from "./surface.js"
export { systemClock, systemRandom } from "./system-clock.js"
export type {
  Capabilities,
  Clock,
  ConnectedInfo,
  DisconnectReason,
  InboundMessage,
  Link,
  LinkEvents,
  LinkOptions,
  MessageProperties,
  OutboundMessage,
  ProtocolVersion,
  PublishOutcome,
  Random,
  ReconnectPolicy,
  ServerLimits,
  SubscribeRequest,
  TlsOptions,
  Transport,
  Will,
} from "./transport.js"
export {
  createMixedFleet,
  type MixedFleet,
  type MixedFleetOptions,
  type SaidByVersion,
} from "./versions/mixed-fleet.js"
export { type Caster, type Said, type VersionSource, versionSource } from "./versions/version-source.js"
