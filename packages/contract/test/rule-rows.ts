import { command, event, message, presence, state, t, telemetry } from "../src/index.js"
import type { Row } from "./row.js"
import { Reading, smallContract, withChannel } from "./small-contract.js"

const id = t.string({ maxLength: 32 })
const Answer = message("Answer", { id, status: t.enum(["ok", "failed"]) })
const Status = message("Status", { status: t.enum(["online", "offline"]) })
const Big = message("Big", { one: t.uint32(), two: t.uint32(), three: t.string({ maxLength: 40 }) })
const status = presence("demo/{unit}/status", Status, { online: { status: "online" }, offline: { status: "offline" } })
const stop = { what: "stop" } as const
const at = "channels.tested"

/** A command that moves something, with everything that keeps it safe; parts replaced. */
export function moving(options: object = {}, duration: object = t.uint32({ max: 5_000, unit: "ms" })): unknown {
  const fields = { id, what: t.enum(["go", "stop"]), duration: t.optional(duration as never) }
  const tested = command("demo/{unit}/command", {
    request: message("Request", fields),
    reply: "demo/{unit}/response",
    response: Answer,
    outcome: { field: "status", success: "ok", failure: "failed" },
    preempt: stop,
    onInvalid: { id: "", ...stop },
    onLinkLost: { id: "", ...stop, after: "2 s" },
    ...options,
  } as never)
  return smallContract({ channels: { tested, status } })
}

