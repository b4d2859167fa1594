/**
 * The versioned surface that generated SDKs import. Nothing is ever taken away from it; what must change incompatibly
 * becomes `codegen-v2`. People use the generated SDK, not this.
 */
export type { Codec, Format, Invalid, Issue, IssueCode, Ok, PayloadCodecs, Result } from "./codec.js"
export { createController } from "./controller.js"
export type {
  ActionDescriptor,
  AutoField,
  BroadcastDescriptor,
  ChannelDescriptor,
  CommandDescriptor,
  CommandSemantics,
  ConfigDescriptor,
  ContractDescriptor,
  DeviceDescriptor,
  DropPolicy,
  LegDescriptor,
  OutcomeDescriptor,
  ParamDescriptor,
  PresenceDescriptor,
  RoleDescriptor,
  SessionDescriptor,
  StreamDescriptor,
} from "./descriptor.js"
export { createDevice } from "./device.js"
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
export { isSdkError, SdkError, type SdkErrorCode } from "./sdk-error.js"
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
export type { Transport } from "./transport.js"
