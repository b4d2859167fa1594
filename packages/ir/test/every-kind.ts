import type { ChannelIr, ContractIr, LegIr, LegName } from "../src/index.js"

function leg(name: LegName, topic: string, message: string, from: LegIr["from"] = "device"): LegIr {
  return {
    name,
    from,
    topic,
    message,
    qos: 1,
    retain: false,
    expiryMs: 30_000,
    accepts: ["json", "protobuf"],
    sends: "json",
    maxBytes: 512,
    acknowledge: "on-handled",
    queue: { bound: 100, drop: "oldest" },
    outbox: { bound: 100, drop: "reject", durable: false },
  }
}

const semantics = {
  correlate: { request: "id", reply: { field: "id" } },
  outcome: { field: "status", success: ["ok"], failure: "error", code: "code", detail: "words", retryAfterMs: "wait" },
  timeoutMs: 5000,
  executionTimeoutMs: 4000,
  concurrency: 1,
  queueBound: 8,
  remember: { count: 64, bytes: 65_536, retentionMs: 90_000 },
  idempotent: false,
  journal: "none",
  preempt: { id: "stop" },
  onInvalid: { id: "stop" },
  onLinkLost: { action: { id: "stop" }, afterMs: 2000 },
  cancel: true,
  trustedClock: "at",
} as const

const base = { from: "device", doc: "Words.", since: "1.0.0", deprecated: "Later.", everyMs: 1000, accept: {} } as const

const channels: readonly ChannelIr[] = [
  {
    ...base,
    name: "a",
    kind: "telemetry",
    legs: [{ ...leg("message", "t/{id}/a", "Everything"), versions: { kind: "has", field: "id" } }],
  },
  {
    ...base,
    name: "b",
    kind: "event",
    legs: [{ ...leg("message", "t/{id}/b", "Reading"), versions: { kind: "any" } }],
    deadLetter: "a",
  },
  { ...base, name: "c", kind: "state", legs: [leg("message", "t/{id}/c", "Reading")] },
  {
    ...base,
    name: "d",
    kind: "presence",
    legs: [leg("message", "t/{id}/d", "Reading")],
    online: 1,
    offline: 0,
    willDelayMs: 0,
  },
  {
    ...base,
    name: "e",
    kind: "command",
    legs: [
      leg("request", "t/{id}/e", "Everything", "controller"),
      leg("reply", "t/{id}/r", "Everything"),
      leg("progress", "t/{id}/r/progress", "Everything"),
    ],
    command: semantics,
  },
  {
    ...base,
    name: "f",
    kind: "action",
    legs: [leg("request", "t/{id}/f", "Reading", "controller")],
    idempotent: true,
  },
  {
    ...base,
    name: "g",
    kind: "config",
    legs: [leg("desired", "t/{id}/g", "Everything", "controller"), leg("reported", "t/{id}/g/reported", "Everything")],
    versionField: "version",
  },
  {
    ...base,
    name: "h",
    kind: "broadcast",
    legs: [leg("request", "t/fleet/h", "Everything", "controller")],
    replies: "none",
    as: "e",
    command: { ...semantics, correlate: { request: "id", anonymous: "unknown", reply: { param: "id" } } },
  },
]

/** A contract with every kind of type and channel and every optional member somewhere. */
export const everyKind: ContractIr = {
  ir: 1,
  name: "every-kind",
  version: "1.2.3",
  doc: "All of it.",
  params: [
    {
      name: "id",
      doc: "Who.",
      pattern: "[a-z]{1,8}",
      maxLength: 8,
      reserved: ["fleet"],
      examples: ["car"],
    },
  ],
  device: {
    param: "id",
    session: { kind: "persistent", expirySeconds: 3600 },
    reconnectSpreadSeconds: 30,
    keepAliveSeconds: 30,
  },
  messages: [
    {
      name: "Everything",
      doc: "One of each.",
      examples: [{ id: "a" }],
      since: "1.0.0",
      deprecated: "Never.",
      was: ["All"],
      type: {
        kind: "object",
        name: "Everything",
        reserved: { numbers: [99], names: ["old"] },
        fields: [
          { name: "id", number: 1, short: "i", required: true, auto: "id", type: { kind: "string", maxLength: 8 } },
          { name: "flag", number: 2, required: false, nullAsAbsent: true, default: true, type: { kind: "bool" } },
          {
            name: "small",
            number: 3,
            required: true,
            unit: "%",
            doc: "Words.",
            examples: [1],
            deprecated: "Soon.",
            since: "1.1.0",
            was: ["tiny"],
            type: { kind: "int", bits: 8, signed: false, min: 0, max: 100, multipleOf: 5 },
          },
          {
            name: "big",
            number: 4,
            required: true,
            type: { kind: "int", bits: 64, signed: true, min: "-9223372036854775808", max: "9223372036854775807" },
          },
          {
            name: "at",
            number: 5,
            required: true,
            auto: "now",
            type: { kind: "int", bits: 32, signed: false, min: 0, max: 4294967295, fixed: true, epoch: "unix-seconds" },
          },
          { name: "real", number: 6, required: true, type: { kind: "float", bits: 32, min: -1, max: 1, decimals: 2 } },
          {
            name: "text",
            number: 7,
            required: false,
            type: { kind: "string", minLength: 1, maxLength: 4, maxBytes: 8, pattern: "[a-z]+" },
          },
          { name: "when", number: 8, required: false, type: { kind: "string", format: "date-time" } },
          { name: "raw", number: 16, required: false, type: { kind: "bytes", minLength: 1, maxLength: 6 } },
          {
            name: "mode",
            number: 17,
            required: true,
            type: {
              kind: "enum",
              name: "Mode",
              open: false,
              compactAs: "number",
              reserved: { numbers: [7], names: ["gone"] },
              values: [
                { name: "on", number: 1, doc: "Runs.", deprecated: "No.", was: ["run"] },
                { name: "off", number: 200 },
              ],
            },
          },
          { name: "fixed", number: 18, required: true, type: { kind: "const", value: "v2" } },
          {
            name: "list",
            number: 19,
            required: false,
            type: { kind: "list", minItems: 1, maxItems: 3, item: { kind: "ref", message: "Reading" } },
          },
          {
            name: "map",
            number: 20,
            required: false,
            type: {
              kind: "map",
              keyMaxLength: 4,
              keyPattern: "[a-z]*",
              maxProperties: 2,
              value: { kind: "bool" },
            },
          },
          {
            name: "either",
            number: 21,
            required: true,
            type: {
              kind: "union",
              name: "Either",
              tag: "kind",
              reserved: { numbers: [], names: [] },
              branches: [
                {
                  value: "x",
                  number: 1,
                  doc: "One.",
                  type: { kind: "object", name: "X", fields: [] },
                },
                {
                  value: "y",
                  number: 2,
                  type: {
                    kind: "object",
                    name: "Y",
                    fields: [{ name: "y", number: 1, required: true, type: { kind: "bool" } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    { name: "Reading", type: { kind: "int", bits: 16, signed: true, min: -40, max: 125 } },
  ],
  channels,
  roles: [
    {
      name: "app",
      doc: "People.",
      publish: ["e.request"],
      read: ["a.message", "e.reply"],
      bind: ["id"],
      probe: "a",
      session: { kind: "clean" },
      reconnectSpreadSeconds: 1,
      keepAliveSeconds: 60,
    },
  ],
}
