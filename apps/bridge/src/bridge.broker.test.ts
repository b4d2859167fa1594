import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { type Car, connectCar } from "@fleetwire/iot-car/device"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"
import { openSqliteStore } from "./sqlite-store.js"
import type { Store } from "./store.js"

let broker: Mosquitto
let directory = ""
const children = new Set<ChildProcess>()
const cars: Car[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-bridge-"))
  broker = await startMosquitto({ settings: { max_queued_messages: 0, log_type: "none" } })
})
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL")
  children.clear()
  await Promise.all(cars.splice(0).map((car) => car.close({ deadlineMs: 1_000 })))
  await broker.stop()
  await rm(directory, { recursive: true, force: true })
})

interface Ending {
  readonly code: number | null
  readonly signal: string | null
  readonly lines: readonly string[]
}

interface Life {
  readonly ready: Promise<void>
  readonly ended: Promise<Ending>
  stop(): void
}

/** One life of the bridge: it ends by kill -9 after about `commits` messages, or lives on where that is 0. */
function live(entry: string, protocol: string, seed: number, commits: number): Life {
  const args = [entry, broker.url, protocol, join(directory, "fleet.db"), String(seed), String(commits)]
  const child = spawn(process.execPath, ["--enable-source-maps", ...args], { stdio: ["ignore", "pipe", "inherit"] })
  children.add(child)
  const lines: string[] = []
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line)
      if (line.startsWith("ready")) resolve()
    })
    child.once("close", () => resolve())
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once("close", (code, signal) => {
      children.delete(child)
      resolve({ code, signal, lines })
    })
  })
  return { ready, ended, stop: () => void child.kill("SIGTERM") }
}

async function publishLogs(protocol: "5" | "3.1.1", total: number, fleet: number): Promise<void> {
  const made = await Promise.all(
    Array.from({ length: fleet }, (_, index) =>
      connectCar({ url: broker.url, protocol, carId: `car-${String(index + 1).padStart(3, "0")}` }),
    ),
  )
  cars.push(...made)
  await Promise.all(
    made.map(async (car) => {
      for (let n = 1; n <= total / fleet; n += 1) {
        // Each text comes several times with one timestamp: content alone does not tell such messages apart.
        await car.log.publish({ timestamp: 1_700_000_000, level: "info", message: `text ${n % 50}` })
      }
    }),
  )
}

describe("the bridge, killed between receipt and commit", () => {
  const rows = [
    { given: { protocol: "5", total: 10_000, every: 600, fleet: 20 }, want: 10_000 },
    { given: { protocol: "3.1.1", total: 3_000, every: 200, fleet: 20 }, want: 3_000 },
  ] as const
  for (const { given, want } of rows) {
    it(`stores each of ${want} QoS 1 messages exactly once at MQTT ${given.protocol}`, async () => {
      const entry = await bundleEntry("apps/bridge/test/killed-bridge.ts")
      // The session has to be there before the first message.
      const first = live(entry, given.protocol, 0, 0)
      await first.ready
      first.stop()
      await first.ended

      let published = false
      const publishing = publishLogs(given.protocol, given.total, given.fleet).then(() => {
        published = true
      })
      publishing.catch(() => {})
      const counting = await openSqliteStore({ file: join(directory, "fleet.db") })
      const logs = countLogs(counting)
      let kills = 0
      for (let life = 1; !published || (await logs()) < want; life += 1) {
        const bridge = live(entry, given.protocol, life, given.every)
        await Promise.race([bridge.ended, untilQuiet(async () => published && (await logs()) >= want)])
        bridge.stop()
        const { code, signal } = await bridge.ended
        expect(signal === "SIGKILL" || code === 0).toBe(true)
        if (signal === "SIGKILL") kills += 1
        expect(life).toBeLessThan(100)
      }
      await publishing

      // Whatever the broker still holds would come now, and come twice.
      const last = live(entry, given.protocol, 0, 0)
      await last.ready
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      last.stop()
      expect((await last.ended).lines.at(-1)).toMatch(/^closed 0 /)

      const counts = new Map<string, number>()
      for (const car of cars) {
        for (const row of await counting.history({ device: car.carId, channel: "log", limit: 100_000 })) {
          const key = `${row.device} ${row.payload}`
          counts.set(key, (counts.get(key) ?? 0) + 1)
        }
      }
      await counting.close()
      const each = given.total / given.fleet / 50
      expect(kills).toBeGreaterThanOrEqual(8)
      expect(counts.size).toBe(given.fleet * 50)
      expect([...counts.values()].filter((count) => count !== each)).toEqual([])
    }, 300_000)
  }
})

/** Counts stored logs; each call reads only what is new. */
function countLogs(store: Store): () => Promise<number> {
  let after = 0
  let count = 0
  return async () => {
    const rows = await store.history({ channel: "log", after, limit: 100_000 })
    after = rows.at(-1)?.seq ?? after
    count += rows.length
    return count
  }
}

/** Resolves when everything is published and stored: then nobody kills the bridge any more. */
async function untilQuiet(isOver: () => Promise<boolean>): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 250))
  while (!(await isOver()))
}
