import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import { formatSubjectLine, parseSubjectLine } from "@fleetwire/conformance"
import { type Client, type DeviceOptions, isSdkError } from "@fleetwire/runtime"
import type { ActionServer, ConfigReader, ProgressServer, Publisher } from "@fleetwire/runtime/codegen-v1"
import { openFileStore } from "@fleetwire/runtime/node"

interface Drive {
  readonly parameters?: { readonly duration?: number }
}
type Commands = Readonly<Record<string, ProgressServer<Drive, object, { readonly percent: number }>>>

/** What the SDK of the kit's fixture contract has: that contract is no reference, so nobody keeps its package. */
export interface FixtureCar extends Client {
  readonly horn: ActionServer<unknown>
  readonly config: ConfigReader<{ readonly max_speed?: number }>
  readonly telemetry: Publisher<object>
}

/** A speed that only a boot brings about. */
const REBOOTS = 77

/** A car of that contract on its generated SDK. It speaks the lines of the kit. */
export async function serveDevice(create: (options: DeviceOptions & { readonly carId: string }) => FixtureCar) {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "" },
      id: { type: "string", default: "" },
      mqtt: { type: "string", default: "5" },
      prefix: { type: "string", default: "" },
      store: { type: "string", default: "" },
      "keep-alive": { type: "string", default: "30" },
      "spread-ms": { type: "string", default: "0" },
    },
  })
  const say = (...line: Parameters<typeof formatSubjectLine>): void =>
    void process.stdout.write(`${formatSubjectLine(...line)}\n`)
  say("subject", { fleetwire: 1 })
  const car = create({
    url: values.url,
    carId: values.id,
    protocol: values.mqtt === "3.1.1" ? "3.1.1" : "5",
    keepAliveSeconds: Number(values["keep-alive"]),
    reconnect: { spreadMs: Number(values["spread-ms"]) },
    ...(values.prefix === "" ? {} : { topicPrefix: values.prefix }),
    ...(values.store === "" ? {} : { store: await openFileStore({ path: values.store }) }),
    observer: {
      onState: ({ kind }) => say("state", { kind }),
      onInvalid: ({ channel }) => say("invalid", { channel }),
      onUnroutable: ({ topic }) => say("unroutable", { topic: topic.replaceAll(/\s/g, "_") }),
      onDropped: ({ channel, cause, count }) => say("dropped", { channel, cause, count }),
    },
  })
  for (const channel of ["drive", "survey"])
    (car as unknown as Commands)[channel]!.handle(async (request, context) => {
      say("run", { channel, id: context.id.replaceAll(/\s/g, "_"), traceparent: context.traceparent })
      if (channel === "survey") await context.progress({ percent: 50 })
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, context.safeAction ? 0 : (request.parameters?.duration ?? 0))
        context.signal.addEventListener("abort", () => {
          clearTimeout(timer)
          resolve()
        })
      })
      return { message: "done" }
    })
  car.horn.handle(() => say("run", { channel: "horn" }))
  car.config.handle((config, { version, restored }) => {
    if (config.max_speed === REBOOTS && !restored) return { outcome: "reboot_required" }
    say("applied", { channel: "config", version, restored }, config)
    return { outcome: "applied" }
  })

  /** What a device says by itself: one message of telemetry, over and over. */
  const reading = {
    battery: 50,
    sensors: { distance_front: 1, distance_rear: 1, temperature: 20, gps: { latitude: 1, longitude: 1, altitude: 1 } },
    status: { motors: "idle", wifi_rssi: -50, uptime: 1 },
  }
  const ticking = setInterval(() => {
    if (car.state.kind === "ready") car.telemetry.publish(reading).catch(() => undefined)
  }, 300)

  const outcome = (ref: string | undefined, done: Promise<void>): void => {
    done.then(
      () => say("outcome", { ref, ok: 1 }),
      (error: unknown) => say("outcome", { ref, code: isSdkError(error) ? error.code : "bug" }),
    )
  }
  createInterface({ input: process.stdin }).on("line", (text) => {
    const { verb, words, value } = parseSubjectLine(text)
    if (verb === "counters") say("counters", { ref: words.ref }, car.counters)
    else if (verb === "publish")
      outcome(
        words.ref,
        (car as unknown as Readonly<Record<string, Publisher<unknown>>>)[words.channel ?? ""]!.publish(value),
      )
  })
  process.once("SIGTERM", () => {
    clearInterval(ticking)
    void car.close().then(() => process.exit(0))
  })
  try {
    await car.connect()
  } catch (error) {
    process.stderr.write(`${isSdkError(error) ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
