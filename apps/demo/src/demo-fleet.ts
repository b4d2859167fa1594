import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppFleet, type BackendFleet, connectFleet } from "@fleetwire/iot-car/controller"
import { type DemoBroker, startDemoBroker } from "./broker.js"
import { type Child, startChild } from "./child.js"

/** Everything that a demonstration runs: a broker, cars and a bridge in processes of their own, and two controllers. */
export interface DemoFleet {
  readonly broker: DemoBroker
  readonly cars: readonly string[]
  readonly bridgeUrl: string
  readonly app: AppFleet
  readonly backend: BackendFleet
  /** kill -9 of a car's process. */
  cut(car: string): void
  /** Asks a car to stop and waits for its goodbye. */
  stopCar(car: string): Promise<void>
}

/** A fleet on its way. */
export interface DemoLaunch {
  /** Rejects with the first part that did not start. */
  readonly fleet: Promise<DemoFleet>
  /** Ends every process that was started and removes every file, at any moment. Safe to call again. */
  close(): Promise<void>
}

export interface DemoFleetOptions {
  readonly broker: "any" | "aedes"
  readonly seed: number
  readonly say: (line: string) => void
  /** Told when a process ends that nobody asked to. */
  readonly onLost: (name: string) => void
}

const CARS = ["car-001", "car-002", "car-003"] as const
const READY_MS = 20_000
const STOP_MS = 2_500

/** Starts the fleet part by part. */
export function launchDemoFleet(options: DemoFleetOptions): DemoLaunch {
  const undo: Undo[] = []
  let closing: Promise<void> | undefined
  const later = (step: Undo): void => {
    undo.push(step)
  }
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(() => {})
    })()
    return closing
  }
  const fleet = startParts({ ...options, onLost: (name) => closing ?? options.onLost(name) }, later)
  fleet.catch(() => {})
  return { fleet, close }
}

type Undo = () => Promise<unknown>

async function startParts(options: DemoFleetOptions, later: (step: Undo) => void): Promise<DemoFleet> {
  const { say } = options
  const expected = new Set<string>()
  const start = (name: string, args: readonly string[]): Child => {
    const child = startChild(name, args)
    later(() => {
      expected.add(name)
      return child.stop(STOP_MS)
    })
    void child.exited.then(() => {
      if (!expected.has(name)) options.onLost(name)
    })
    return child
  }

  const directory = await mkdtemp(join(tmpdir(), "fleetwire-demo-"))
  later(() => rm(directory, { recursive: true, force: true }))
  const broker = await startDemoBroker(options.broker)
  later(() => broker.close())
  say(`broker   ${broker.name} at ${broker.url}, MQTT ${broker.protocol}: ${broker.because}`)
  const connect = ["--url", broker.url, "--protocol", broker.protocol, "--keep-alive", "10", "--with-parent"]

  const bridge = start("bridge", ["bridge", ...connect, "--db", join(directory, "fleet.db")])
  const bridgeUrl = (await bridge.line(/^bridge ready (\S+)$/, READY_MS))[1]!
  say(`bridge   ${bridgeUrl} stores everything (process ${bridge.pid})`)

  const children = new Map(
    CARS.map((car) => [car as string, start(car, ["car", ...connect, "--car", car, "--seed", String(options.seed)])]),
  )
  await Promise.all([...children].map(([car, child]) => child.line(new RegExp(`^${car} ready$`), READY_MS)))
  say(`cars     ${[...children].map(([car, child]) => `${car} (process ${child.pid})`).join(", ")}`)

  const reach = { url: broker.url, protocol: broker.protocol, reconnect: { spreadMs: 200 } }
  const app = await connectFleet({ ...reach, role: "app" })
  later(() => app.close({ deadlineMs: STOP_MS }))
  const backend = await connectFleet({ ...reach, role: "backend", instance: "demo", session: { kind: "clean" } })
  later(() => backend.close({ deadlineMs: STOP_MS }))
  return {
    broker,
    cars: CARS,
    bridgeUrl,
    app,
    backend,
    cut(car) {
      expected.add(car)
      children.get(car)?.cut()
    },
    async stopCar(car) {
      expected.add(car)
      await children.get(car)?.stop(STOP_MS)
    },
  }
}
