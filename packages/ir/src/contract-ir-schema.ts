/*
 * Longer than most files of the house: one JSON Schema, which reads best in one piece. `contract-ir.schema.json` beside
 * the package's manifest is this constant, printed.
 */

const text = { type: "string" } as const
const words = { type: "string", minLength: 1 } as const
const flag = { type: "boolean" } as const
const count = { type: "integer", minimum: 0 } as const
const positive = { type: "integer", minimum: 1 } as const
const finite = { type: "number" } as const
const wide = { type: "string", pattern: "^(?:0|-?[1-9][0-9]*)$" } as const
const list = <T>(items: T) => ({ type: "array", items }) as const
const ref = (name: string) => ({ $ref: `#/$defs/${name}` }) as const

type Properties = { readonly [name: string]: object }

/** An object of exactly these members; a name that ends in `?` may be absent. */
function closed(members: Properties): object {
  const names = Object.keys(members)
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name.replace("?", ""), members[name]!])),
    required: names.filter((name) => !name.endsWith("?")),
    additionalProperties: false,
  }
}

/** One of several definitions, told apart by their `kind`. */
function byKind(...definitions: readonly string[]): object {
  return { type: "object", required: ["kind"], oneOf: definitions.map(ref) }
}

const kind = (...names: readonly string[]) => (names.length === 1 ? { const: names[0]! } : { enum: names })

const party = { enum: ["device", "controller"] }
const format = { enum: ["json", "compact", "protobuf", "text", "bytes"] }
const drop = { enum: ["oldest", "newest", "latest-only", "reject"] }
const rights = list({ type: "string", pattern: "^[^.]+\\.[a-z]+$" })
const fieldNumber = { type: "integer", minimum: 1, maximum: 536870911 }

const channel: Properties = {
  name: words,
  "doc?": text,
  "deprecated?": text,
  "since?": text,
  "everyMs?": positive,
  legs: { type: "array", items: ref("leg"), minItems: 1 },
  from: party,
  "accept?": { type: "object", additionalProperties: text },
}

const connection: Properties = {
  session: ref("session"),
  reconnectSpreadSeconds: { type: "number", minimum: 0 },
  keepAliveSeconds: { type: "number", minimum: 0 },
}

const annotations: Properties = { "deprecated?": text, "since?": text, "was?": list(words) }

/**
 * JSON Schema 2020-12 of the intermediate form. What it cannot say is checked by `parseContractIr` besides: names that
 * refer to nothing, references in a circle, names and numbers given twice.
 */
