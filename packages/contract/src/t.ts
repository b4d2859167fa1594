import { field, list, map, object, optional, union } from "./container.js"
import { enumeration } from "./enumeration.js"
import { param } from "./param.js"
import * as scalar from "./scalar.js"

/**
 * The builders of value types: a closed profile of what every target can carry. Each returns a TypeBox schema, so that
 * `Static<typeof Telemetry>` is the message's type.
 */
export const t = {
  bool: scalar.bool,
  uint8: scalar.uint8,
  uint16: scalar.uint16,
  uint32: scalar.uint32,
  uint64: scalar.uint64,
  int8: scalar.int8,
  int16: scalar.int16,
  int32: scalar.int32,
  int64: scalar.int64,
  unixSeconds: scalar.unixSeconds,
  unixMilliseconds: scalar.unixMilliseconds,
  bootMilliseconds: scalar.bootMilliseconds,
  float32: scalar.float32,
  float64: scalar.float64,
  string: scalar.string,
  dateTime: scalar.dateTime,
  date: scalar.date,
  time: scalar.time,
  uuid: scalar.uuid,
  ipv4: scalar.ipv4,
  hostname: scalar.hostname,
  uri: scalar.uri,
  bytes: scalar.bytes,
  const: scalar.constant,
  enum: enumeration,
  list,
  map,
  object,
  union,
  optional,
  field,
  param,
} as const
