import { isSdkError, type Transport } from "@fleetwire/runtime"
import { createDevice, type DeviceEngine } from "@fleetwire/runtime/codegen-v1"
import type { Channel, HistoryWriter } from "../history.js"
import type { DevicePlan, DeviceWork } from "../plan/plan.js"
import type { Actor } from "./actor.js"
import { type Channels, type Command, type Config, channelsOf, type Log, type Telemetry } from "./channels.js"
import { createCrash, type PassPoint } from "./crash.js"
import { openDeviceStore } from "./device-store.js"
import type { Job } from "./job.js"
import { labConnection, labTransport } from "./lab-transport.js"
import type { MutantName } from "./mutant.js"
import { followTimetable } from "./timetable.js"

/** Messages of one life are numbered on from here. */
export const LIFE_SPAN = 100_000

/** A car that writes down everything it does. */
export async function startDevice(
  job: Job,
  plan: DevicePlan,
  history: HistoryWriter,
  ready: () => void,
): Promise<Actor> {
  const pass = createCrash(job.death)
  const channels = channelsOf(job.semantics, brokenSemantics(job.mutant))
  const { event, telemetry, state, presence, drive, broadcast, config } = channels
  const store = job.storePath === undefined ? undefined : await openDeviceStore(job, history, pass)
  const device = createDevice(
    { contract: channels.contract, channels: [event, telemetry, state, presence, drive, broadcast, config] },
    plan.name,
    {
      url: job.url,
      protocol: job.protocol,
      transport: brokenTransport(labTransport(), job.mutant),
      ...labConnection,
      ...(store === undefined ? {} : { store }),
      observer: {
        onState: (now) => {
          const more = now.kind === "establishing" ? { sessionPresent: now.sessionPresent } : {}
          history.write({ what: "state", state: now.kind, ...more })
        },
      },
    },
  )
  serve(device, channels, plan.name, job, history, pass)
  device.client.connect().then(ready, () => {})
  const publish = createPublishing(device, channels, job.life, history)
  return {
    go: (goAt) => followTimetable<DeviceWork>(plan.work, goAt, ({ kind }) => publish(kind)),
    look: () => Promise.resolve(),
    finish: () => device.client.close({ deadlineMs: 2_000 }),
  }
}

function serve(
  device: DeviceEngine,
  { drive, config }: Channels,
  name: string,
  job: Job,
  history: HistoryWriter,
  pass: PassPoint,
): void {
  device.commandServer<Command, { readonly message: string }>(drive).handle((request, context) => {
    const { id, signal, broadcast, safeAction: safe } = context
    history.write({ what: "begin", id, action: request.action, broadcast, safe })
    pass("handler-begin")
    const end = (): { readonly message: string } => {
      const threw = request.action === "left"
      history.write({ what: "end", id, how: threw ? "threw" : "done" })
      pass("handler-end")
      if (threw) throw new Error("cannot turn left")
      return { message: `${id} ${name}` }
    }
    const durationMs = request.parameters?.duration ?? 0
    if (durationMs === 0) return end()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        try {
          resolve(end())
        } catch (error) {
          reject(error)
        }
      }, durationMs)
      signal.addEventListener("abort", () => {
        clearTimeout(timer)
        const { reason } = signal
        history.write({ what: "end", id, how: "aborted", reason: isSdkError(reason) ? reason.code : String(reason) })
        reject(reason)
      })
    })
  })
  device.configReader<Config>(config).handle(({ version }, { restored }) => {
    // A broken device: it takes what it had before for new.
    const said = job.mutant === "applies-old-config" && version > 1 ? version - 1 : version
    history.write({ what: "apply", version: said, restored })
    pass("config-apply")
  })
}

function createPublishing(
  device: DeviceEngine,
  { event, telemetry, state }: Channels,
  life: number,
  history: HistoryWriter,
): (kind: Channel) => void {
  const next: Record<Channel, number> = { event: 0, telemetry: 0, state: 0 }
  const events = device.publisher<Pick<Log, "level" | "message">>(event)
  const readings = device.publisher<Omit<Telemetry, "device_id" | "timestamp">>(telemetry)
  const states = device.statePublisher<number>(state)
  return (channel) => {
    const seq = life * LIFE_SPAN + next[channel]++
    history.write({ what: "publish", channel, seq })
    const settled =
      channel === "event"
        ? events.publish({ level: "info", message: String(seq) })
        : channel === "state"
          ? states.publish(seq % 101)
          : readings.publish(reading(seq))
    settled.then(
      () => history.write({ what: "published", channel, seq, ok: true }),
      (error: unknown) => {
        const code = isSdkError(error) ? error.code : String(error)
        history.write({ what: "published", channel, seq, ok: false, code })
      },
    )
  }
}

function reading(seq: number): Omit<Telemetry, "device_id" | "timestamp"> {
  const gps = { latitude: 52.52, longitude: 13.405, altitude: 34 }
  return {
    battery: seq % 101,
    sensors: { distance_front: 100, distance_rear: 100, temperature: 30, gps },
    status: { motors: "idle", wifi_rssi: -60, uptime: seq },
  }
}

function brokenSemantics(mutant: MutantName | undefined): Parameters<typeof channelsOf>[1] {
  switch (mutant) {
    case "table-forgets":
      return { remember: { count: 1, bytes: 1_000_000, retentionMs: 0 }, journal: "none" }
    case "stop-queues":
      return { preempt: { action: "right" }, queueBound: 0, concurrency: 1 }
    default:
      return {}
  }
}

function brokenTransport(transport: Transport, mutant: MutantName | undefined): Transport {
  if (mutant !== "says-hello-once" && mutant !== "has-no-will") return transport
  let connections = 0
  return {
    capabilities: transport.capabilities,
    open(options, events) {
      const { will, ...bare } = options
      if (mutant === "has-no-will") return transport.open(bare, events)
      const link = transport.open(options, {
        ...events,
        onMessage: (message) => events.onMessage(message),
        onDisconnected: (reason) => events.onDisconnected(reason),
        onConnected: (info) => {
          connections++
          events.onConnected(info)
        },
      })
      return {
        get connected() {
          return link.connected
        },
        publish: (message) =>
          connections > 1 && message.topic.endsWith("/status")
            ? Promise.resolve({ reasonCode: 0 })
            : link.publish(message),
        subscribe: (requests) => link.subscribe(requests),
        unsubscribe: (filters) => link.unsubscribe(filters),
        abort: () => link.abort(),
        close: (how) => link.close(how),
      }
    },
  }
}
