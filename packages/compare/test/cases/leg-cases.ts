// Long because it is one table.
import type { Format, LegIr } from "@fleetwire/ir"
import {
  type ChannelSpec,
  type ContractSpec,
  channel,
  contract,
  octets,
  type Pair,
  req,
  text,
  u8,
} from "../contracts.js"
import { type Case, rowsFrom } from "./case.js"

const design = rowsFrom("evolution")
const buf = rowsFrom("buf")
const oasdiff = rowsFrom("oasdiff")
const own = rowsFrom("own")

type Params = NonNullable<ContractSpec["params"]>

/** One channel, whose leg changes. */
const leg = (old: Partial<LegIr>, next: Partial<LegIr>, spec: ChannelSpec = {}): Pair =>
  channel({ ...spec, leg: { ...spec.leg, ...old } }, { ...spec, leg: { ...spec.leg, ...next } })
const topic = (old: string, next: string, spec: ChannelSpec = {}) => leg({ topic: old }, { topic: next }, spec)
const zone = { unit: {}, zone: { pattern: "[a-z]{1,6}" } }
const withParams = (params: Params, old: string, next: string, spec: ChannelSpec = {}): Pair => [
  contract({ params, channels: { reading: { ...spec, leg: { topic: old } } } }),
  contract({ params, channels: { reading: { ...spec, leg: { topic: next } } } }),
]
const params = (old: Params, next: Params, spec: ChannelSpec = {}, address = "demo/{unit}/reading"): Pair => [
  contract({ params: { unit: {}, ...old }, channels: { reading: { ...spec, leg: { topic: address } } } }),
  contract({ params: { unit: {}, ...next }, channels: { reading: { ...spec, leg: { topic: address } } } }),
]
const formats = (old: readonly Format[], next: readonly Format[], spec: ChannelSpec = {}): Pair =>
  leg({ accepts: [...old].sort(), sends: old[0]! }, { accepts: [...next].sort(), sends: next[0]! }, spec)
const event = { kind: "event" } as const
const state = { kind: "state" } as const
const action = { kind: "action" } as const
const config = { kind: "config", message: { version: req(u8()) } } as const
const five = { options: { mqtt: "5" } } as const