/** Contracts that are right and hurt a fleet: cost, portability, safety, style. */
export const ruleRows: readonly Row[] = [
  {
    code: "style/topic-root",
    given: () => withChannel(telemetry("{unit}/demo/reading", Reading)),
    path: at,
    message:
      "topic `{unit}/demo/reading` begins with the param `unit`, so rules, bridges and filters have no prefix to go by",
    help: "put a literal in front: `demo/{unit}/demo/reading`",
  },
  {
    code: "style/topic-device-level",
    given: () =>
      smallContract({
        channels: {
          one: telemetry("demo/{unit}/one", Reading),
          two: telemetry("demo/{unit}/two", Reading),
          tested: telemetry("demo/three/{unit}", Reading),
        },
        params: { unit: t.param({ pattern: "u-[0-9]+", maxLength: 8 }) },
      }),
    path: at,
    message: "`unit` is level 3 of `demo/three/{unit}`, and level 2 of most topics",
    help: "let it stand at the same level: one rule of the broker then covers a device",
  },
  {
    code: "style/topic-version",
    given: () => withChannel(telemetry("demo/v2/{unit}/reading", Reading)),
    path: at,
    message: "level `v2` of `demo/v2/{unit}/reading` is another version than 1, which the contract has",
    help: "write `v1`, or leave it out: versions are told apart by Content Type or by a field",
  },
  {
    code: "cost/stored-often",
    given: () => withChannel(state("demo/{unit}/level", Reading, { every: "200 ms" })),
    path: at,
    message: "a state is stored by the broker 5 times a second for each device",
    help: "make it telemetry, or say it more seldom: only the last one is ever read from the store",
  },
  {
    code: "cost/acknowledged-often",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { every: "500 ms", qos: 1 })),
    path: at,
    message: "telemetry at QoS 1, 2 times a second: 2 packets for each that the next one replaces",
    help: "use `qos: 0`, or make it an event if none may be lost",
  },
  {
    code: "cost/topic-outweighs",
    given: () => withChannel(telemetry("demo/{unit}/reading", Reading, { every: "100 ms" })),
    path: at,
    message: "the topic has up to 21 octets, its payload up to 13, 10 times a second",
    help: "say several values in one message, or shorten the topic; at MQTT 5 an alias stands for it",
  },
  {
    code: "cost/json-often",
    given: () => withChannel(telemetry("demo/{unit}/reading", Big, { every: "100 ms" })),
    path: at,
    message: "up to 286 octets of JSON, 10 times a second",
    help: 'declare a shorter one: `formats: ["json", "protobuf"], sends: "protobuf"`',
  },
  {
    code: "cost/json-often",
    given: () => withChannel(telemetry("demo/{unit}/reading", Big, { every: "100 ms", formats: ["json", "protobuf"] })),
    path: at,
    message: "up to 286 octets of JSON, 10 times a second",
    help: 'write `sends: "protobuf"`',
  },
  {
    code: "portability/qos-2",
    given: () => withChannel(event("demo/{unit}/alarm", Reading, { qos: 2 })),
    path: at,
    message: "AWS IoT Core and Azure Event Grid refuse QoS 2, and RabbitMQ turns it into QoS 1",
    help: "use QoS 1 with a field by which a reader knows what it has seen, or accept it for brokers that have it",
  },
  {
    code: "portability/topic-size",
    given: () => withChannel(telemetry("demo/{unit}/a/b/c/d/e/f/g", Reading)),
    path: at,
    message: "topic `demo/{unit}/a/b/c/d/e/f/g` has 9 levels and up to 27 octets; AWS IoT Core takes 8 and 256",
    help: "shorten it, or give the params a pattern and a `maxLength`",
  },
  {
    code: "portability/topic-size",
    given: () => smallContract({ params: { unit: t.param({ maxLength: 70 }) } }),
    path: "channels.reading",
    message: "topic `demo/{unit}/reading` has 3 levels and up to 293 octets; AWS IoT Core takes 8 and 256",
    help: "shorten it, or give the params a pattern and a `maxLength`",
  },
  {
    code: "portability/payload-size",
    given: () =>
      withChannel(telemetry("demo/{unit}/image", message("Image", { data: t.bytes({ maxLength: 100_000 }) }))),
    path: at,
    message: "a payload of up to 133347 octets; AWS IoT Core takes 131072",
    help: "send it in parts, or send where it can be fetched",
  },
  {
    code: "portability/integer-64",
    given: () => withChannel(telemetry("demo/{unit}/reading", message("Counter", { ticks: t.uint64() }))),
    path: "Counter.ticks",
    message:
      "`Counter.ticks` goes beyond ±9007199254740991, so it is text in JSON, which peers that were not generated must know",
    help: "bound it by `max: 9007199254740991`, or accept it",
  },
  {
    code: "portability/small-buffer",
    given: () => withChannel(telemetry("demo/{unit}/order", Big, { from: "controller" })),
    rules: ["portability/small-buffer"],
    path: at,
    message: "a device must hold a packet of up to 312 octets; PubSubClient holds 256 unless it is told more",
    help: "bound the message more tightly, or call `setBufferSize` in the firmware",
  },
  {
    code: "portability/expiry-without-clock",
    given: () => moving(),
    rules: ["portability/expiry-without-clock"],
    path: `${at}.request`,
    message: "MQTT 3.1.1 carries no expiry: there an order that waited for its device counts from when it arrives",
    help: "name the field that says when it was sent: `trustClock`, where clocks agree; or use MQTT 5",
  },
  {
    code: "safety/long-expiry",
    given: () => moving({ expiry: "10 min" }),
    path: at,
    message: "something may begin to move 600 s after it was told to",
    help: 'make `expiry` shorter: `"30 s"` suits what a person waits for',
  },
  {
    code: "safety/no-link-lost",
    given: () => moving({ onLinkLost: undefined }),
    path: at,
    message: "the command has a safe action, and none for a connection that is gone: what moves goes on",
    help: 'add `onLinkLost: { …, after: "2 s" }`',
  },
  {
    code: "safety/no-on-invalid",
    given: () => moving({ onInvalid: undefined }),
    path: at,
    message:
      "the command moves something, and a request that cannot be read leaves it as it is: it may have been the stop",
    help: "add `onInvalid: { … }`, the safe action",
  },
  {
    code: "safety/endless-duration",
    given: () => moving({}, t.uint32({ unit: "s" })),
    path: "Request.duration",
    message: "`Request.duration` of a command that moves something may be 1193046 h",
    help: "bound it by `max`: what is lost after a request then ends by itself",
  },
  {
    code: "safety/no-presence",
    given: () =>
      withChannel(
        command("demo/{unit}/command", {
          request: message("Request", { id }),
          reply: "demo/{unit}/response",
          response: Answer,
          outcome: { field: "status", success: "ok", failure: "failed" },
        }),
      ),
    path: at,
    message: "the contract has a command and no presence, so a caller learns that a device is gone only by waiting",
    help: 'add `status: presence("…/{…}/status", Status, …)`: the broker says it when the connection is cut',
  },
]
