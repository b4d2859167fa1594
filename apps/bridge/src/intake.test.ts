import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Clock } from "@fleetwire/runtime"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createIntake, type Incoming, type Intake } from "./intake.js"
import { openSqliteStore } from "./sqlite-store.js"
import type { Store, StoredMessage } from "./store.js"

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms / 20)
    return () => clearTimeout(timer)
  },
}

let directory = ""
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-intake-"))
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

function numbered(n: number, over: Partial<StoredMessage> = {}): StoredMessage {
  return {
    receivedAt: 1_700_000_000_000 + n,
    device: "car-001",
    channel: "log",
    leg: "log.message",
    topic: "iot-car/car-001/log",
    qos: 1,
    retained: false,
    payload: `{"n":${n}}`,
    digest: `digest-${n}`,
    ...over,
  }
}

function arriving(n: number, over: Partial<Incoming> = {}): Incoming {
  return { message: numbered(n), dup: false, packetId: n, ...over }
}

/** A store whose next commits fail, as on a full disk. */
function failing(store: Store, times: number): Store & { readonly attempts: number } {
  let attempts = 0
  return {
    receipts: () => store.receipts(),
    devices: () => store.devices(),
    latest: (device) => store.latest(device),
    history: (query) => store.history(query),
    presence: () => store.presence(),
    count: () => store.count(),
    close: () => store.close(),
    get attempts() {
      return attempts
    },
    async commit(batch) {
      attempts += 1
      if (attempts <= times) throw new Error("database or disk is full")
      return store.commit(batch)
    },
  }
}

async function stillPending(promise: Promise<void>, ms = 30): Promise<boolean> {
  const late = Symbol("late")
  return (await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, late))])) === late
}

describe("createIntake", () => {
  it("answers once the message is in the file", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const intake = await createIntake({ store, clock })
    await intake.accept(arriving(1))
    const other = await openSqliteStore({ file: join(directory, "a.db") })
    expect(await other.count()).toBe(1)
    await Promise.all([other.close(), intake.close(1_000)])
    await store.close()
  })

  it("keeps a thousand messages in order and in few transactions", async () => {
    const store = failing(await openSqliteStore({ file: join(directory, "a.db") }), 0)
    const intake = await createIntake({ store, clock })
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => intake.accept(arriving(n + 1))))
    const rows = await store.history({ limit: 2_000 })
    expect(rows.map((row) => row.payload)).toEqual(Array.from({ length: 1_000 }, (_, n) => `{"n":${n + 1}}`))
    expect(store.attempts).toBeLessThan(10)
    await store.close()
  })

  it("does not answer while the disk is full, reports it, and keeps the message once there is room", async () => {
    const store = failing(await openSqliteStore({ file: join(directory, "a.db") }), 4)
    const troubles: string[] = []
    const intake = await createIntake({ store, clock, onTrouble: (error) => troubles.push(String(error)) })
    const done = intake.accept(arriving(1))
    expect(await stillPending(done, 10)).toBe(true)
    expect(String(intake.trouble)).toContain("disk is full")
    await done
    expect(troubles).toHaveLength(4)
    expect({ trouble: intake.trouble, ...intake.counters }).toEqual({
      trouble: undefined,
      stored: 1,
      duplicates: 0,
      failures: 4,
      pending: 0,
    })
    await store.close()
  })

  it("leaves what it could not keep unanswered for ever when it is closed", async () => {
    const store = failing(await openSqliteStore({ file: join(directory, "a.db") }), Number.POSITIVE_INFINITY)
    const intake = await createIntake({ store, clock })
    const done = intake.accept(arriving(1))
    expect(await intake.close(200)).toEqual({ unfinished: 1 })
    expect(await stillPending(done)).toBe(true)
    await store.close()
  })

  it("stores what was committed and not acknowledged once, over a restart of the process", async () => {
    const file = join(directory, "a.db")
    const start = async (): Promise<{ store: Store; intake: Intake }> => {
      const store = await openSqliteStore({ file })
      return { store, intake: await createIntake({ store, clock }) }
    }
    const first = await start()
    first.intake.connected(false)
    await Promise.all([1, 2, 3].map((n) => first.intake.accept(arriving(n))))
    await first.store.close()
    const second = await start()
    second.intake.connected(true)
    await Promise.all([1, 2, 3, 4].map((n) => second.intake.accept(arriving(n, { dup: true }))))
    expect((await second.store.history({ limit: 10 })).map((row) => row.payload)).toEqual(
      [1, 2, 3, 4].map((n) => `{"n":${n}}`),
    )
    expect(second.intake.counters).toMatchObject({ stored: 1, duplicates: 3 })
    await second.store.close()
  })

  it("answers a redelivery of a message under way only after the commit of the first", async () => {
    const store = failing(await openSqliteStore({ file: join(directory, "a.db") }), 3)
    const intake = await createIntake({ store, clock })
    intake.connected(true)
    const first = intake.accept(arriving(1))
    intake.connected(true)
    const again = intake.accept(arriving(1, { dup: true }))
    expect(await stillPending(again, 5)).toBe(true)
    await Promise.all([first, again])
    expect(await store.count()).toBe(1)
    await store.close()
  })

  it("forgets receipts of the session before when the broker began a new one", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const first = await createIntake({ store, clock })
    first.connected(false)
    await first.accept(arriving(1))
    const second = await createIntake({ store, clock })
    second.connected(false)
    await second.close(1_000)
    expect(await store.receipts()).toEqual([])
    const third = await createIntake({ store, clock })
    third.connected(true)
    await third.accept(arriving(1, { dup: true }))
    expect(await store.count()).toBe(2)
    await store.close()
  })

  it("stores one message of a contract id and content, whoever repeats it", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const intake = await createIntake({ store, clock })
    const reply = (n: number, packetId: number, digest: string): Incoming =>
      arriving(n, { packetId, message: numbered(n, { leg: "drive.reply", messageId: "cmd-1", digest }) })
    await Promise.all([
      intake.accept(reply(1, 1, "x")),
      intake.accept(reply(1, 2, "x")),
      intake.accept(reply(2, 3, "y")),
    ])
    expect(await store.count()).toBe(2)
    expect(intake.counters.duplicates).toBe(1)
    await store.close()
  })

  it("does not store retained state again that a new subscription brings", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const intake = await createIntake({ store, clock })
    const state = (n: number, retained: boolean): Incoming =>
      arriving(n, { packetId: 100 + n, message: numbered(n, { retained, payload: `{"state":${n % 2}}` }) })
    await intake.accept(state(1, false))
    await Promise.all([intake.accept(state(3, true)), intake.accept(state(4, true)), intake.accept(state(6, true))])
    expect((await store.history({ limit: 10 })).map((row) => row.payload)).toEqual(['{"state":1}', '{"state":0}'])
    await store.close()
  })

  it("keeps every message at QoS 0, which no broker repeats", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const intake = await createIntake({ store, clock })
    const same = arriving(1, { message: numbered(1, { qos: 0 }) })
    await Promise.all([intake.accept(same), intake.accept(same)])
    expect(await store.count()).toBe(2)
    expect(await store.receipts()).toEqual([])
    await store.close()
  })
})
