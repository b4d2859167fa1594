import { broadcast, command, config, event, message, state, t, telemetry } from "../src/index.js"
import type { Row } from "./row.js"
import { Reading, smallContract, withChannel } from "./small-contract.js"

const free = { unit: t.param({ maxLength: 8 }) }
const Request = message("Request", { id: t.string({ maxLength: 32 }), what: t.enum(["go", "stop"]) })
const Answer = message("Answer", { id: t.string({ maxLength: 32 }), status: t.enum(["ok", "failed"]) })
const Settings = message("Settings", { version: t.uint32() })

/** Mistakes in params and topics. */
export const topicRows: readonly Row[] = [
  {
    code: "contract/param-unknown",
    given: () => withChannel(telemetry("demo/{unit}/{room}", Reading)),
    path: "channels.tested",
    message: "topic `demo/{unit}/{room}` names the param `room`, which is not declared",
    help: "add `room: t.param()` to params",
  },
  {
    code: "contract/param-unused",
    given: () => smallContract({ params: { unit: t.param({ maxLength: 8 }), room: t.param() } }),
    path: "params.room",
    message: "no topic has the param `room`",
    help: "remove it",
  },
  {
    code: "contract/param-value",
    given: () => smallContract({ params: { unit: t.param({ pattern: "u-[0-9]+", maxLength: 8, examples: ["v-1"] }) } }),
    path: "params.unit",
    message: 'example `v-1` is no value of the param: "v-1" does not match u-[0-9]+',
    help: "change it or the param's pattern",
  },
  {
    code: "contract/device-param",
    given: () => smallContract({ device: "car" }),
    path: "device",
    message: "device param `car` is not declared",
    help: "declare it in params, or name one of `unit`",
  },
  {
    code: "contract/topic-slash",
    given: () => withChannel(telemetry("/demo/{unit}/reading" as string, Reading)),
    path: "channels.tested",
    message: "topic `/demo/{unit}/reading` begins or ends with `/`, which makes an empty level",
    help: "write `demo/{unit}/reading`",
  },
  {
    code: "contract/topic-overlap",
    given: () =>
      smallContract({
        channels: { one: telemetry("demo/{unit}/reading", Reading), two: event("demo/{unit}/reading", Reading) },
      }),
    path: "channels.two",
    message:
      "a topic such as `demo/u-1/reading` fits both `demo/{unit}/reading` and `demo/{unit}/reading` of one.message",
    help: "change a literal, or give the param a pattern or `reserved` values that keep them apart",
  },
  {
    code: "contract/topic-overlap",
    given: () =>
      smallContract({
        params: { unit: t.param({ pattern: "[a-f]+[0-9]" }), room: t.param({ pattern: "[d-k][0-9]+" }) },
        channels: { one: telemetry("demo/{unit}/reading", Reading), two: event("demo/{room}/reading", Reading) },
      }),
    path: "channels.two",
    message:
      "a topic such as `demo/d0/reading` fits both `demo/{room}/reading` and `demo/{unit}/reading` of one.message",
    help: "change a literal, or give the param a pattern or `reserved` values that keep them apart",
  },
  {
    code: "contract/topic",
    given: () => withChannel(telemetry("demo/{unit}/read+ing", Reading)),
    path: "channels.tested",
    message: "topic `demo/{unit}/read+ing` is not a template: + is a wildcard of filters",
    help: "levels are literals or one `{param}`, joined by `/`",
  },
  {
    code: "contract/topic",
    given: () => withChannel(telemetry(`demo/{unit}/${"x".repeat(1_000_000)}+`, Reading)),
    path: "channels.tested",
    message: `topic \`demo/{unit}/${"x".repeat(48)}… (1000013 characters)\` is not a template: + is a wildcard of filters`,
    help: "levels are literals or one `{param}`, joined by `/`",
  },
  {
    code: "contract/topic",
    given: () => withChannel(telemetry("$demo/{unit}/reading", Reading)),
    path: "channels.tested",
    message:
      "topic `$demo/{unit}/reading` is not a template: the first level begins with $, which belongs to the broker",
    help: "levels are literals or one `{param}`, joined by `/`",
  },
  {
    code: "contract/pattern",
    given: () => smallContract({ params: { unit: t.param({ pattern: "^u-[0-9]+$" }) } }),
    path: "params.unit",
    message: 'pattern `^u-[0-9]+$` is outside the regular subset: "^": a pattern is anchored by itself (character 1)',
    help: "use literals, classes, groups, `|`, `?`, `*`, `+` and `{n,m}`; patterns are anchored without `^` and `$`",
  },
  {
    code: "contract/param-admits-literal",
    given: () =>
      smallContract({
        params: free,
        channels: { own: config("demo/{unit}/config", Settings, { fleet: "demo/fleet/config" }) },
      }),
    path: "params.unit",
    message: "param `unit` may be `fleet`, which `demo/fleet/config` has as a literal there",
    help: 'add it to the param: `reserved: ["fleet"]`',
  },
  {
    code: "contract/param-admits-literal",
    given: () =>
      smallContract({
        params: free,
        channels: {
          own: telemetry("demo/{unit}/reading", Reading),
          log: event("demo/admin/log/line", Reading, { accept: { "contract/topic-no-device": "as shipped" } }),
        },
      }),
    path: "params.unit",
    message: "param `unit` may be `admin`, which `demo/admin/log/line` has as a literal there",
    help: 'add it to the param: `reserved: ["admin"]`',
  },
  {
    code: "contract/topic-no-device",
    given: () => withChannel(event("demo/admin/log", Reading), { params: { unit: t.param() } }),
    path: "channels.tested",
    message: "topic `demo/admin/log` lacks the device's param `unit`, so nobody can tell whose message it is",
    help: "put `{unit}` into the topic",
  },
  {
    code: "contract/topic-with-device",
    given: () => withChannel(broadcast("demo/{unit}/all", Request)),
    path: "channels.tested.request",
    message: "topic `demo/{unit}/all` of a broadcast names the device's param `unit`, but is for all devices",
    help: "take `{unit}` out of the topic",
  },
  {
    code: "contract/reply-params",
    given: () =>
      withChannel(
        command("demo/{unit}/command", {
          request: Request,
          reply: "demo/{unit}/{room}",
          response: Answer,
          outcome: { field: "status", success: "ok", failure: "failed" },
        }),
        { params: { unit: t.param(), room: t.param() } },
      ),
    path: "channels.tested.reply",
    message: "reply topic `demo/{unit}/{room}` has the param `room`, which the request's topic does not have",
    help: 'use the params of the request\'s topic, or correlate by it: `correlate: ["id", { param: "room" }]`',
  },
  {
    code: "style/topic-case",
    given: () => withChannel(telemetry("demo/{unit}/highTemp", Reading)),
    path: "channels.tested",
    message: "level `highTemp` of `demo/{unit}/highTemp` is not lowercase words joined by hyphens",
    help: "write `high-temp`",
  },
  {
    code: "style/topic-depth",
    given: () => withChannel(telemetry("demo/{unit}", Reading)),
    path: "channels.tested",
    message: "topic `demo/{unit}` has 2 levels; 3 to 5 read well",
    help: "say the domain and the device first",
  },
  {
    code: "style/topic-equal-depth",
    given: () =>
      smallContract({
        channels: {
          one: state("demo/{unit}/sensor/battery", Reading),
          two: state("demo/{unit}/sensor/gps/latitude", message("Other", { value: t.uint8() })),
        },
      }),
    path: "channels.two",
    message:
      "topic `demo/{unit}/sensor/gps/latitude` has 5 levels, others of its kind under `demo/{unit}/sensor` have 4",
    help: "give equal things equal depth",
  },
  {
    code: "style/topic-length",
    given: () => smallContract({ params: { unit: t.param({ maxLength: 190 }) } }),
    path: "channels.reading",
    message: "topic `demo/{unit}/reading` may be 203 characters long; below 200 suits every client",
    help: "shorten literals or bound the params",
  },
  {
    code: "style/topic-plural",
    given: () => withChannel(telemetry("demo/{unit}/readings", Reading)),
    path: "channels.tested",
    message: "level `readings` of `demo/{unit}/readings` is a plural",
    help: "write `reading`: a topic names one thing",
  },
]