/** Topics, params, quality of service, retention, expiry and formats. */
export const legCases: readonly Case[] = [
  design(
    "literal of a topic renamed",
    "breaks",
    "leg/topic-changed",
    topic("demo/{unit}/reading", "demo/{unit}/readings"),
  ),
  design(
    "level added to a topic",
    "breaks",
    "leg/topic-changed",
    topic("demo/{unit}/reading", "demo/{unit}/x/reading"),
  ),
  design(
    "case of a topic's literal changed",
    "breaks",
    "leg/topic-changed",
    topic("demo/{unit}/reading", "demo/{unit}/Reading"),
  ),
  design(
    "slash in front of a topic",
    "breaks",
    "leg/topic-changed",
    topic("demo/{unit}/reading", "x/demo/{unit}/reading"),
  ),
  design(
    "two params exchanged",
    "silent",
    "leg/params-swapped",
    withParams(
      { unit: { pattern: "[a-z]+" }, zone: { pattern: "[a-z]{1,6}" } },
      "demo/{unit}/{zone}",
      "demo/{zone}/{unit}",
    ),
  ),
  design(
    "two params exchanged whose patterns are disjoint",
    "breaks",
    "leg/params-swapped",
    withParams(zone, "demo/{unit}/{zone}", "demo/{zone}/{unit}"),
  ),
  design("param renamed", "safe", "leg/param-renamed", [
    contract({ params: zone, channels: { reading: { leg: { topic: "demo/{unit}/{zone}" } } } }),
    contract({
      params: { unit: {}, area: { pattern: "[a-z]{1,6}" } },
      channels: { reading: { leg: { topic: "demo/{unit}/{area}" } } },
    }),
  ]),
  design(
    "literal becomes param, for the device",
    "controllers first",
    "leg/literal-to-param",
    withParams(zone, "demo/{unit}/hall", "demo/{unit}/{zone}"),
  ),
  design(
    "literal becomes param, for controllers",
    "devices first",
    "leg/literal-to-param",
    withParams(zone, "demo/{unit}/hall", "demo/{unit}/{zone}", action),
  ),
  design(
    "literal becomes a param that does not admit it",
    "breaks",
    "leg/literal-to-param",
    withParams({ unit: {}, zone: { pattern: "z[0-9]" } }, "demo/{unit}/hall", "demo/{unit}/{zone}"),
  ),
  design(
    "param becomes literal",
    "breaks",
    "leg/param-to-literal",
    withParams(zone, "demo/{unit}/{zone}", "demo/{unit}/hall"),
  ),
  design(
    "literal added beside a param whose pattern admits it",
    "breaks",
    "param/reserved-added",
    params({ unit: { pattern: "[a-z]+" } }, { unit: { pattern: "[a-z]+", reserved: ["all"] } }),
  ),
  design(
    "literal added beside a param whose pattern excludes it",
    "safe",
    "param/reserved-added",
    params({}, { unit: { reserved: ["all"] } }),
  ),
  design("QoS 1 to 0, event", "breaks", "leg/qos-lowered", leg({ qos: 1 }, { qos: 0 }, event)),
  design("QoS 1 to 0, command", "breaks", "leg/qos-lowered", leg({ qos: 1 }, { qos: 0 }, { kind: "command" })),
  design("QoS 1 to 0, config", "breaks", "leg/qos-lowered", leg({ qos: 1 }, { qos: 0 }, config)),
  design("QoS 1 to 0, telemetry", "silent", "leg/qos-lowered", leg({ qos: 1 }, { qos: 0 })),
  design("QoS 0 to 1, telemetry", "controllers first", "leg/qos-raised", leg({ qos: 0 }, { qos: 1 })),
  design(
    "QoS 0 to 1, from controllers",
    "devices first",
    "leg/qos-raised",
    leg({ qos: 0 }, { qos: 1 }, { from: "controller" }),
  ),
  design(
    "retain added to a command",
    "silent",
    "leg/retain-added",
    leg({ retain: false }, { retain: true }, { kind: "command" }),
  ),
  design(
    "retain removed from a state",
    "silent",
    "leg/retain-removed",
    leg({ retain: true }, { retain: false }, state),
  ),
  design(
    "retain removed from presence",
    "silent",
    "leg/retain-removed",
    leg({ retain: true }, { retain: false }, { kind: "presence", message: { status: req(text(8)) } }),
  ),
  design(
    "retain removed from config",
    "silent",
    "leg/retain-removed",
    leg({ retain: true }, { retain: false }, config),
  ),
  design("expiry shortened", "silent", "leg/expiry-shortened", leg({ expiryMs: 30_000 }, { expiryMs: 10_000 }, event)),
  design("session of devices shortened", "silent", "session/shortened", [
    contract({}),
    contract({ device: { session: { kind: "persistent", expirySeconds: 60 } } }),
  ]),
  design(
    "json to protobuf that new readers accept, all MQTT 5",
    "controllers first",
    "leg/format-added",
    formats(["json"], ["protobuf", "json"]),
    five,
  ),
  design(
    "json to protobuf, some speak 3.1.1",
    "breaks",
    "leg/default-format-changed",
    formats(["json"], ["protobuf", "json"]),
  ),
  design(
    "json to protobuf that nobody accepted before, no json any longer",
    "breaks",
    "leg/format-removed",
    formats(["json"], ["protobuf"]),
    five,
  ),
  design(
    "reader is free text",
    "silent",
    "leg/default-format-changed",
    formats(["text"], ["json"], { message: text(9) }),
  ),
  design(
    "reader is octets",
    "silent",
    "leg/default-format-changed",
    formats(["bytes"], ["json"], { message: octets(9) }),
  ),
  design(
    "MQTT 5 to 3.1.1 with an expiry",
    "breaks",
    "fleet/protocol-lowered",
    leg({ expiryMs: 1000 }, { expiryMs: 1000 }, event),
    {
      options: { mqtt: { old: "5", new: "3.1.1" } },
    },
  ),
  design("message moved to another topic of another channel", "breaks", "channel/moved", [
    contract({ channels: { reading: { leg: { topic: "demo/{unit}/reading" } } } }),
    rechannelled(contract({ channels: { reading: { leg: { topic: "demo/{unit}/measured" } } } })),
  ]),
  design(
    "kind changed",
    "breaks",
    "channel/kind-changed",
    channel({ kind: "telemetry", leg: { qos: 1 } }, { kind: "event" }),
  ),
  design("direction changed", "breaks", "leg/direction-changed", channel({ from: "device" }, { from: "controller" })),
  design("param of identity changed", "breaks", "device/identity-changed", [
    contract({ params: { unit: {}, serial: {} }, channels: { reading: { leg: { topic: "demo/{unit}/{serial}" } } } }),
    contract({
      params: { unit: {}, serial: {} },
      channels: { reading: { leg: { topic: "demo/{unit}/{serial}" } } },
      device: { param: "serial" },
    }),
  ]),

  buf("PACKAGE_NO_DELETE: contract renamed", "breaks", "contract/name-changed", [
    contract({}),
    contract({ name: "other" }),
  ]),
  buf("RPC_NO_DELETE: command removed", "controllers first", "channel/removed", [
    contract({ channels: { reading: {}, move: { kind: "command" } } }),
    contract({ channels: { reading: {} } }),
  ]),
  buf("RPC added: command", "devices first", "channel/added", [
    contract({ channels: { reading: {} } }),
    contract({ channels: { reading: {}, move: { kind: "command" } } }),
  ]),
  buf("RPC_SAME_REQUEST_TYPE: message renamed, same fields", "safe", "message/renamed", [
    contract({ channels: { reading: {} } }),
    renamed(contract({ channels: { reading: {} } })),
  ]),
  buf(
    "RPC_SAME_SERVER_STREAMING: progress added",
    "devices first",
    "leg/added",
    channel({ kind: "command" }, { kind: "command", legs: ["progress"] }),
  ),
  buf(
    "progress removed",
    "controllers first",
    "leg/removed",
    channel({ kind: "command", legs: ["progress"] }, { kind: "command" }),
  ),

  oasdiff("api-path-added: telemetry", "safe", "channel/added", [
    contract({ channels: { reading: {} } }),
    contract({ channels: { reading: {}, level: {} } }),
  ]),
  oasdiff("api-removed: telemetry", "controllers first", "channel/removed", [
    contract({ channels: { reading: {}, level: {} } }),
    contract({ channels: { reading: {} } }),
  ]),
  oasdiff("config added", "devices first", "channel/added", [
    contract({ channels: { reading: {} } }),
    contract({ channels: { reading: {}, settings: config } }),
  ]),
  oasdiff(
    "api-path-sunset: channel deprecated",
    "safe",
    "channel/annotation-changed",
    channel({}, { more: { deprecated: "use level" } }),
  ),
  oasdiff("api-operation-id-removed: channel renamed, topic and message kept", "safe", "channel/renamed", [
    contract({ channels: { reading: { leg: { topic: "demo/{unit}/reading" } } } }),
    rechannelled(contract({ channels: { reading: { leg: { topic: "demo/{unit}/reading" } } } })),
  ]),
  oasdiff(
    "request-parameter-pattern-changed to a wider one",
    "controllers first",
    "param/widened",
    params({}, { unit: { pattern: "[a-z]+-[0-9a-f]+" } }),
  ),
  oasdiff(
    "request-parameter-pattern-added",
    "breaks",
    "param/narrowed",
    params({ unit: { pattern: "[a-z]+-[0-9]+" } }, { unit: { pattern: "[a-z]-[0-9]+" } }),
  ),
  oasdiff(
    "request-parameter-max-length-increased",
    "controllers first",
    "param/widened",
    params({}, { unit: { maxLength: 20 } }),
  ),
  oasdiff("request-parameter-max-length-decreased", "breaks", "param/narrowed", params({}, { unit: { maxLength: 6 } })),
  oasdiff("response-media-type-removed", "devices first", "leg/format-removed", formats(["json", "compact"], ["json"])),
  oasdiff("response-media-type-added", "controllers first", "leg/format-added", formats(["json"], ["json", "compact"])),
  oasdiff(
    "request-body-media-type-added",
    "devices first",
    "leg/format-added",
    formats(["json"], ["json", "compact"], action),
  ),
  oasdiff(
    "request-body-media-type-removed",
    "controllers first",
    "leg/format-removed",
    formats(["json", "compact"], ["json"], action),
  ),

  own(
    "default format changed among accepted ones, all MQTT 5",
    "safe",
    "leg/default-format-changed",
    formats(["json", "protobuf"], ["protobuf", "json"]),
    five,
  ),
  own(
    "default format changed among accepted ones, some 3.1.1",
    "breaks",
    "leg/default-format-changed",
    formats(["json", "protobuf"], ["protobuf", "json"]),
  ),
  own("QoS 2 to 1 of an event", "controllers first", "leg/qos-lowered", leg({ qos: 2 }, { qos: 1 }, event)),
  own("QoS 1 to 2 of an event", "safe", "leg/qos-raised", leg({ qos: 1 }, { qos: 2 }, event)),
  own("QoS 1 to 0 of a state", "silent", "leg/qos-lowered", leg({ qos: 1 }, { qos: 0 }, state)),
  own(
    "retain added to an event: an old one comes as if new",
    "silent",
    "leg/retain-added",
    leg({ retain: false }, { retain: true }, event),
  ),
  own("retain added to a state", "safe", "leg/retain-added", leg({ retain: false }, { retain: true }, state)),
  own("retain removed from telemetry", "silent", "leg/retain-removed", leg({ retain: true }, { retain: false })),
  own("expiry given for the first time", "silent", "leg/expiry-shortened", leg({}, { expiryMs: 60_000 }, event)),
  own("expiry lengthened", "safe", "leg/expiry-lengthened", leg({ expiryMs: 30_000 }, { expiryMs: 60_000 }, event)),
  own("session of devices lengthened", "safe", "session/lengthened", [
    contract({}),
    contract({ device: { session: { kind: "persistent", expirySeconds: 7200 } } }),
  ]),
  own("session of devices becomes clean", "silent", "session/shortened", [
    contract({}),
    contract({ device: { session: { kind: "clean" } } }),
  ]),
  own(
    "acknowledged on receipt instead of when handled",
    "silent",
    "leg/acknowledge-weakened",
    leg({ acknowledge: "on-handled" }, { acknowledge: "on-receipt" }, event),
  ),
  own(
    "acknowledged when handled instead of on receipt",
    "safe",
    "leg/acknowledge-strengthened",
    leg({ acknowledge: "on-receipt" }, { acknowledge: "on-handled" }, event),
  ),
  own(
    "another field tells versions apart",
    "silent",
    "leg/versions-changed",
    leg({ versions: { kind: "has", field: "a" } }, { versions: { kind: "has", field: "b" } }),
  ),
  own(
    "both versions taken for one's own from now on",
    "silent",
    "leg/versions-changed",
    leg({}, { versions: { kind: "any" } }),
  ),
  own(
    "outbox no longer durable",
    "silent",
    "leg/outbox-weakened",
    leg(
      { outbox: { bound: 100, drop: "reject", durable: true } },
      { outbox: { bound: 100, drop: "reject", durable: false } },
      event,
    ),
  ),
  own(
    "outbox made durable",
    "safe",
    "leg/outbox-strengthened",
    leg(
      { outbox: { bound: 100, drop: "reject", durable: false } },
      { outbox: { bound: 100, drop: "reject", durable: true } },
      event,
    ),
  ),
  own(
    "outbox shortened",
    "silent",
    "leg/outbox-weakened",
    leg(
      { outbox: { bound: 100, drop: "oldest", durable: false } },
      { outbox: { bound: 10, drop: "oldest", durable: false } },
    ),
  ),
  own(
    "what is dropped first changed",
    "silent",
    "leg/queue-weakened",
    leg({ queue: { bound: 100, drop: "oldest" } }, { queue: { bound: 100, drop: "newest" } }),
  ),
  own(
    "queue lengthened",
    "safe",
    "leg/queue-strengthened",
    leg({ queue: { bound: 100, drop: "oldest" } }, { queue: { bound: 200, drop: "oldest" } }),
  ),
  own(
    "pattern of a place widened in what the device sends",
    "controllers first",
    "param/widened",
    params({ zone: { pattern: "[a-f]" } }, { zone: { pattern: "[a-z]" } }, {}, "demo/{unit}/{zone}"),
  ),
  own(
    "pattern of a place widened in what controllers send",
    "devices first",
    "param/widened",
    params({ zone: { pattern: "[a-f]" } }, { zone: { pattern: "[a-z]" } }, action, "demo/{unit}/{zone}"),
  ),
  own(
    "pattern of a param written differently",
    "safe",
    "param/changed",
    params({}, { unit: { pattern: "[a-z]+-[0-9]{1,}" } }),
  ),
  own(
    "reserved word given up",
    "controllers first",
    "param/reserved-removed",
    params({ unit: { pattern: "[a-z]+", reserved: ["all"] } }, { unit: { pattern: "[a-z]+" } }),
  ),
  own(
    "param that no topic uses",
    "safe",
    "param/unused-changed",
    params({ spare: { pattern: "[a-f]" } }, { spare: { pattern: "[a-z]" } }),
  ),
  own(
    "example of a param changed",
    "safe",
    "param/annotation-changed",
    params({ unit: {} }, { unit: { examples: ["a-1"] } }),
  ),
  own("major version raised on the same topics", "breaks", "contract/major-changed", [
    contract({ version: "1.4.0" }),
    contract({ version: "2.0.0" }),
  ]),
  own("minor version raised", "safe", "contract/version-changed", [
    contract({ version: "1.4.0" }),
    contract({ version: "1.5.0" }),
  ]),
  own(
    "major version raised where nobody speaks MQTT 5",
    "safe",
    "contract/version-changed",
    [contract({ version: "1.4.0" }), contract({ version: "2.0.0" })],
    {
      options: { mqtt: "3.1.1" },
    },
  ),
  own("MQTT 5 to 3.1.1 where nothing needs a property", "safe", "fleet/protocol-lowered", leg({}, {}), {
    options: { mqtt: { old: "5", new: "3.1.1" } },
  }),
  own(
    "rate of telemetry changed",
    "safe",
    "channel/annotation-changed",
    channel({ more: { everyMs: 1000 } }, { more: { everyMs: 500 } }),
  ),
  own("keep-alive changed", "safe", "session/annotation-changed", [
    contract({}),
    contract({ device: { keepAliveSeconds: 60 } }),
  ]),
  own(
    "config for the whole fleet added",
    "devices first",
    "leg/added",
    channel(config, { ...config, legs: ["fleet"] }),
  ),
  own(
    "config for the whole fleet removed",
    "controllers first",
    "leg/removed",
    channel({ ...config, legs: ["fleet"] }, config),
  ),
  own("two legs of a config exchanged with a telemetry's topic", "breaks", "leg/topic-changed", [
    contract({ channels: { a: { leg: { topic: "demo/{unit}/a" } }, b: { leg: { topic: "demo/{unit}/b" } } } }),
    contract({ channels: { a: { leg: { topic: "demo/{unit}/b" } }, b: { leg: { topic: "demo/{unit}/a" } } } }),
  ]),
]

function renamed(ir: Pair[0]): Pair[0] {
  return {
    ...ir,
    messages: ir.messages.map((message) => ({ ...message, name: "Measurement", was: ["Reading"] })),
    channels: ir.channels.map((one) => ({ ...one, legs: one.legs.map((of) => ({ ...of, message: "Measurement" })) })),
  }
}

function rechannelled(ir: Pair[0]): Pair[0] {
  return {
    ...ir,
    channels: ir.channels.map((one) => ({ ...one, name: "measured" })),
    roles: ir.roles.map((role) => ({ ...role, read: ["measured.message"] })),
  }
}
