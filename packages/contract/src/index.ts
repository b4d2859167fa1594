export type { Static, TSchema } from "@sinclair/typebox"
export type { Channel, ChannelOptions, LegOptions, Size } from "./channel.js"
export { checkBeside } from "./check-beside.js"
export {
  type ActionChannel,
  type ActionOptions,
  action,
  type BroadcastChannel,
  type BroadcastOptions,
  broadcast,
  type CommandChannel,
  type CommandOptions,
  command,
  type ExecutionOptions,
  type OutcomeOptions,
} from "./command.js"
export { type ConfigChannel, type ConfigOptions, config } from "./config.js"
export {
  type Contract,
  type ContractDefinition,
  type DeviceOptions,
  defineContract,
  isContract,
  type MessageOf,
  type ParamsOf,
  type ResponseOf,
  type RoleOptions,
} from "./contract.js"
export { DeadLetter } from "./dead-letter.js"
export type { Diagnostic, Target } from "./diagnostic.js"
export { type DiagnosticCode, type DiagnosticEntry, diagnosticCodes } from "./diagnostic-codes.js"
export { type Duration, parseDuration } from "./duration.js"
export type { Input, TopicParams } from "./inference.js"
export {
  type AcceptedBreak,
  createLock,
  formatLock,
  LOCK_VERSION,
  type Lock,
  type ParsedLock,
  parseLock,
} from "./lock.js"
export { type Lowered, type LowerOptions, lowerContract } from "./lower.js"
export { type Message, type MessageOptions, message } from "./message.js"
export { type Param, type ParamOptions, param } from "./param.js"
export { type PresenceChannel, type PresenceOptions, presence } from "./presence.js"
export { event, type StreamChannel, type StreamOptions, state, telemetry } from "./stream.js"
export { t } from "./t.js"
