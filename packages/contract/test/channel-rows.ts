import {
  action,
  broadcast,
  command,
  config,
  DeadLetter,
  event,
  message,
  presence,
  state,
  t,
  telemetry,
} from "../src/index.js"
import type { Row } from "./row.js"
import { Reading, smallContract, withChannel } from "./small-contract.js"

const id = t.string({ maxLength: 32 })
const Request = message("Request", { id, what: t.enum(["go", "stop"]) })
const Answer = message("Answer", { id, status: t.enum(["ok", "failed"]), words: t.string({ maxLength: 20 }) })
const Status = message("Status", { status: t.enum(["online", "offline"]) })
const outcome = { field: "status", success: "ok", failure: "failed" } as const
const topics = { reply: "demo/{unit}/response" } as const

const ask = (options: object, request: unknown = Request, response: unknown = Answer) =>
  withChannel(command("demo/{unit}/command", { request, response, outcome, ...topics, ...options } as never))
const settings = (fields: object, options: object = {}) =>
  withChannel(config("demo/{unit}/config", message("Settings", fields as never), options as never))
const at = "channels.tested"
const Probe = message("Probe", { id: t.string({ maxLength: 32, auto: "id" }) })
const withFailed = (failed: unknown, app: object = { publish: "*", read: "*" }) =>
  smallContract({
    channels: { tested: event("demo/{unit}/alarm", Reading, { deadLetter: "failed" }), failed },
    roles: { app, other: { publish: "*" } },
  })
const withProbe = (probe: Parameters<typeof event>[1], kind: "event" | "telemetry") =>
  smallContract({
    channels: {
      status: presence("demo/{unit}/status", Status),
      probe: { event, telemetry }[kind]("demo/fleet/probe", probe, { from: "controller" }),
    },
    roles: { app: { publish: "*", read: "*", probe: "probe" } },
  })

