/**
 * The kernel that generated codecs import: reading and writing of single values. Versioned; nothing is ever taken away
 * from it. People use the generated SDK, not this.
 */
export { bytes, bytesHere, fromBase64 } from "./kernel/base64.js"
export {
  aBool,
  aConst,
  aFloat,
  aList,
  aMap,
  anEnum,
  anInt,
  anObject,
  aString,
  aUnion,
  aWide,
  check,
  isEnumNumber,
  isIn,
  isInt,
  isMap,
  isRecord,
  isUint,
  own,
  renamed,
  someBytes,
  utf8Length,
} from "./kernel/check.js"
export { fail, mapOf, type Octets, r, sparse } from "./kernel/cursor.js"
export { dfa } from "./kernel/dfa.js"
export { isDate, isDateTime, isHostname, isIpv4, isTime, isUri, isUuid } from "./kernel/formats.js"
export { jsonCodec } from "./kernel/json-codec.js"
export {
  bool,
  choice,
  constant,
  enter,
  float,
  float32,
  integer,
  isNull,
  key,
  list,
  map,
  once,
  spellings,
  string,
  such,
  tagOf,
  wide,
  wideAt,
} from "./kernel/json-read.js"
export { enumNumber, grow, putBytes, putFloat32, putInt, putNum, putStr, putWide, w } from "./kernel/json-write.js"
export { int, num } from "./kernel/number-read.js"
export { protobufCodec } from "./kernel/protobuf-codec.js"
export {
  branchesOf,
  entries,
  F32,
  F64,
  FIXED32,
  FIXED64,
  FLAG,
  fieldsOf,
  items,
  named,
  OCTETS,
  S32,
  S64,
  SFIXED32,
  SFIXED64,
  TEXT,
  U32,
  U64,
} from "./kernel/protobuf-fields.js"
export { flag, isNewer, low32, octetsAt, s32, s64, sized, textAt, u32, u64 } from "./kernel/protobuf-read.js"
export {
  closeSized,
  putOctets,
  putS32,
  putS64,
  putText,
  putU32,
  putU64,
} from "./kernel/protobuf-write.js"
export { str } from "./kernel/string-read.js"
export {
  bytesCodec,
  parseBigint,
  parseBool,
  parseInteger,
  parseNumber,
  parseText,
  textCodec,
} from "./kernel/text-codec.js"
export { points } from "./kernel/well-formed.js"
