import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import {
  type Client,
  type ControllerOptions,
  isSdkError,
  type PresenceView,
  type RemoteCommand,
} from "@fleetwire/runtime"
import type { ProgressCommand } from "@fleetwire/runtime/codegen-v1"
import { parseLine, sayLine } from "./line-words.js"

/** What every generated fleet has; its channels are looked up by name. */
export interface AnyFleet extends Client {
  readonly car: (carId: string) => object
  readonly presence: PresenceView<unknown>
}

type AnyProgress = ProgressCommand<unknown, unknown, unknown>
type Calls = Readonly<Record<string, RemoteCommand<unknown, unknown> | AnyProgress>>
type Sets = Readonly<Record<string, { set(config: unknown): Promise<void> }>>
type Streams = Readonly<
  Record<
    string,
    {
      handle(
        handler: (delivery: Heard) => Promise<void>,
        options: { readonly filter?: { readonly carId: string } },
      ): { readonly ready: Promise<void> }
    }
  >
>
type Broadcasts = Readonly<
  Record<
    string,
    (
      request: unknown,
      options: { readonly timeoutMs: number },
    ) => AsyncIterable<
      | { readonly kind: "reply"; readonly device: string; readonly message: unknown }
      | { readonly kind: "failure"; readonly device: string; readonly error: { readonly code: string } }
      | { readonly kind: "silent"; readonly device: string }
    >
  >
>

interface Heard {
  readonly carId: string
  readonly kind?: string
  readonly message?: unknown
  readonly meta: { readonly retained: boolean }
}

/**
 * A controller for the conformance kit: `--exec "node … --url {url} --id {id} --role {role} --mqtt {mqtt} …"`. It takes and
 * writes the kit's lines, which `schemas/scenarios/README.md` describes. `create` makes the fleet of a role.
 */
export async function serveFleet(create: (role: string, options: ControllerOptions) => AnyFleet): Promise<void> {
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

  const fleet = create(values.role, options)
  const calls = new Map<string, AbortController>()
  const streams = fleet as unknown as Streams
  const of = (device: string | undefined): Calls => fleet.car(device ?? "") as Calls

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
      attempt(() => {
        const calling = of(words.get("device"))[words.get("channel") ?? ""]!(value, callOptions)
        if ("progress" in calling) void tellProgress(ref, calling as ReturnType<AnyProgress>)
        return calling
      }),
    )
  }

  async function tellProgress(ref: string | undefined, calling: ReturnType<AnyProgress>): Promise<void> {
    for await (const step of calling.progress) say("progress", { ref }, step)
  }

  function watch(words: ReadonlyMap<string, string>): void {
    const ref = words.get("ref")
    const device = words.get("device")
    const takes = Number(words.get("takes") ?? 0)
    let fails = Number(words.get("fails") ?? 0)
    const called = words.get("calls")
    const handle = async (delivery: Heard): Promise<void> => {
      if (delivery.kind === "cleared" || delivery.kind === "expired") {
        say(delivery.kind, { ref, device: delivery.carId })
        return
      }
      say("message", { ref, device: delivery.carId, retained: delivery.meta.retained ? 1 : 0 }, delivery.message)
      if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes))
      if (called !== undefined) await of(delivery.carId)[called]!({ action: "stop" })
      if (fails > 0) {
        fails -= 1
        throw new Error("the handler fails, as it was told to")
      }
      say("handled", { ref })
    }
    const filter = device === undefined ? {} : { filter: { carId: device } }
    const subscription = streams[words.get("channel") ?? ""]!.handle(handle, filter)
    void subscription.ready.then(() => say("watching", { ref }))
  }

  async function broadcast(words: ReadonlyMap<string, string>, value: unknown): Promise<void> {
    const ref = words.get("ref")
    const all = (fleet as unknown as Broadcasts)[words.get("channel") ?? ""]!
    for await (const each of all(value, { timeoutMs: Number(words.get("timeout") ?? 5_000) })) {
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
          attempt(() => {
            const target = words.has("fleet") ? fleet : fleet.car(words.get("device") ?? "")
            return (target as unknown as Sets)[words.get("channel") ?? ""]!.set(value)
          }),
        )
        break
      case "publish":
        void outcome(
          ref,
          attempt(() => of(words.get("device"))[words.get("channel") ?? ""]!(value)),
        )
        break
      case "presence":
        say("presence", {
          ref,
          device: words.get("device"),
          state: fleet.presence.get(words.get("device") ?? "").state,
          completeness: fleet.presence.completeness,
        })
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
}
