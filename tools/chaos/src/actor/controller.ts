import { setTimeout as sleep } from "node:timers/promises"
import {
  type ControllerEngine,
  createController,
  type MessageMeta,
  type StateDelivery,
} from "@fleetwire/runtime/codegen-v1"
import type { Channel, HistoryWriter } from "../history.js"
import type { ControllerPlan, ControllerWork } from "../plan/plan.js"
import type { Actor } from "./actor.js"
import { createCalling } from "./calling.js"
import { type Channels, type ConfigReport, channelsOf, type Log, type Status, type Telemetry } from "./channels.js"
import { createCrash, type PassPoint } from "./crash.js"
import type { Job } from "./job.js"
import { labConnection, labTransport } from "./lab-transport.js"
import { followTimetable } from "./timetable.js"

type OfCar = { carId: string }

/** A controller that writes down everything it asks, hears and is told. */
export function startController(job: Job, plan: ControllerPlan, history: HistoryWriter, ready: () => void): Actor {
  const pass = createCrash(job.death)
  const channels = withMutant(channelsOf(job.semantics), job)
  const calling = { current: createCalling(job, history, pass) }
  const engine = createController(
    { contract: channels.contract, role: channels.roles[plan.role], presence: channels.presence },
    {
      url: job.url,
      protocol: job.protocol,
      transport: labTransport(),
      ...labConnection,
      instance: plan.name,
      observer: {
        onState: (now) => {
          const more = now.kind === "establishing" ? { sessionPresent: now.sessionPresent } : {}
          history.write({ what: "state", state: now.kind, ...more })
        },
        onLateReply: ({ id }) => {
          history.write({ what: "late", id })
          calling.current.late(id)
        },
      },
    },
  )
  if (plan.role === "backend") listen(engine, channels, plan, job, history, pass)
  engine.presence<Status>(channels.presence).on("change", ({ device, state }) => {
    history.write({ what: "presence", device, state })
  })
  engine.client.connect().then(ready, () => {})
  return {
    go: (goAt) =>
      followTimetable<ControllerWork>(plan.work, goAt, (work) => {
        if (work.kind === "config") setConfig(engine, channels, work, history)
        else if (work.kind === "call") calling.current.call(engine, channels, work)
        else calling.current.broadcast(engine, channels, work)
      }),
    look: (url) => look(url, channels, job, history),
    async finish() {
      await calling.current.settled()
      await engine.client.close({ deadlineMs: 2_000 })
    },
  }
}

function withMutant(channels: Channels, job: Job): Channels {
  if (job.mutant !== "acknowledges-early") return channels
  const { event } = channels
  return { ...channels, event: { ...event, message: { ...event.message, acknowledge: "on-receipt" } } }
}

function listen(
  engine: ControllerEngine,
  channels: Channels,
  plan: ControllerPlan,
  job: Job,
  history: HistoryWriter,
  pass: PassPoint,
): void {
  const note = (
    what: "receive" | "handled",
    channel: Channel,
    device: string,
    seq: number,
    meta: { readonly dup: boolean; readonly retained: boolean },
  ): void => history.write({ what, channel, device, seq, dup: meta.dup, retained: meta.retained })
  let received = 0
  let late: { readonly carId: string; readonly seq: number; readonly meta: MessageMeta } | undefined
  engine.stream<Log, OfCar>(channels.event).handle(
    async ({ carId, message, meta }) => {
      received++
      const seq = Number(message.message)
      if (job.mutant === "reorders" && received % 5 === 0) {
        late = { carId, seq, meta }
        return
      }
      note("receive", "event", carId, seq, meta)
      if (late !== undefined) {
        for (const what of ["receive", "handled"] as const) note(what, "event", late.carId, late.seq, late.meta)
        late = undefined
      }
      pass("receive")
      if (received % plan.slow.every === 0) await sleep(plan.slow.ms)
      note("handled", "event", carId, seq, meta)
      pass("handled")
    },
    { concurrency: plan.concurrency },
  )
  engine.stream<Telemetry, OfCar>(channels.telemetry).handle(({ carId, message, meta }) => {
    note("receive", "telemetry", carId, message.status.uptime, meta)
  })
  engine.stateStream<number, OfCar>(channels.state).handle((delivery: StateDelivery<number, OfCar>) => {
    if (delivery.kind === "value") note("receive", "state", delivery.carId, delivery.message, delivery.meta)
  })
  engine.observe<ConfigReport, OfCar>(channels.reported).handle(({ carId, message }) => {
    history.write({ what: "report", device: carId, version: message.version, outcome: message.outcome })
  })
}

function setConfig(
  engine: ControllerEngine,
  { config }: Channels,
  { device, version }: ControllerWork & { readonly kind: "config" },
  history: HistoryWriter,
): void {
  history.write({ what: "config-set", device, version, ok: true })
  engine
    .config<{ readonly version: number; readonly max_speed: number }, ConfigReport>(config, { carId: device })
    .set({ version, max_speed: version % 101 })
    .then(
      () => history.write({ what: "config-accepted", device, version, ok: true }),
      () => history.write({ what: "config-accepted", device, version, ok: false }),
    )
}

/** A second controller, connected only now, writes down whom it takes to be there and what the states are. */
async function look(url: string, channels: Channels, job: Job, history: HistoryWriter): Promise<void> {
  const role = { ...channels.roles.backend, session: { kind: "clean" } as const }
  const engine = createController(
    { contract: channels.contract, role, presence: channels.presence },
    { url, protocol: job.protocol, transport: labTransport(), ...labConnection, instance: "look" },
  )
  const states: Record<string, number> = {}
  engine.stateStream<number, OfCar>(channels.state).handle((delivery: StateDelivery<number, OfCar>) => {
    if (delivery.kind === "value") states[delivery.carId] = delivery.message
  })
  const view = engine.presence<Status>(channels.presence)
  try {
    await engine.client.connect()
    await view.ready
    await sleep(100)
    const presence = Object.fromEntries(job.devices.map((device) => [device, view.get(device).state]))
    history.write({ what: "view", presence, states })
  } catch {
    // Whoever asked asks again.
    history.write({ what: "view", presence: {}, states: {} })
  }
  await engine.client.close({ deadlineMs: 500 })
}
