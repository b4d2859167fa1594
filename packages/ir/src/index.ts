export { canonicalJson } from "./canonical.js"
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
} from "./channel-ir.js"
export type { ContractIr, DeviceIr, MessageIr, ParamIr, RoleIr, SessionIr } from "./contract-ir.js"
export { IR_VERSION } from "./contract-ir.js"
export { contractDigest } from "./digest.js"
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
