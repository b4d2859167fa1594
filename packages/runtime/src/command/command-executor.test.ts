import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS, type Told } from "../../test/fixtures/fleet.js"
import { createMemoryStore } from "../memory-store.js"
import type { CommandContext, CommandServer, DeviceOptions } from "../surface.js"
import type { PacketRecord } from "../testing/memory-broker.js"

/*
 * What becomes of a request, clause by clause, at both versions. Long because a request's states are one machine, and each clause looks
 * at it through the same setting.
 */
type Drive = CommandServer<car.DriveRequest, Partial<car.DriveReply>>
type Handler = (
  request: car.DriveRequest,
  context: CommandContext,
) => Partial<car.DriveReply> | Promise<Partial<car.DriveReply>>

const COMMAND = "iot-car/car-001/command"
const RESPONSE = "iot-car/car-001/response"
const request = (id: string, action = "forward") => ({ id, timestamp: 1, action })

interface Setting {
  readonly fleet: Fleet
  readonly replies: unknown[]
  readonly told: Told
  readonly serve: Drive
  readonly client: {
    abort(): void
    close(options?: { deadlineMs?: number }): Promise<void>
    readonly counters: { duplicate: number }
  }
}

async function setting(
  protocol: (typeof PROTOCOLS)[number],
  channel: typeof car.drive,
  handler?: Handler,
  options: Partial<DeviceOptions> & { fleet?: Fleet } = {},
): Promise<Setting> {
  const { fleet = new Fleet(protocol), ...rest } = options
  const told = listen()
  const device = fleet.device("car-001", { channels: [car.status, channel], observer: told.observer, ...rest })
  const serve: Drive = device.commandServer(channel)
  if (handler !== undefined) serve.handle(handler)
  const replies = fleet.hear(RESPONSE)
  await fleet.connect(device)
  return { fleet, replies, told, serve, client: device.client }
}

it.each(PROTOCOLS)(
  "runs requests without an id each time, and remembers none of them, at MQTT %s",
  async (protocol) => {
    const { correlate, remember, ...semantics } = car.drive.command
    const drive = {
      ...car.drive,
      command: {
        ...semantics,
        correlate: { ...correlate, anonymous: "unknown" },
        remember: { ...remember, count: 2 },
      },
    }
    const ran: string[] = []
    const { fleet, replies, client } = await setting(protocol, drive, ({ id }) => {
      ran.push(id)
      return {}
    })
    for (let round = 0; round < 5; round += 1) {
      fleet.say(COMMAND, request("unknown"))
      await fleet.clock.advance(10)
    }
    fleet.say(COMMAND, request("named"))
    fleet.say(COMMAND, request("named"))
    await fleet.clock.advance(10)
    expect(ran).toEqual(["unknown", "unknown", "unknown", "unknown", "unknown", "named"])
    expect(replies).toHaveLength(6)
    expect(client.counters.duplicate).toBe(1)

    // One that cannot be read and names no id is answered all the same: its sender has no id to miss.
    fleet.say(COMMAND, { action: "fly" })
    await fleet.clock.advance(10)
    expect(replies.at(-1)).toMatchObject({ command_id: "unknown", status: "error" })
  },
)

/** A handler that runs until it is told to end. */
function slow(): {
  readonly handler: Handler
  readonly began: string[]
  readonly end: (() => void)[]
  aborted: string[]
} {
  const began: string[] = []
  const end: (() => void)[] = []
  const aborted: string[] = []
  return {
    began,
    end,
    aborted,
    handler: (req, { signal }) => {
      began.push(`${req.action} ${req.id}`)
      signal.addEventListener("abort", () => aborted.push(`${req.id} ${(signal.reason as Error).message}`))
      if (req.action === "stop") return { message: "stopped" }
      return new Promise((resolve) => end.push(() => resolve({ message: "moved" })))
    },
  }
}

const acks = (log: readonly PacketRecord[]): number =>
  log.filter(({ packet, direction }) => packet.type === "puback" && direction === "in").length

