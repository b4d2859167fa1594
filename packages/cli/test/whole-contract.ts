/** A contract that uses every word of the language. */
export const WHOLE_CONTRACT = `import {
  action, broadcast, command, config, DeadLetter, defineContract, event, message, presence, state, t, telemetry,
} from "@fleetwire/contract"

const Place = message("Place", { lat: t.float32({ min: -90, max: 90, decimals: 3 }), zone: t.optional(t.string({ maxLength: 8 })) })
const Id = t.string({ minLength: 1, maxLength: 40 })
const Everything = message(
  "Everything",
  {
    flag: t.bool({ doc: "On.", short: "f" }),
    wide: t.int64({ min: -5n, default: 3n }),
    epoch: t.unixMilliseconds({ auto: "now" }),
    boot: t.optional(t.bootMilliseconds()),
    fixed: t.uint32({ fixed: true, multipleOf: 5 }),
    word: t.string({ maxLength: 9, maxBytes: 20, pattern: "[a-z]+", was: ["wrd"], since: "1.1.0" }),
    when: t.dateTime(),
    blob: t.bytes({ minLength: 1, maxLength: 4, examples: [new Uint8Array([1, 2])] }),
    mode: t.enum({ fast: "Quick.", slow: { doc: "Not.", was: "slo" } }, { name: "Mode", open: true, compactAs: "number" }),
    is: t.const("x"),
    many: t.list(t.map(t.uint8({ unit: "A", doc: "Through it." }), { doc: "By phase.", maxProperties: 3, keyMaxLength: 4, keyPattern: "[a-c]+" }), { minItems: 1, maxItems: 2 }),
    shape: t.optional(t.union("type", { round: t.object({ r: t.float64() }, { doc: "A disc." }), point: t.object({}) }, { name: "Shape" })),
    place: t.field(Place, { doc: "Where.", short: "p" }),
    gone: t.optional(t.uint8({ nullAsAbsent: true, deprecated: "no more" })),
  },
  { doc: "All of it.", since: "1.0.0", was: ["Every"] },
)
const Ask = message("Ask", { id: Id, at: t.unixSeconds({ auto: "now" }), what: t.enum(["go", "stop"]) })
const Answer = message("Answer", { id: Id, status: t.enum(["ok", "failed"]), code: t.optional(t.string({ maxLength: 32 })), why: t.optional(t.string({ maxLength: 80 })), again: t.optional(t.uint32()) })
const Step = message("Step", { id: Id, percent: t.uint8({ max: 100 }) })
const Settings = message("Settings", { rev: t.uint32(), level: t.optional(t.uint8()) })

export default defineContract({
  name: "whole",
  version: "1.2.3",
  doc: "Everything.",
  params: {
    unit: t.param({ pattern: "u-[0-9]+", maxLength: 8, reserved: ["all"], doc: "A unit.", examples: ["u-1"] }),
    part: t.param({ maxLength: 12, pattern: "p[0-9]*" }),
  },
  device: { param: "unit", session: { expiry: "2 h" }, reconnectSpread: "20 s", keepAlive: "15 s" },
  channels: {
    all: telemetry("whole/{unit}/{part}/reading", Everything, { every: "250 ms", qos: 1, formats: ["compact", "json"], sends: "json", growth: 0, queue: { bound: 7, drop: "newest" }, outbox: { bound: 3, drop: "oldest", durable: true }, acknowledge: "on-handled", deadLetter: "dead", doc: "Readings.", since: "1.1.0" }),
    alarm: event("whole/{unit}/alarm", Place, { expiry: "90 s", maxBytes: "4 KiB", deprecated: "use all" }),
    level: state("whole/{unit}/level", message("Level", t.uint8({ unit: "cm", doc: "How high it stands." })), { formats: ["text"] }),
    status: presence("whole/{unit}/status", message("Status", t.enum(["up", "down"])), { formats: ["text"], online: "up", offline: "down", willDelay: "3 s" }),
    drive: command("whole/{unit}/ask", {
      request: Ask, reply: { topic: "whole/{unit}/answer", qos: 2 }, response: Answer, progress: Step, progressTopic: "whole/{unit}/step",
      correlate: ["id", "id"], outcome: { field: "status", success: ["ok"], failure: "failed", code: "code", detail: "why", retryAfterMs: "again" },
      timeout: "4 s", executionTimeout: "9 s", expiry: "20 s", concurrency: 2, queueBound: 3, remember: { count: 9, bytes: "1 KiB", for: "5 min" },
      idempotent: true, journal: "optional", preempt: { what: "stop" }, onInvalid: { what: "stop" }, onLinkLost: { what: "stop", after: "2 s" }, cancel: true, trustClock: "at",
      accept: { "contract/qos-2": "to have it here" },
    }),
    honk: action("whole/{unit}/honk", message("Honk", t.const("now")), { formats: ["text"], idempotent: true }),
    help: action("whole/{unit}/help", message("Help", { why: t.string({ maxLength: 9 }) }), { from: "device", qos: 0 }),
    settings: config("whole/{unit}/settings", Settings, { fleet: "whole/all/settings", versionField: "rev", reported: "whole/{unit}/settled" }),
    everyone: broadcast("whole/all/ask", Ask, { as: "drive", replies: "each", timeout: "8 s" }),
    ring: broadcast("whole/all/ring", Ask, { preempt: { what: "stop" } }),
    dead: event("whole/all/dead", DeadLetter, { from: "controller" }),
    probe: event("whole/all/probe", message("Probe", { id: t.string({ maxLength: 40, auto: "id" }) }), { from: "controller" }),
  },
  roles: {
    app: { doc: "A person.", publish: ["drive", "honk", "dead", "probe"], read: ["all", "status", "drive", "probe"], bind: ["unit"], probe: "probe" },
    backend: { publish: "*", read: "*", session: { expiry: "1 d" }, keepAlive: "60 s", reconnectSpread: "3 s" },
  },
})
`