export const contractIrSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://fleetwire.dev/schemas/contract-ir-1.json",
  title: "Fleetwire contract, intermediate form 1",
  ...closed({
    ir: { const: 1 },
    name: { type: "string", pattern: "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$" },
    version: { type: "string", pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$" },
    "doc?": text,
    params: list(ref("param")),
    device: closed({ param: words, ...connection }),
    messages: list(ref("message")),
    channels: list(ref("channel")),
    roles: list(ref("role")),
  }),
  $defs: {
    json: {},
    param: closed({
      name: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
      "doc?": text,
      "pattern?": text,
      maxLength: positive,
      reserved: list(text),
      "examples?": list(text),
    }),
    session: byKind("cleanSession", "persistentSession"),
    cleanSession: closed({ kind: kind("clean") }),
    persistentSession: closed({ kind: kind("persistent"), expirySeconds: count }),
    message: closed({
      name: words,
      "doc?": text,
      "unit?": text,
      type: ref("type"),
      "examples?": list(ref("json")),
      ...annotations,
    }),
    role: closed({
      name: words,
      "doc?": text,
      publish: rights,
      read: rights,
      "probe?": words,
      bind: list(words),
      ...connection,
    }),

    type: byKind(
      "bool",
      "int",
      "float",
      "string",
      "bytes",
      "enum",
      "const",
      "list",
      "map",
      "object",
      "union",
      "reference",
    ),
    bool: closed({ kind: kind("bool") }),
    int: {
      ...closed({
        kind: kind("int"),
        bits: { enum: [8, 16, 32, 64] },
        signed: flag,
        min: {},
        max: {},
        "multipleOf?": positive,
        "fixed?": flag,
        "epoch?": { enum: ["unix-seconds", "unix-milliseconds", "boot-milliseconds"] },
      }),
      if: { properties: { bits: { const: 64 } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits a schema.
      then: { properties: { min: wide, max: wide } },
      else: { properties: { min: { type: "integer" }, max: { type: "integer" } } },
    },
    float: closed({
      kind: kind("float"),
      bits: { enum: [32, 64] },
      "min?": finite,
      "max?": finite,
      "decimals?": count,
    }),
    string: closed({
      kind: kind("string"),
      "minLength?": count,
      "maxLength?": count,
      "maxBytes?": count,
      "pattern?": text,
      "format?": { enum: ["date-time", "date", "time", "uuid", "ipv4", "hostname", "uri"] },
    }),
    bytes: closed({ kind: kind("bytes"), "minLength?": count, "maxLength?": count }),
    enum: closed({
      kind: kind("enum"),
      name: words,
      open: flag,
      values: { type: "array", items: ref("enumValue"), minItems: 1 },
      "compactAs?": { const: "number" },
      "reserved?": ref("reserved"),
    }),
    enumValue: closed({
      name: text,
      number: { type: "integer", minimum: 0, maximum: 2147483647 },
      "doc?": text,
      "deprecated?": text,
      "was?": list(text),
    }),
    const: closed({ kind: kind("const"), value: { type: ["string", "number", "boolean"] } }),
    list: closed({
      kind: kind("list"),
      item: ref("type"),
      "itemUnit?": text,
      "itemDoc?": text,
      "minItems?": count,
      "maxItems?": count,
    }),
    map: closed({
      kind: kind("map"),
      value: ref("type"),
      "valueUnit?": text,
      "valueDoc?": text,
      "keyMaxLength?": count,
      "keyPattern?": text,
      "maxProperties?": count,
    }),
    object: closed({ kind: kind("object"), name: words, fields: list(ref("field")), "reserved?": ref("reserved") }),
    union: closed({
      kind: kind("union"),
      name: words,
      tag: words,
      branches: { type: "array", items: ref("unionBranch"), minItems: 1 },
      "reserved?": ref("reserved"),
    }),
    unionBranch: closed({ value: text, number: fieldNumber, type: ref("object"), "doc?": text }),
    reference: closed({ kind: kind("ref"), message: words }),
    reserved: closed({ numbers: list(count), names: list(text) }),
    field: closed({
      name: words,
      number: fieldNumber,
      "short?": words,
      required: flag,
      type: ref("type"),
      "nullAsAbsent?": flag,
      "default?": ref("json"),
      "auto?": { enum: ["now", "identity", "id", "elapsed", "session"] },
      "unit?": text,
      "doc?": text,
      "examples?": list(ref("json")),
      ...annotations,
    }),

    leg: closed({
      name: { enum: ["message", "request", "reply", "progress", "desired", "fleet", "reported"] },
      from: party,
      topic: words,
      message: words,
      qos: { enum: [0, 1, 2] },
      retain: flag,
      "expiryMs?": positive,
      accepts: { type: "array", items: format, minItems: 1 },
      sends: format,
      maxBytes: count,
      acknowledge: { enum: ["on-handled", "on-receipt"] },
      "versions?": { anyOf: [closed({ kind: kind("any") }), closed({ kind: kind("has", "lacks"), field: words })] },
      queue: closed({ bound: count, drop }),
      outbox: closed({ bound: count, drop, durable: flag }),
    }),
    channel: byKind("stream", "presence", "command", "action", "config", "broadcast"),
    stream: closed({ kind: kind("telemetry", "event", "state"), ...channel, "deadLetter?": words }),
    presence: closed({
      kind: kind("presence"),
      ...channel,
      online: ref("json"),
      offline: ref("json"),
      willDelayMs: count,
    }),
    command: closed({ kind: kind("command"), ...channel, command: ref("semantics") }),
    action: closed({ kind: kind("action"), ...channel, idempotent: flag }),
    config: closed({ kind: kind("config"), ...channel, versionField: words }),
    broadcast: closed({
      kind: kind("broadcast"),
      ...channel,
      replies: { enum: ["none", "each"] },
      "as?": words,
      command: ref("semantics"),
    }),
    semantics: closed({
      correlate: closed({
        request: words,
        "anonymous?": words,
        reply: { anyOf: [closed({ field: words }), closed({ param: words })] },
      }),
      "outcome?": ref("outcome"),
      timeoutMs: count,
      executionTimeoutMs: count,
      concurrency: count,
      queueBound: count,
      remember: closed({ count, bytes: count, retentionMs: count }),
      idempotent: flag,
      journal: { enum: ["none", "optional", "required"] },
      "preempt?": ref("fields"),
      "onInvalid?": ref("fields"),
      "onLinkLost?": closed({ action: ref("fields"), afterMs: count }),
      "cancel?": flag,
      "trustedClock?": words,
    }),
    fields: { type: "object" },
    outcome: closed({
      field: words,
      success: { type: "array", items: text, minItems: 1 },
      failure: text,
      "code?": words,
      "detail?": words,
      "retryAfterMs?": words,
    }),
  },
}
