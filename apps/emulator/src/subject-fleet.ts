import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import {
  type AppFleet,
  type BackendFleet,
  createAdminFleet,
  createDashboardFleet,
  createFleet,
} from "@fleetwire/iot-car/controller"
import { type ControllerOptions, isSdkError } from "@fleetwire/runtime"
import { parseLine, sayLine } from "./line-words.js"

// A controller for the conformance kit: `--exec "node … --url {url} --id {id} --role {role} --mqtt {mqtt} …"`. It takes
// and writes the kit's lines, which `schemas/scenarios/README.md` describes.
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "mqtt://127.0.0.1:1883" },
    id: { type: "string", default: "kit" },
    role: { type: "string", default: "backend" },
    mqtt: { type: "string", default: "5" },
    prefix: { type: "string", default: "" },
    "keep-alive": { type: "string", default: "30" },
    "spread-ms": { type: "string", default: "0" },
  },
})
const say = (...line: Parameters<typeof sayLine>): void => void process.stdout.write(sayLine(...line))

const options: ControllerOptions = {
  url: values.url,
  instance: values.id,
  protocol: values.mqtt === "3.1.1" ? "3.1.1" : "5",
  keepAliveSeconds: Number(values["keep-alive"]),
  reconnect: { spreadMs: Number(values["spread-ms"]) },
  ...(values.prefix === "" ? {} : { topicPrefix: values.prefix }),
  observer: {
    onState: ({ kind }) => {
      say("state", { kind })
    },
    onInvalid: ({ channel }) => say("invalid", { channel }),
    onUnroutable: ({ topic }) => say("unroutable", { topic: topic.replaceAll(/\s/g, "_") }),
    onError: (error, { channel }) => say("error", { code: error.code, channel }),
    onDropped: ({ channel, cause, count }) => say("dropped", { channel, cause, count }),
    onLateReply: ({ channel }) => say("late", { channel }),
  },
}

/** The fleet of the role; what a role may not do is absent at run time too. */
const fleet = fleetOf(values.role)
const calls = new Map<string, AbortController>()

function fleetOf(role: string): BackendFleet {
  const made =
    role === "admin"
      ? createAdminFleet(options)
      : role === "dashboard"
        ? createDashboardFleet(options)
        : role === "app"
          ? (createFleet({ ...options, role: "app" }) as AppFleet)
          : createFleet({ ...options, role: "backend" })
  return made as unknown as BackendFleet
}

function outcome(ref: string | undefined, done: Promise<unknown>): Promise<void> {
  return done.then(
    (value) => say("outcome", { ref, ok: 1 }, value),
    (error: unknown) => {
      if (!isSdkError(error)) throw error
      say("outcome", { ref, code: error.code, sent: error.sent ? 1 : 0, mayHaveRun: error.mayHaveRun ? 1 : 0 })
    },
  )
}

/** What is wrong at once is an outcome too. */
function attempt(run: () => Promise<unknown>): Promise<unknown> {
  return Promise.resolve().then(run)
}

function call(words: ReadonlyMap<string, string>, value: unknown): void {
  const ref = words.get("ref")
  const abort = new AbortController()
  if (ref !== undefined) calls.set(ref, abort)
  const timeout = words.get("timeout")
  const id = words.get("id")
  const traceparent = words.get("traceparent")
  const callOptions = {
    signal: abort.signal,
    ...(timeout === undefined ? {} : { timeoutMs: Number(timeout) }),
    ...(id === undefined ? {} : { idempotencyKey: id }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  void outcome(
    ref,
    attempt(() => fleet.car(words.get("device") ?? "").drive(value as never, callOptions)),
  )
}

function watch(words: ReadonlyMap<string, string>): void {
  const ref = words.get("ref")
  const device = words.get("device")
  const takes = Number(words.get("takes") ?? 0)
  let fails = Number(words.get("fails") ?? 0)
  const channel = words.get("channel") as "telemetry" | "log" | "battery"
  const handle = async (delivery: {
    readonly carId: string
    readonly kind?: string
    readonly message?: unknown
    readonly meta: { readonly retained: boolean }
  }): Promise<void> => {
    if (delivery.kind === "cleared" || delivery.kind === "expired") {
      say(delivery.kind, { ref, device: delivery.carId })
      return
    }
    say("message", { ref, device: delivery.carId, retained: delivery.meta.retained ? 1 : 0 }, delivery.message)
    if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes))
    if (words.get("calls") !== undefined) await fleet.car(delivery.carId).drive({ action: "stop" })
    if (fails > 0) {
      fails -= 1
      throw new Error("the handler fails, as it was told to")
    }
    say("handled", { ref })
  }
  const filter = device === undefined ? {} : { filter: { carId: device } }
  const subscription = fleet[channel].handle(handle as never, filter)
  void subscription.ready.then(() => say("watching", { ref }))
}

async function broadcast(words: ReadonlyMap<string, string>, value: unknown): Promise<void> {
  const ref = words.get("ref")
  for await (const each of fleet.broadcast(value as never, { timeoutMs: Number(words.get("timeout") ?? 5_000) })) {
    if (each.kind === "reply") say("reply", { ref, device: each.device }, each.message)
    else if (each.kind === "failure") say("failure", { ref, device: each.device, code: each.error.code })
    else say("silent", { ref, device: each.device })
  }
}

async function close(): Promise<void> {
  await fleet.close({ deadlineMs: 1_000 })
  process.exit(0)
}

function take(line: string): void {
  const { verb, words, value } = parseLine(line)
  const ref = words.get("ref")
  switch (verb) {
    case "call":
      call(words, value)
      break
    case "cancel":
      calls.get(ref ?? "")?.abort()
      break
    case "watch":
      watch(words)
      break
    case "broadcast":
      void outcome(
        ref,
        attempt(() => broadcast(words, value)),
      )
      break
    case "config":
      void outcome(
        ref,
        attempt(() =>
          words.has("fleet")
            ? fleet.config.set(value as never)
            : fleet.car(words.get("device") ?? "").config.set(value as never),
        ),
      )
      break
    case "presence":
      say("presence", { ref, device: words.get("device"), state: fleet.presence.get(words.get("device") ?? "").state })
      break
    case "counters":
      say("counters", { ref }, fleet.counters)
      break
    case "close":
      void close()
      break
    default:
      say("other", { verb })
  }
}

say("subject", { fleetwire: 1 })
createInterface({ input: process.stdin }).on("line", take)
process.once("SIGTERM", () => void close())
try {
  await fleet.connect()
} catch (error) {
  say("failed", { code: isSdkError(error) ? error.code : "bug" })
}
