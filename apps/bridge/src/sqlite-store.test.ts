import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openSqliteStore } from "./sqlite-store.js"
import type { Batch, StoredMessage } from "./store.js"

let directory = ""
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-store-"))
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

function batchOf(from: number, count: number): Batch {
  const messages = Array.from(
    { length: count },
    (_, index): StoredMessage => ({
      receivedAt: from + index,
      device: "car-001",
      channel: "log",
      leg: "log.message",
      topic: "iot-car/car-001/log",
      qos: 1,
      retained: false,
      payload: JSON.stringify({ n: from + index, text: "x".repeat(500) }),
      digest: `d${from + index}`,
    }),
  )
  return { messages, receipts: [{ leg: "log.message", slot: from, digest: "d" }], presence: [] }
}

describe("openSqliteStore", () => {
  it("keeps nothing of a batch for which there is no room, and all of it once there is", async () => {
    const file = join(directory, "a.db")
    const small = await openSqliteStore({ file, maxBytes: 120_000 })
    await small.commit(batchOf(0, 10))
    const big = batchOf(100, 500)
    await expect(small.commit(big)).rejects.toThrow(/full/)
    await expect(small.commit(big)).rejects.toThrow(/full/)
    expect(await small.count()).toBe(10)
    expect(await small.receipts()).toHaveLength(1)
    await small.close()
    const large = await openSqliteStore({ file })
    await large.commit(big)
    expect(await large.count()).toBe(510)
    await large.close()
  })

  it("knows a batch that was kept although its commit was reported as failed", async () => {
    const store = await openSqliteStore({ file: join(directory, "a.db") })
    const batch = batchOf(0, 3)
    await store.commit(batch)
    // The caller was told of a failure after the fact, and gives the same batch again.
    await store.commit(batch)
    expect(await store.count()).toBe(3)
    await store.commit(batchOf(0, 3))
    expect(await store.count()).toBe(6)
    await store.close()
  })

  it("refuses a file that cannot be opened", async () => {
    await expect(openSqliteStore({ file: join(directory, "missing", "a.db") })).rejects.toThrow()
  })

  it("refuses a file that is no database", async () => {
    const file = join(directory, "a.db")
    await writeFile(file, "this is a text, and a rather long one, longer than a header of SQLite would be".repeat(20))
    await expect(openSqliteStore({ file })).rejects.toThrow(/not a database/)
  })

  it("keeps what was committed over reopening", async () => {
    const file = join(directory, "a.db")
    const first = await openSqliteStore({ file, fsync: true })
    await first.commit({ ...batchOf(0, 2), presence: [{ device: "car-001", state: "online", since: 7 }] })
    await first.commit({ messages: [], receipts: [], presence: [{ device: "car-001", state: "online", since: 9 }] })
    await first.close()
    const second = await openSqliteStore({ file })
    expect(await second.presence()).toEqual([{ device: "car-001", state: "online", since: 7 }])
    expect((await second.latest("car-001")).map((row) => row.receivedAt)).toEqual([1])
    expect(await second.latest("car-002")).toEqual([])
    await second.close()
  })
})
