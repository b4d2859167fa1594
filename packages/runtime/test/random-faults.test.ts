import { describe, expect, it } from "vitest"
import type { DeviceEngine } from "../src/engine.js"
import { createMemoryStore } from "../src/memory-store.js"
import { isSdkError } from "../src/sdk-error.js"
import type { DeviceStore } from "../src/surface.js"
import { seededRandom } from "../src/testing/seeded-random.js"
import * as car from "./fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "./fixtures/fleet.js"

const DEVICE = "iot-car.device.car-001"
const CONTROLLER = "iot-car.backend.one"
const STEPS = 60

interface Made {
  readonly id: string
  readonly action: string
  outcome?: { readonly ok: boolean; readonly code?: string; readonly mayHaveRun: boolean }
}

/** One run: a workload and faults from a seed, then peace, then what was promised is checked. */
async function run(protocol: (typeof PROTOCOLS)[number], seed: number, journal: boolean): Promise<string[]> {
  const fleet = new Fleet(protocol)
  const random = seededRandom(seed)
  const below = (bound: number): number => Math.floor(random.next() * bound)
  const store = createMemoryStore()
  const channel = car.driveWith({
    journal: journal ? "required" : "none",
    concurrency: 1 + below(2),
    remember: { count: 200, bytes: 1_000_000, retentionMs: 90_000 },
    executionTimeoutMs: 3_000,
  })
  const ran = new Map<string, number>()
  const made: Made[] = []
  let kill = (): void => {}
  let device: DeviceEngine

  const boot = (): void => {
    let alive = true
    const mortal: DeviceStore = {
      get: (key) => store.get(key),
      set: (key, value) => (alive ? store.set(key, value) : new Promise(() => {})),
      delete: (key) => (alive ? store.delete(key) : new Promise(() => {})),
    }
    const born = fleet.device("car-001", {
      channels: [car.status, channel],
      ...(journal ? { store: mortal } : {}),
      reconnect: { spreadMs: 300, capMs: 1_000 },
    })
    born.commandServer<car.DriveRequest, object>(channel).handle((request, { safeAction }) => {
      if (!alive) return new Promise(() => {})
      if (!safeAction) ran.set(request.id, (ran.get(request.id) ?? 0) + 1)
      const ms = below(4) === 0 ? 0 : below(4_000)
      if (request.action === "stop" || ms === 0) return {}
      return new Promise((resolve) => fleet.clock.after(ms, () => resolve({})))
    })
    born.client.connect().catch(() => {})
    kill = () => {
      alive = false
      born.client.abort()
    }
    device = born
  }
  boot()
  const controller = fleet.controller({ reconnect: { spreadMs: 300, capMs: 1_000 } })
  controller.client.connect().catch(() => {})
  const call = controller.caller<{ id: string; action: string }, car.DriveReply>(channel, { carId: "car-001" })

  const request = (action: string): void => {
    const one: Made = { id: `id-${made.length}`, action }
    made.push(one)
    call({ id: one.id, action }, { timeoutMs: 500 + below(8_000), retryBusy: below(2) === 0 }).then(
      () => {
        one.outcome = { ok: true, mayHaveRun: true }
      },
      (error: unknown) => {
        one.outcome = isSdkError(error)
          ? { ok: false, code: error.code, mayHaveRun: error.mayHaveRun }
          : { ok: false, code: String(error), mayHaveRun: true }
      },
    )
  }
  const faults: readonly (() => void)[] = [
    () => fleet.broker.cut(DEVICE),
    () => fleet.broker.cut(CONTROLLER),
    () => {
      fleet.broker.stop({ keepState: true })
      fleet.clock.after(below(1_500), () => fleet.broker.start())
    },
    () => {
      kill()
      boot()
    },
    () => {
      // One packet is lost for good; the connection finds out by its acknowledgement or by nothing at all.
      let left = 1
      const end = fleet.broker.intercept(({ packet }) =>
        left > 0 && (packet.type === "publish" || packet.type === "puback") && left-- > 0 ? "drop" : undefined,
      )
      fleet.clock.after(200, end)
    },
    () => {
      // The device's acknowledgements are lost, then its connection: everything unproven comes again with DUP.
      const end = fleet.broker.intercept(({ packet, direction, clientId }) =>
        clientId === DEVICE && direction === "in" && packet.type === "puback" ? "drop" : undefined,
      )
      fleet.clock.after(300, () => {
        end()
        fleet.broker.cut(DEVICE)
      })
    },
  ]
  for (let step = 0; step < STEPS; step++) {
    const dice = random.next()
    if (dice < 0.5) request("forward")
    else if (dice < 0.6) request("stop")
    else if (dice < 0.75) faults[below(faults.length)]!()
    await fleet.clock.advance(below(400))
  }
  fleet.broker.start()
  await fleet.clock.advance(60_000)

  const wrong: string[] = []
  for (const [id, times] of ran) if (times > 1 && journal) wrong.push(`${id} ran ${times} times`)
  for (const { id, action, outcome } of made) {
    if (outcome === undefined) wrong.push(`${id} has no outcome`)
    else if (ran.has(id) && !outcome.mayHaveRun) wrong.push(`${id} ran, and ${outcome.code} says that it did not`)
    else if (outcome.ok && !ran.has(id)) wrong.push(`${id} succeeded without running`)
    if (action === "stop" && outcome?.code === "busy") wrong.push(`${id}: a stop was refused`)
  }
  if (device!.client.state.kind !== "ready") wrong.push(`the device is ${device!.client.state.kind}`)
  if (controller.client.state.kind !== "ready") wrong.push(`the controller is ${controller.client.state.kind}`)
  const status = new TextDecoder().decode(fleet.broker.retained("iot-car/car-001/status")?.payload)
  if (!status.includes("online")) wrong.push(`presence says ${status}`)
  return wrong
}

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

describe.each(PROTOCOLS)("random faults at MQTT %s", (protocol) => {
  it.each(SEEDS)(
    "with a journal, seed %i: at most one execution, one outcome each, presence converges",
    async (seed) => {
      expect(await run(protocol, seed, true)).toEqual([])
    },
  )

  it.each(SEEDS)("without a journal, seed %i: one outcome each, mayHaveRun is never wrong", async (seed) => {
    expect(await run(protocol, seed, false)).toEqual([])
  })
})
