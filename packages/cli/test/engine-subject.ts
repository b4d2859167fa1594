import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import { formatSubjectLine, parseSubjectLine } from "@fleetwire/conformance"
import type { ContractIr } from "@fleetwire/ir"
import { mqttTransport } from "@fleetwire/mqtt"
import { type ConnectOptions, isSdkError } from "@fleetwire/runtime"
import { createDevice } from "@fleetwire/runtime/codegen-v1"
import { openFileStore } from "@fleetwire/runtime/node"
import { describeContract } from "../src/describe-contract.js"

// A device of any contract on the engines of the runtime, with codecs that read the contract: for contracts that have no
// generated SDK. It speaks the lines of the kit.
const { values } = parseArgs({
  options: {
    contract: { type: "string", default: "" },
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
const ir = JSON.parse(readFileSync(values.contract, "utf8")) as ContractIr
const described = describeContract(ir)
const channels = ir.channels.map(({ name }) => described.channel(name)!)
const options: ConnectOptions & { store?: Awaited<ReturnType<typeof openFileStore>> } = {
  url: values.url,
  transport: mqttTransport(),
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
}
say("subject", { fleetwire: 1 })
const device = createDevice({ contract: described.contract, channels }, values.id, options)

for (const channel of channels) {
  if (channel.kind === "command")
    device.commandServer<{ parameters?: { duration?: number } }, object>(channel).handle(async (request, context) => {
      say("run", { channel: channel.name, id: context.id.replaceAll(/\s/g, "_"), traceparent: context.traceparent })
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, context.safeAction ? 0 : (request.parameters?.duration ?? 0))
        context.signal.addEventListener("abort", () => {
          clearTimeout(timer)
          resolve()
        })
      })
      return { message: "done" }
    })
  if (channel.kind === "action") device.actionServer(channel).handle(() => say("run", { channel: channel.name }))
  if (channel.kind === "config")
    device.configReader(channel).handle((config, { version, restored }) => {
      say("applied", { channel: channel.name, version, restored }, config)
    })
}

/** What a device says by itself: one message of telemetry, over and over. */
const telemetry = channels.find(({ kind, name }) => kind === "telemetry" && name === "telemetry")
const reading = {
  battery: 50,
  sensors: { distance_front: 1, distance_rear: 1, temperature: 20, gps: { latitude: 1, longitude: 1, altitude: 1 } },
  status: { motors: "idle", wifi_rssi: -50, uptime: 1 },
}
const ticking = setInterval(() => {
  if (telemetry?.kind === "telemetry" && device.client.state.kind === "ready")
    device
      .publisher<object>(telemetry)
      .publish(reading)
      .catch(() => undefined)
}, 300)

function outcome(ref: string | undefined, done: Promise<void>): void {
  done.then(
    () => say("outcome", { ref, ok: 1 }),
    (error: unknown) => say("outcome", { ref, code: isSdkError(error) ? error.code : "bug" }),
  )
}

createInterface({ input: process.stdin }).on("line", (text) => {
  const { verb, words, value } = parseSubjectLine(text)
  const channel = channels.find(({ name }) => name === words.channel)
  if (verb === "counters") say("counters", { ref: words.ref }, device.client.counters)
  else if (
    verb === "publish" &&
    (channel?.kind === "event" || channel?.kind === "telemetry" || channel?.kind === "state")
  )
    outcome(words.ref, device.publisher<unknown>(channel).publish(value))
})
process.once("SIGTERM", () => {
  clearInterval(ticking)
  void device.client.close().then(() => process.exit(0))
})
try {
  await device.client.connect()
} catch (error) {
  process.stderr.write(`${isSdkError(error) ? error.message : String(error)}\n`)
  process.exit(1)
}