/** Mistakes in channels. */
export const channelRows: readonly Row[] = [
  {
    code: "contract/accept-unknown",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { accept: { "contract/name": "so" } })),
    path: at,
    message: "`contract/name` is no diagnostic that a channel can accept",
    help: "",
  },
  {
    code: "contract/accept-unused",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { accept: { "style/topic-case": "so" } })),
    path: at,
    message: "nothing here needs `style/topic-case` to be accepted",
    help: "remove it from `accept`",
  },
  {
    code: "contract/version-field",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { versions: { has: "nothing" } })),
    path: at,
    message: "`nothing` cannot tell versions apart: `Reading` does not have it",
    help: "name a required field of it",
  },
  {
    code: "contract/version-field",
    given: () => {
      const Wide = message("Wide", { value: t.uint8(), extra: t.optional(t.uint8()) })
      return withChannel(telemetry("demo/{unit}/reading", Wide, { versions: { has: "extra" } }))
    },
    path: at,
    message: "`extra` cannot tell versions apart: `Wide` does not always have it",
    help: "name a required field of it",
  },
  {
    code: "contract/version-field",
    given: () => ask({ versions: { lacks: "what" } }),
    path: `${at}.request`,
    message: "`what` cannot tell versions apart: `Request` does not lack it",
    help: "name one that it has not",
  },
  {
    code: "contract/option-value",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { versions: { has: 7 } as never })),
    path: at,
    message: 'option `versions` is `{"has":7}`, not a rule',
    help: 'write `{ has: "sensors" }`, `{ lacks: "sensors" }` or `"any"`',
  },
  {
    code: "contract/option-undefined",
    given: () => ask({ timeout: undefined }),
    path: at,
    message: "option `timeout` is there and undefined",
    help: "",
  },
  {
    code: "contract/option-value",
    given: () => ask({ timeout: "0 s" }),
    path: at,
    message: 'option `timeout` is `"0 s"`, not a duration above zero',
    help: 'write `"250 ms"`, `"5 s"`, `"1 min"`, `"2 h"` or `"1 d"`',
  },
  {
    code: "contract/option-value",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { formats: [] })),
    path: at,
    message: "option `formats` is `[]`, not a list of formats",
    help: 'write `["json"]`',
  },
  {
    code: "contract/option-value",
    given: () => ask({ queueBound: -1 }),
    path: at,
    message: "option `queueBound` is `-1`, not a whole number from 0",
    help: "write `0` or more",
  },
  {
    code: "contract/qos",
    given: () => withChannel(event("demo/{unit}/reading", Reading, { qos: 0 })),
    path: at,
    message: "an event at QoS 0; it needs at least 1",
    help: "use `qos: 1`, or make it telemetry if losing one does no harm",
  },
  {
    code: "contract/qos-2",
    given: () => ask({ qos: 2, reply: { topic: "demo/{unit}/response", qos: 1 } }),
    path: `${at}.request`,
    message: "QoS 2 costs two more packets a message and gives a command nothing",
    help: "use QoS 1: the id already makes it run once",
  },
  {
    code: "contract/retain-option",
    given: () => ask({ retain: true }),
    path: at,
    message: "`retain` is not an option: a command is never retained",
    help: "remove it; what must be there for late readers is a state or a config",
  },
  {
    code: "contract/expiry-on-retained",
    given: () => withChannel(presence("demo/{unit}/status", Status, { expiry: "1 h" })),
    path: at,
    message: "presence has no expiry: a late reader would find nothing",
    help: "remove `expiry`",
  },
  {
    code: "contract/from",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { from: "monitor" })),
    path: at,
    message: '`from: "monitor"` is neither `device`, `controller` nor a role',
    help: "known roles are `device`, `controller`, `app`",
  },
  {
    code: "contract/from-fixed",
    given: () => withChannel(presence("demo/{unit}/status", Status, { from: "controller" })),
    path: at,
    message: "presence comes from the device, never from the controller",
    help: "remove `from`",
  },
  {
    code: "contract/sends-outside-formats",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { formats: ["json"], sends: "protobuf" })),
    path: at,
    message: "the channel sends `protobuf` and does not accept it",
    help: "add it to `formats`",
  },
  {
    code: "contract/format-type",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { formats: ["text"] })),
    path: at,
    message: "format `text` cannot carry message `Reading`, which is an object",
    help: "text is for one scalar; use json",
  },
  {
    code: "contract/format-missing-short",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { formats: ["json", "compact"] })),
    path: at,
    message: "`compact` is declared and no field of `Reading` has a short key",
    help: "add `short` to fields, or drop `compact`",
  },
  {
    code: "contract/zero-bytes",
    given: () =>
      withChannel(
        state("demo/{unit}/mode", message("Mode", { mode: t.optional(t.uint8()) }), { formats: ["protobuf"] }),
      ),
    path: at,
    message: "`Mode` could encode to zero octets in protobuf, which would clear the retained topic",
    help: "make a field required that is no list or map",
  },
  {
    code: "contract/zero-bytes",
    given: () =>
      withChannel(state("demo/{unit}/mode", message("Mode", t.string({ maxLength: 4 })), { formats: ["text"] })),
    path: at,
    message: "`Mode` could encode to zero octets in text, which would clear the retained topic",
    help: "give it `minLength: 1`",
  },
  {
    code: "contract/max-bytes",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { maxBytes: 10 })),
    path: at,
    message: "`maxBytes` 10 is below 13, the worst case of `Reading` in json",
    help: "raise it, or bound the message's fields more tightly",
  },
  {
    code: "contract/durable-clean",
    given: () =>
      withChannel(event("demo/{unit}/reading", Reading, { outbox: { durable: true } }), {
        device: { param: "unit", session: "clean" },
      }),
    path: at,
    message: "the outbox of `tested.message` is durable, but the device has a clean session",
    help: 'give it `session: "persistent"`, or drop the durable option',
  },
  {
    code: "contract/durable-clean",
    given: () => ({ ...(ask({ journal: "required" }) as object), device: { param: "unit", session: "clean" } }),
    path: at,
    message: "the journal is durable, but the device has a clean session",
    help: 'give it `session: "persistent"`, or drop the durable option',
  },
  {
    code: "contract/on-handled-qos-0",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { acknowledge: "on-handled" })),
    path: at,
    message: '`acknowledge: "on-handled"` does nothing at QoS 0',
    help: "use QoS 1, or remove it",
  },
  {
    code: "contract/action-not-idempotent",
    given: () =>
      withChannel(action("demo/{unit}/toggle", message("Toggle", t.enum(["toggle"])), { formats: ["text"] })),
    path: at,
    message: "an action at QoS 1 may run twice, and this one is not idempotent",
    help: "say `idempotent: true` if twice does no harm, or make it a command with an id",
  },
  {
    code: "contract/presence-constants",
    given: () => withChannel(presence("demo/{unit}/status", message("Status", { up: t.bool() }))),
    path: at,
    message: "presence says no `online`",
    help: "add `online: { … }`, the fields that say so",
  },
  {
    code: "contract/presence-same",
    given: () =>
      withChannel(
        presence("demo/{unit}/status", Status, { online: { status: "online" }, offline: { status: "online" } }),
      ),
    path: at,
    message: "`online` and `offline` say the same",
    help: "let one field differ",
  },
  {
    code: "contract/presence-field",
    given: () =>
      withChannel(
        presence("demo/{unit}/status", message("Status", { status: t.enum(["online", "offline"]), level: t.uint8() })),
      ),
    path: `${at}.offline`,
    message: "required field `level` is in neither `offline` nor filled in by itself",
    help: "add it to `offline`, or give it `auto`",
  },
  {
    code: "contract/presence-many",
    given: () =>
      smallContract({
        channels: { one: presence("demo/{unit}/status", Status), two: presence("demo/{unit}/health", Status) },
      }),
    path: "channels.two",
    message: "a contract has one presence channel, and this is another beside `one`",
    help: "a connection has one last will: make it a state",
  },
  {
    code: "contract/correlate",
    given: () => ask({}, Request, message("Answer", { reply_to: id, status: t.enum(["ok", "failed"]) })),
    path: at,
    message: "request and reply have no common field to match them by",
    help: 'name them: `correlate: ["id", "command_id"]`',
  },
  {
    code: "contract/correlate-field",
    given: () => ask({ correlate: ["id", "command_id"] }),
    path: at,
    message: "`Answer` has no field `command_id` to correlate by",
    help: "name one of `id`, `status`, `words`",
  },
  {
    code: "contract/correlate-type",
    given: () => ask({}, message("Request", { id: t.string({ maxLength: 8 }) })),
    path: at,
    message: "`Request.id` cannot hold an id: it needs a string with room for 24 characters",
    help: "use t.string({ maxLength: 64 })",
  },
  {
    code: "contract/correlate-param",
    given: () => ask({ correlate: ["id", { param: "request" }] }),
    path: at,
    message: "reply topic `demo/{unit}/response` has no param `request` to correlate by",
    help: "put `{request}` into it",
  },
  {
    code: "contract/no-outcome",
    given: () => ask({ outcome: undefined }),
    path: at,
    message: "the reply cannot say that a command failed",
    help: 'add `outcome: { field: "status", success: ["success"], failure: "error" }`',
  },
  {
    code: "contract/outcome",
    given: () => ask({ outcome: { field: "status", success: "done", failure: "failed" } }),
    path: `${at}.outcome`,
    message: 'outcome: `done` does not fit `status`: `"done"` is not one of ok, failed',
    help: "use a value of the field",
  },
  {
    code: "contract/safe-action",
    given: () => ask({ preempt: { what: "halt" } }),
    path: `${at}.preempt`,
    message: '`preempt` is not a request of `Request`: /what: `"halt"` is not one of go, stop',
    help: "write the fields as a caller would",
  },
  {
    code: "contract/safe-action-incomplete",
    given: () =>
      ask(
        { preempt: { what: "stop" }, onInvalid: { what: "stop" } },
        message("Request", { id, what: t.enum(["go", "stop"]), speed: t.uint8() }),
      ),
    path: `${at}.onInvalid`,
    message: "`onInvalid` lacks the required field `speed`",
    help: "add it: the safe action must be a whole request",
  },
  {
    code: "contract/no-preempt",
    given: () => ask({ onInvalid: { what: "stop" } }),
    path: at,
    message: "the command has a safe action and no `preempt`, so a busy device would make it wait",
    help: 'add `preempt: {"what":"stop"}`',
  },
  {
    code: "contract/preempt-safe",
    given: () => ask({ onInvalid: { what: "stop" }, preempt: { what: "go" } }),
    path: at,
    message: "the safe action `onInvalid` is not what `preempt` matches",
    help: "let them be the same, so that callers can ask for it at any load",
  },
  {
    code: "contract/expiry-timeout",
    given: () => ask({ timeout: "10 s", expiry: "5 s" }),
    path: at,
    message: "the request expires after 5000 ms, before its caller gives up after 10000 ms",
    help: "make `expiry` at least as long as `timeout`",
  },
  {
    code: "contract/remember",
    given: () => ask({ expiry: "30 s", remember: { for: "10 s" } }),
    path: at,
    message: "outcomes are kept for 10000 ms, but a request may arrive for 30000 ms",
    help: "keep them longer than `expiry`",
  },
  {
    code: "contract/broadcast-as",
    given: () => withChannel(broadcast("demo/fleet/all", Request, { as: "drive" })),
    path: at,
    message: '`as: "drive"` is no channel',
    help: "name a command of the contract that controllers send, with the same request",
  },
  {
    code: "contract/broadcast-reply",
    given: () => withChannel(broadcast("demo/fleet/all", Request, { replies: "each" })),
    path: at,
    message: '`replies: "each"` needs a reply topic',
    help: "name a command with `as`, or give `reply` and `response`",
  },
  {
    code: "contract/config-version",
    given: () => settings({ level: t.uint8() }),
    path: at,
    message: "`Settings` has no required integer field `version` for its version",
    help: "add `version: t.uint32()`, or name another with `versionField`",
  },
  {
    code: "contract/config-required",
    given: () => settings({ version: t.uint32(), level: t.uint8() }, { fleet: "demo/fleet/config" }),
    path: "Settings.level",
    message: "field `level` is required, so a device's config can never inherit the fleet's",
    help: "make it optional: absent means inherit",
  },
  {
    code: "contract/config-default",
    given: () => settings({ version: t.uint32(), level: t.uint8({ default: 3 }) }, { fleet: "demo/fleet/config" }),
    path: "Settings.level",
    message: "field `level` has a default, which hides the fleet's value whenever a device's config leaves it out",
    help: "remove the default: absent means inherit",
  },
  {
    code: "contract/config-default",
    given: () => {
      const limits = t.object({ speed: t.optional(t.uint8({ default: 3 })) })
      return settings({ version: t.uint32(), limits: t.optional(limits) }, { fleet: "demo/fleet/config" })
    },
    path: "Settings.limits.speed",
    message:
      "field `limits.speed` has a default, which hides the fleet's value whenever a device's config leaves it out",
    help: "remove the default: absent means inherit",
  },
  {
    code: "contract/progress-id",
    given: () => ask({ progress: message("Step", { percent: t.uint8() }) }),
    path: at,
    message: "`Step` has no text `id`, by which what is said on the way finds its call",
    help: "give it the field that the response has",
  },
  {
    code: "contract/progress-topic",
    given: () => ask({ progressTopic: "demo/{unit}/progress" }),
    path: at,
    message: "`progressTopic` without `progress` says nothing",
    help: "add `progress`: the message that a handler may send while it runs",
  },
  {
    code: "contract/trust-clock",
    given: () => ask({ trustClock: "what" }),
    path: at,
    message: "`Request.what` is no required moment by which a request could expire",
    help: "name a required field of t.unixSeconds, t.unixMilliseconds or t.dateTime",
  },
  {
    code: "contract/dead-letter",
    given: () => withChannel(event("demo/{unit}/alarm", Reading, { deadLetter: "failed" })),
    path: at,
    message: "`failed` cannot take what is not handled: it is no channel",
    help: 'declare `event("…/failed", DeadLetter, { from: "controller" })`, and let every reader publish it',
  },
  {
    code: "contract/dead-letter",
    given: () => withFailed(event("demo/fleet/failed", Reading, { from: "controller" })),
    path: at,
    message: "`failed` cannot take what is not handled: it has another message than `DeadLetter`",
    help: "",
  },
  {
    code: "contract/dead-letter",
    given: () => withFailed(event("demo/fleet/failed", DeadLetter, { from: "controller" }), { read: "*" }),
    path: at,
    message: "`failed` cannot take what is not handled: it is not published by role `app`, which reads `tested`",
    help: "",
  },
  {
    code: "contract/probe",
    given: () => withProbe(message("Probe", { id }), "event"),
    path: "roles.app.probe",
    message: '`probe` cannot be a probe: it has no field with `auto: "id"` to know it again by',
    help: "",
  },
  {
    code: "contract/probe",
    given: () => withProbe(Probe, "telemetry"),
    path: "roles.app.probe",
    message: "`probe` cannot be a probe: it has QoS 0, and presence has 1: only what has the same QoS stays in order",
    help: "",
  },
  {
    code: "contract/protobuf-absence",
    given: () =>
      withChannel(
        telemetry(
          "demo/{unit}/reading",
          message("Several", { values: t.optional(t.list(t.uint8(), { maxItems: 4 })) }),
          {
            formats: ["json", "protobuf"],
          },
        ),
      ),
    path: "Several.values",
    message: "`values` is a list that may be absent, and protobuf cannot tell an empty one from an absent one",
    help: "make it required, or wrap it in an object that may be absent",
  },
]
