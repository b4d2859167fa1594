export { canonicalJson, isInOrder } from "./canonical.js"
export type {
  ActionChannelIr,
  BroadcastChannelIr,
  ChannelIr,
  ChannelKind,
  CommandChannelIr,
  CommandSemanticsIr,
  ConfigChannelIr,
  DropPolicy,
  Format,
  LegIr,
  LegName,
  OutcomeIr,
  Party,
  PresenceChannelIr,
  Qos,
  StreamChannelIr,
  VersionRuleIr,
} from "./channel-ir.js"
export type { CodePointSet } from "./code-point-set.js"
export type { ContractIr, DeviceIr, MessageIr, ParamIr, RoleIr, SessionIr } from "./contract-ir.js"
export { IR_VERSION } from "./contract-ir.js"
export { contractIrSchema } from "./contract-ir-schema.js"
export { type Dfa, type DfaEdge, type DfaState, matchDfa, stepDfa } from "./dfa.js"
export {
  commonMatch,
  includesDfa,
  isEmptyDfa,
  longestMatch,
  matchOutside,
  sampleMatch,
  shortestMatch,
} from "./dfa-query.js"
export { contractDigest, contractText } from "./digest.js"
export { maxEncodedBytes, maxUtf8Bytes } from "./encoded-size.js"
export { type LegDefaults, legDefaults, usualMaxBytes } from "./kind-defaults.js"
export { checkContractIr, type IrIssue, type IrResult, parseContractIr } from "./parse-contract-ir.js"
export { compilePattern, MAX_PATTERN_STATES } from "./pattern.js"
export { type PatternIssue, type PatternNode, type PatternResult, parsePattern } from "./pattern-syntax.js"
export { sha256Hex } from "./sha256.js"
export type {
  AutoFill,
  BoolIr,
  BytesIr,
  ConstIr,
  EnumIr,
  EnumValueIr,
  FieldIr,
  FloatIr,
  IntIr,
  JsonValue,
  ListIr,
  MapIr,
  ObjectIr,
  RefIr,
  ReservedIr,
  StringFormat,
  StringIr,
  TypeIr,
  UnionBranchIr,
  UnionIr,
} from "./type-ir.js"
export {
  childTypes,
  contractLegs,
  findMessage,
  type LegPlace,
  referencedMessages,
  resolveType,
  topicParamNames,
  topicParams,
  unitOf,
  walkType,
} from "./walk.js"
export { type WireType, wireType } from "./wire-type.js"