describe.each(PROTOCOLS)("serving a command at MQTT %s", (protocol) => {
  it("C-3: a duplicate while it runs is answered once", async () => {
    const work = slow()
    const { fleet, replies, client } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    work.end[0]?.()
    await fleet.clock.settle()
    expect(replies).toEqual([{ command_id: "a", status: "success", message: "moved", execution_time_ms: 0 }])
    expect(client.counters.duplicate).toBe(1)
  })

  it("C-3: a duplicate afterwards gets the stored bytes again", async () => {
    let runs = 0
    const { fleet, replies } = await setting(protocol, car.drive, () => ({ message: `run ${++runs}` }))
    fleet.say(COMMAND, request("a"))
    await fleet.clock.advance(1000)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    expect(runs).toBe(1)
    expect(replies).toHaveLength(2)
    expect(replies[1]).toEqual(replies[0])
  })

  it("C-3: the same id with other bytes is refused with conflict", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("a", "backward"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    expect(replies).toEqual([
      expect.objectContaining({ command_id: "a", status: "error", message: expect.stringMatching(/^\[conflict\] /) }),
    ])
  })

  it("C-3: failures are remembered like values", async () => {
    let runs = 0
    const { fleet, replies, told } = await setting(protocol, car.drive, () => {
      runs++
      throw new Error("password is hunter2")
    })
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    expect(runs).toBe(1)
    expect(replies).toHaveLength(2)
    expect(replies[1]).toMatchObject({ status: "error", message: "[command_failed] the handler failed" })
    expect(told.lines.filter((line) => line.startsWith("error drive"))).toHaveLength(1)
    expect(JSON.stringify(replies)).not.toContain("hunter2")
  })

  it("C-3: a table full of ids that may not be forgotten answers busy, and forgets after retention", async () => {
    const channel = car.driveWith({ remember: { count: 2, bytes: 10_000, retentionMs: 60_000 } })
    const { fleet, replies } = await setting(protocol, channel, () => ({}))
    for (const id of ["a", "b", "c"]) fleet.say(COMMAND, request(id))
    await fleet.clock.settle()
    expect(replies[2]).toMatchObject({ status: "error", message: "[busy retry_after_ms=100] queue full" })
    await fleet.clock.advance(61_000)
    // Nothing was answered by the broker since the acknowledgements of a and b: the refusal is what proves them.
    fleet.say(COMMAND, request("d"))
    await fleet.clock.settle()
    expect(replies[3]).toMatchObject({ command_id: "d", message: "[busy retry_after_ms=100] queue full" })
    fleet.say(COMMAND, request("d"))
    await fleet.clock.settle()
    expect(replies[4]).toMatchObject({ command_id: "d", status: "success" })
  })

  it("C-5: a busy request that is repeated too late counts from its first receipt", async () => {
    const work = slow()
    const channel = car.driveWith({ queueBound: 0, executionTimeoutMs: 60_000 })
    const { fleet, replies, told } = await setting(protocol, channel, work.handler)
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("b"))
    await fleet.clock.advance(31_000)
    work.end[0]?.()
    await fleet.clock.settle()
    fleet.say(COMMAND, request("b"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    expect(replies).toHaveLength(2)
    expect(told.lines).toContain("dropped drive.request expired 1")
  })

  it("C-3: an id is kept past its retention while the broker may deliver it again", async () => {
    // Replies at QoS 0 are never answered by the broker, so nothing proves that the PUBACK arrived.
    const base = car.driveWith({ remember: { count: 1, bytes: 10_000, retentionMs: 1_000 } })
    const channel = { ...base, reply: { ...base.reply, qos: 0 as const } }
    const { fleet, replies } = await setting(protocol, channel, () => ({}))
    fleet.say(COMMAND, request("a"))
    await fleet.clock.advance(2_000)
    fleet.say(COMMAND, request("b"))
    await fleet.clock.settle()
    expect(replies[1]).toMatchObject({ command_id: "b", message: expect.stringContaining("[busy") })
    // The refusal made the device ask the broker for a sign of life; now it is proven.
    fleet.say(COMMAND, request("c"))
    await fleet.clock.settle()
    expect(replies[2]).toMatchObject({ command_id: "c", status: "success" })
  })

  it("C-5: where clocks are trusted and MQTT carries no expiry, a request expires by its own timestamp", async () => {
    const epochs = [
      { epoch: "unix-seconds", of: (ms: number) => Math.floor(ms / 1000) },
      { epoch: "unix-milliseconds", of: (ms: number) => ms },
    ] as const
    for (const { epoch, of } of epochs) {
      const work = slow()
      const channel = car.driveWith({ concurrency: 4, trustedClock: { field: "timestamp", epoch } })
      const { fleet, replies, told } = await setting(protocol, channel, work.handler)
      const at = (id: string, agoMs: number): void =>
        fleet.say(COMMAND, { ...request(id), timestamp: of(fleet.clock.now() - agoMs) })
      at("old", 40_000)
      at("fresh", 20_000)
      await fleet.clock.settle()
      expect(work.began).toEqual(["forward fresh"])
      expect(replies).toEqual([])
      expect(told.lines).toContain("dropped drive.request expired 1")
    }
  })

  it("C-5: expired before it began is acknowledged, counted, not run and not answered", async () => {
    const work = slow()
    const { fleet, replies, told } = await setting(
      protocol,
      car.driveWith({ executionTimeoutMs: 60_000 }),
      work.handler,
    )
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("b"))
    await fleet.clock.advance(31_000)
    work.end[0]?.()
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    expect(replies).toHaveLength(1)
    expect(told.lines).toContain("dropped drive.request expired 1")
    expect(acks(fleet.broker.log)).toBeGreaterThanOrEqual(2)
  })

  it("C-7: a request that is too long is not parsed, not even for its id", async () => {
    const { fleet, replies, told } = await setting(protocol, car.drive, () => ({}))
    fleet.say(COMMAND, { ...request("a"), note: "x".repeat(400) })
    await fleet.clock.settle()
    expect(replies).toEqual([])
    expect(told.lines).toContain("invalid drive.request :too_large")
  })

  it("C-6: the request is acknowledged once its reply was", async () => {
    const work = slow()
    const { fleet } = await setting(protocol, car.drive, work.handler)
    const before = acks(fleet.broker.log)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    expect(acks(fleet.broker.log)).toBe(before)
    const stop = fleet.broker.intercept(({ packet, direction }) =>
      packet.type === "puback" && direction === "out" ? "drop" : undefined,
    )
    work.end[0]?.()
    await fleet.clock.settle()
    expect(acks(fleet.broker.log)).toBe(before)
    stop()
    // A lost PUBACK closes the connection; the reply goes again and the request is settled.
    await fleet.clock.advance(60_000)
    expect(acks(fleet.broker.log)).toBeGreaterThan(before)
  })

  it("C-6: a handler is cut off at the execution timeout", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.advance(4_001)
    expect(work.aborted).toEqual(["a [timeout] the handler took more than 4000 ms"])
    expect(replies).toEqual([expect.objectContaining({ message: expect.stringMatching(/^\[timeout\]/) })])
    work.end[0]?.()
    await fleet.clock.settle()
    expect(replies).toHaveLength(1)
  })

  it("C-7: an invalid request runs the safe action and is answered with its path", async () => {
    const work = slow()
    const { fleet, replies, told } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    fleet.say(COMMAND, { id: "b", timestamp: 1, action: "fly" })
    await fleet.clock.settle()
    expect(work.began[1]).toMatch(/^stop [0-9a-f]{24}$/)
    expect(work.aborted).toEqual(["a [preempted] another command took over"])
    expect(replies).toEqual([
      expect.objectContaining({ command_id: "a", message: expect.stringMatching(/^\[preempted\]/) }),
      expect.objectContaining({
        command_id: "b",
        message: "[invalid_payload] /action: not one of forward, backward, stop",
      }),
    ])
    expect(told.lines).toContain("invalid drive.request /action:type")
  })

  it("C-7: no id readable: the safe action, and no reply without Correlation Data", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    fleet.broker.publish({ topic: COMMAND, payload: new Uint8Array([0xff, 0x00]), qos: 1 })
    await fleet.clock.settle()
    expect(work.began).toHaveLength(1)
    expect(replies).toEqual([])
  })

  it("C-8: over concurrency and queue it answers busy with retry-after", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    for (const id of ["a", "b", "c", "d"]) fleet.say(COMMAND, request(id))
    await fleet.clock.settle()
    expect(replies).toEqual([
      expect.objectContaining({ command_id: "d", message: "[busy retry_after_ms=100] queue full" }),
    ])
    for (let turn = 0; turn < 3; turn++) {
      work.end[turn]?.()
      await fleet.clock.settle()
    }
    expect(work.began).toEqual(["forward a", "forward b", "forward c"])
  })

  it("C-8: a refused request that the broker delivers again is refused again, not run late", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.driveWith({ queueBound: 0 }), work.handler)
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("b"))
    await fleet.clock.settle()
    expect(replies).toEqual([expect.objectContaining({ command_id: "b" })])
    // The acknowledgement of b waits behind that of a, so the broker still holds both.
    fleet.broker.cut("iot-car.device.car-001")
    work.end[0]?.()
    await fleet.clock.advance(3_000)
    expect(work.began).toEqual(["forward a"])
    // Its sender's own repetition is a new publish, and is run.
    fleet.say(COMMAND, request("b"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a", "forward b"])
  })

  it("C-8: a stop is never queued: it aborts what runs and empties the queue", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    for (const id of ["a", "b", "c"]) fleet.say(COMMAND, request(id))
    fleet.say(COMMAND, request("s", "stop"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a", "stop s"])
    const said = (replies as car.DriveReply[]).map((reply) => `${reply.command_id} ${reply.message}`)
    expect(said).toEqual([
      "a [preempted] another command took over",
      "b [preempted] another command took over",
      "c [preempted] another command took over",
      "s stopped",
    ])
    // What was emptied from the queue does not come back to life with a redelivery.
    fleet.say(COMMAND, request("b"))
    await fleet.clock.settle()
    expect(work.began).toHaveLength(2)
  })

  it("C-8: a stop gets through when the table is full", async () => {
    const work = slow()
    const channel = car.driveWith({ remember: { count: 1, bytes: 10_000, retentionMs: 60_000 } })
    const { fleet } = await setting(protocol, channel, work.handler)
    fleet.say(COMMAND, request("a"))
    fleet.say(COMMAND, request("s", "stop"))
    fleet.say(COMMAND, request("t", "stop"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a", "stop s", "stop t"])
  })

  it("C-8: what is refused holds no place in the broker's window, so that a stop behind it comes a round trip sooner", async () => {
    const fleet = new Fleet(protocol, { latencyMs: 20 })
    const { replies } = await setting(
      protocol,
      car.drive,
      ({ action }) => (action === "stop" ? {} : new Promise(() => {})),
      {
        fleet,
      },
    )
    for (let n = 0; n < 200; n++) fleet.say(COMMAND, request(`r-${n}`))
    fleet.say(COMMAND, request("the-stop", "stop"))
    const isStopped = () => replies.some((reply) => (reply as { command_id: string }).command_id === "the-stop")
    let ms = 0
    for (; ms < 5_000 && !isStopped(); ms += 10) await fleet.clock.advance(10)
    // Twenty at a time, there and back once for each window; where refusals held their places it would be twice: 800.
    expect(ms).toBeLessThan(600)
  })

  it("C-8: a stop gets in although what runs stood before a window of refusals that came one at a time", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    for (let n = 0; n < 100; n++) {
      fleet.say(COMMAND, request(`id-${n}`))
      await fleet.clock.settle()
    }
    expect(replies).toHaveLength(97)
    fleet.say(COMMAND, request("s", "stop"))
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward id-0", "stop s"])
  })

  it("C-8: a stop gets in behind more requests than the broker's window holds", async () => {
    const work = slow()
    const { fleet } = await setting(protocol, car.drive, work.handler)
    for (let n = 0; n < 100; n++) fleet.say(COMMAND, request(`id-${n}`))
    fleet.say(COMMAND, request("s", "stop"))
    for (let round = 0; round < 20; round++) await fleet.clock.settle()
    expect(work.began).toEqual(["forward id-0", "stop s"])
  })

  it("C-14: a stored request is never run", async () => {
    const work = slow()
    const fleet = new Fleet(protocol)
    fleet.say(COMMAND, request("a"), { qos: 1, retain: true })
    const { told } = await setting(protocol, car.drive, work.handler, { fleet })
    expect(work.began).toEqual([])
    expect(told.lines).toContain("invalid drive.request :retained")
  })

  it("C-16: the safe action runs when the link has been down that long", async () => {
    const work = slow()
    const channel = car.driveWith({ onLinkLost: { action: { action: "stop" }, afterMs: 1_000 } })
    const { fleet } = await setting(protocol, channel, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    fleet.broker.stop()
    await fleet.clock.advance(900)
    expect(work.began).toEqual(["forward a"])
    await fleet.clock.advance(200)
    expect(work.began[1]).toMatch(/^stop/)
    expect(work.aborted).toHaveLength(1)
  })

  it("requests wait for a handler that is attached late", async () => {
    const { fleet, serve, replies } = await setting(protocol, car.drive)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.advance(1000)
    serve.handle(() => ({ message: "here" }))
    await fleet.clock.settle()
    expect(replies).toEqual([expect.objectContaining({ command_id: "a", message: "here" })])
  })

  it("a request that no handler takes in time is answered", async () => {
    const { fleet, replies } = await setting(protocol, car.drive)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.advance(4_001)
    expect(replies).toEqual([expect.objectContaining({ command_id: "a", message: "[unavailable] no handler" })])
  })

  it("a reply that the contract refuses becomes a failure", async () => {
    const { fleet, replies, told } = await setting(protocol, car.drive, () => ({ message: "x".repeat(65) }))
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    expect(replies).toEqual([
      expect.objectContaining({ message: "[command_failed] the handler's reply does not fit the contract" }),
    ])
    expect(told.lines.some((line) => line.includes("[invalid_argument] drive.reply: /message"))).toBe(true)
  })

  it("a failure that is worded too long for the contract is shortened", async () => {
    const { fleet, replies } = await setting(protocol, car.drive, () => {
      throw new Error("x")
    })
    fleet.say(COMMAND, { id: "a", timestamp: 1, action: "f".repeat(200) })
    fleet.say(COMMAND, { id: "b", timestamp: "when I felt like it", action: "f".repeat(200), speed: "fast" })
    await fleet.clock.settle()
    for (const reply of replies) expect((reply as car.DriveReply).message).toMatch(/^\[invalid_payload\]/)
    expect(replies).toHaveLength(2)
  })

  it("Z-1: a reply that was under way when the session was lost is said again", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    fleet.broker.stop({ keepState: false })
    await fleet.clock.settle()
    work.end[0]?.()
    await fleet.clock.advance(500)
    fleet.broker.start()
    await fleet.clock.advance(10_000)
    expect(replies).toEqual([expect.objectContaining({ command_id: "a", status: "success" })])
  })

  it("Z-1: a request that is redelivered after a reconnection runs once and is answered", async () => {
    const work = slow()
    const { fleet, replies } = await setting(protocol, car.driveWith({ executionTimeoutMs: 60_000 }), work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    fleet.broker.cut("iot-car.device.car-001")
    await fleet.clock.advance(10_000)
    work.end[0]?.()
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    expect(replies).toHaveLength(1)
    const again = fleet.broker.log.length
    fleet.broker.cut("iot-car.device.car-001")
    await fleet.clock.advance(10_000)
    // Nothing is left to redeliver: the second copy was acknowledged with the reply.
    const redelivered = fleet.broker.log.slice(again).filter(({ packet }) => packet.type === "publish" && packet.dup)
    expect(redelivered).toEqual([])
  })

  it("S-5: closing lets what runs finish within the deadline", async () => {
    const work = slow()
    const { fleet, replies, client } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    const closed = client.close({ deadlineMs: 2000 })
    await fleet.clock.settle()
    work.end[0]?.()
    await fleet.clock.settle()
    await closed
    expect(replies).toEqual([expect.objectContaining({ command_id: "a", status: "success" })])
  })

  it("S-5: what does not finish is declared interrupted", async () => {
    const work = slow()
    const { fleet, replies, client } = await setting(protocol, car.drive, work.handler)
    fleet.say(COMMAND, request("a"))
    await fleet.clock.settle()
    const closed = client.close({ deadlineMs: 2000 })
    await fleet.clock.advance(2100)
    await closed
    expect(work.aborted).toEqual(["a [interrupted] the device is going away"])
    expect(replies).toEqual([expect.objectContaining({ message: expect.stringMatching(/^\[interrupted\]/) })])
  })

  describe("with a journal", () => {
    const journaled = car.driveWith({ journal: "required" })

    it("C-4: what began before a restart is answered interrupted before ready, and never runs again", async () => {
      const store = createMemoryStore()
      const work = slow()
      const { fleet, replies, client } = await setting(protocol, journaled, work.handler, { store })
      fleet.say(COMMAND, request("a"))
      await fleet.clock.settle()
      expect(work.began).toEqual(["forward a"])
      // The process dies: nothing of it is heard again, and another starts from the same store.
      client.abort()
      const second = slow()
      const next = await setting(protocol, journaled, second.handler, { store, fleet })
      expect(replies).toEqual([
        expect.objectContaining({ command_id: "a", message: "[interrupted] the device restarted" }),
      ])
      fleet.say(COMMAND, request("a"))
      await fleet.clock.settle()
      expect(second.began).toEqual([])
      expect(next.replies).toHaveLength(2)
    })

    it("C-4: a reply that was not acknowledged before a restart is published again", async () => {
      const store = createMemoryStore()
      const { fleet, replies, client } = await setting(protocol, journaled, () => ({ message: "moved" }), { store })
      fleet.broker.intercept(({ packet, direction }) =>
        direction === "in" && packet.type === "publish" && packet.topic === RESPONSE && replies.length === 0
          ? "drop"
          : undefined,
      )
      fleet.say(COMMAND, request("a"))
      await fleet.clock.settle()
      expect(replies).toEqual([])
      client.abort()
      replies.push("restart")
      await setting(protocol, journaled, () => ({ message: "again" }), { store, fleet })
      expect(replies).toEqual(["restart", expect.objectContaining({ command_id: "a", message: "moved" })])
    })

    it("C-6: the request is acknowledged once begun is in the journal", async () => {
      const work = slow()
      const { fleet } = await setting(protocol, journaled, work.handler, { store: createMemoryStore() })
      const before = acks(fleet.broker.log)
      fleet.say(COMMAND, request("a"))
      await fleet.clock.settle()
      expect(acks(fleet.broker.log)).toBe(before + 1)
    })

    it("C-4: a journal that is optional is kept wherever there is a store", async () => {
      const store = createMemoryStore()
      const optional = car.driveWith({ journal: "optional" })
      const { fleet, replies, client } = await setting(protocol, optional, slow().handler, { store })
      fleet.say(COMMAND, request("a"))
      await fleet.clock.settle()
      client.abort()
      const second = slow()
      await setting(protocol, optional, second.handler, { store, fleet })
      expect(second.began).toEqual([])
      expect(replies).toEqual([expect.objectContaining({ message: "[interrupted] the device restarted" })])
    })

    it("C-8: a stop begins although the journal cannot be written, and nothing else does", async () => {
      const full = { ...createMemoryStore(), set: () => Promise.reject(new Error("no space left")) }
      const work = slow()
      const { fleet, replies, told } = await setting(protocol, journaled, work.handler, { store: full })
      for (const [id, action] of [["a"], ["s", "stop"]] as const) {
        fleet.say(COMMAND, request(id, action))
        await fleet.clock.settle()
      }
      expect(work.began).toEqual(["stop s"])
      expect((replies as car.DriveReply[]).map(({ command_id, message }) => `${command_id} ${message}`)).toEqual([
        "a [unavailable] the journal cannot be written",
        "s stopped",
      ])
      expect(told.lines).toContain("error drive [unavailable] the store cannot keep the journal")
    })

    it("C-4: a required journal without a store is refused", () => {
      const fleet = new Fleet(protocol)
      expect(() => fleet.device("car-001", { channels: [journaled] })).toThrow("[unsupported] drive: its journal needs")
    })
  })
})

describe("serving a command at MQTT 5", () => {
  const publish = (fleet: Fleet, value: unknown, properties: object): void =>
    fleet.broker.publish({
      topic: COMMAND,
      payload:
        typeof value === "string" ? new TextEncoder().encode(value) : new TextEncoder().encode(JSON.stringify(value)),
      qos: 1,
      properties,
    })

  it("C-2: a Response Topic other than the contract's is refused, and nothing is written there", async () => {
    const work = slow()
    const { fleet, replies } = await setting("5", car.drive, work.handler)
    const elsewhere = fleet.hear("bank/transfer")
    publish(fleet, request("a"), { responseTopic: "bank/transfer" })
    publish(fleet, request("b"), { responseTopic: RESPONSE })
    await fleet.clock.settle()
    expect(elsewhere).toEqual([])
    expect(replies).toEqual([
      expect.objectContaining({ command_id: "a", message: expect.stringMatching(/^\[invalid_payload\]/) }),
    ])
    expect(work.began.map((line) => line.split(" ")[0])).toEqual(["stop", "forward"])
  })

  it("C-5: counts the received expiry from receipt on", async () => {
    const work = slow()
    const { fleet, replies } = await setting("5", car.drive, work.handler)
    publish(fleet, request("a"), { messageExpirySeconds: 2 })
    publish(fleet, request("b"), { messageExpirySeconds: 2 })
    await fleet.clock.advance(2_500)
    work.end[0]?.()
    await fleet.clock.settle()
    expect(work.began).toEqual(["forward a"])
    expect(replies).toHaveLength(1)
  })

  it("C-7: no id readable is answered where Correlation Data came along", async () => {
    const { fleet } = await setting("5", car.drive, () => ({}))
    const before = fleet.broker.log.length
    publish(fleet, "{", { correlationData: new Uint8Array([1, 2]) })
    await fleet.clock.settle()
    const sent = fleet.broker.log
      .slice(before)
      .find(({ packet }) => packet.type === "publish" && packet.topic === RESPONSE)
    expect(sent?.packet).toMatchObject({ properties: { correlationData: new Uint8Array([1, 2]) } })
  })

  it("W-7: another major version gets a typed reply", async () => {
    const { fleet, replies } = await setting("5", car.drive, () => ({}))
    publish(fleet, request("a"), { contentType: "application/json;v=3" })
    await fleet.clock.settle()
    expect(replies).toEqual([
      expect.objectContaining({ command_id: "a", message: expect.stringMatching(/^\[invalid_payload\] .*version/) }),
    ])
  })

  it("C-12: a canceled request is aborted where the command declares it", async () => {
    const work = slow()
    const { fleet, replies } = await setting("5", car.driveWith({ cancel: true }), work.handler)
    publish(fleet, request("a"), {})
    await fleet.clock.settle()
    publish(fleet, "", { userProperties: [["fleetwire-cancel", "a"]] })
    await fleet.clock.settle()
    expect(work.aborted).toEqual(["a [canceled] canceled by the caller"])
    expect(replies).toHaveLength(1)
  })

  it("S-4: hands on the trace context and returns it", async () => {
    let seen: string | undefined
    const { fleet } = await setting("5", car.drive, (_, { traceparent }) => {
      seen = traceparent
      return {}
    })
    publish(fleet, request("a"), { userProperties: [["traceparent", "00-ab-cd-01"]] })
    await fleet.clock.settle()
    expect(seen).toBe("00-ab-cd-01")
  })
})
