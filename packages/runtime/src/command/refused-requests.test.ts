import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, PROTOCOLS } from "../../test/fixtures/fleet.js"
import type { CommandServer, RemoteCommand } from "../surface.js"

type Drive = CommandServer<car.DriveRequest, Partial<car.DriveReply>>

const COMMAND = "iot-car/car-001/command"
const RESPONSE = "iot-car/car-001/response"
const request = (id: string, action = "forward") => ({ id, timestamp: 1, action })

/** A car whose movements last until a test ends them. */
async function setting(protocol: (typeof PROTOCOLS)[number], channel: typeof car.drive) {
  const fleet = new Fleet(protocol)
  const device = fleet.device("car-001", { channels: [car.status, channel] })
  const serve: Drive = device.commandServer(channel)
  const began: string[] = []
  const end: (() => void)[] = []
  serve.handle(({ action, id }) => {
    began.push(`${action} ${action === "stop" && id.length > 10 ? "by itself" : id}`)
    return action === "stop" ? {} : new Promise((resolve) => end.push(() => resolve({})))
  })
  const replies = fleet.hear(RESPONSE) as car.DriveReply[]
  await fleet.connect(device)
  const endAll = async (): Promise<void> => {
    for (const each of end.splice(0)) each()
    await fleet.clock.settle()
  }
  const say = async (value: unknown): Promise<void> => {
    fleet.say(COMMAND, value)
    await fleet.clock.settle()
  }
  const answersTo = (id: string) => replies.filter((reply) => reply.command_id === id).map(({ message }) => message)
  return { fleet, device, began, endAll, say, answersTo, replies }
}

const BUSY = "[busy retry_after_ms=100] queue full"
const PREEMPTED = "[preempted] another command took over"
const single = car.driveWith({ queueBound: 0 })

describe.each(PROTOCOLS)("requests that were refused, at MQTT %s", (protocol) => {
  it("C-8: what was refused before a stop does not begin after it", async () => {
    const { began, say, answersTo, endAll, replies } = await setting(protocol, single)
    for (const id of ["a", "b"]) await say(request(id))
    await say(request("s", "stop"))
    await say(request("b"))
    await say(request("b"))
    expect(began).toEqual(["forward a", "stop s"])
    expect(answersTo("b")).toEqual([BUSY, PREEMPTED, PREEMPTED])
    expect(replies.at(-1)?.execution_time_ms).toBe(0)
    // What is ordered after the stop is run.
    await say(request("c"))
    expect(began.at(-1)).toBe("forward c")
    await endAll()
  })

  it("C-8: what is refused after a stop is only busy", async () => {
    const { began, say, answersTo, endAll } = await setting(protocol, single)
    await say(request("s", "stop"))
    for (const id of ["a", "b"]) await say(request(id))
    await endAll()
    await say(request("b"))
    await endAll()
    expect(began).toEqual(["stop s", "forward a", "forward b"])
    expect(answersTo("b")).toEqual([BUSY, undefined])
  })

  it("C-7: nor after a safe action", async () => {
    const { began, say, answersTo } = await setting(protocol, single)
    for (const id of ["a", "b"]) await say(request(id))
    await say(request("x", "fly"))
    await say(request("b"))
    expect(began).toEqual(["forward a", "stop by itself"])
    expect(answersTo("b")).toEqual([BUSY, PREEMPTED])
  })

  it("C-16: nor after the safe action of a lost link", async () => {
    const channel = car.driveWith({ queueBound: 0, onLinkLost: { action: { action: "stop" }, afterMs: 1_000 } })
    const { began, say, answersTo, fleet } = await setting(protocol, channel)
    for (const id of ["a", "b"]) await say(request(id))
    fleet.broker.stop()
    await fleet.clock.advance(2_000)
    fleet.broker.start()
    await fleet.clock.advance(8_000)
    await say(request("b"))
    expect(began).toEqual(["forward a", "stop by itself"])
    // Once for what the broker delivered again, once for what its caller asked again.
    expect(answersTo("b")).toEqual([BUSY, PREEMPTED, PREEMPTED])
  })

  it("C-8: a stop ends the retries of every caller that was refused", async () => {
    const { fleet, began } = await setting(protocol, single)
    const controller = fleet.controller()
    await fleet.connect(controller)
    const call: RemoteCommand<{ action: string; id?: string }, car.DriveReply> = controller.caller(single, {
      carId: "car-001",
    })
    const moves = ["a", "b", "c", "d", "e"].map((id) => call({ action: "forward" }, { idempotencyKey: id }))
    const outcomes = moves.map((move) => fleet.outcome(move, 0))
    await fleet.clock.advance(50)
    expect(began).toEqual(["forward a"])
    await fleet.outcome(call({ action: "stop" }, { idempotencyKey: "s" }), 20)
    await Promise.all(outcomes)
    for (const move of moves) {
      expect(await fleet.outcome(move, 1_000)).toMatchObject({ error: { code: "preempted", origin: "remote" } })
    }
    await fleet.clock.advance(10_000)
    expect(began).toEqual(["forward a", "stop s"])
  })

  it("C-8: more refused requests than are remembered keep the device from moving until they have expired", async () => {
    const { fleet, began, say, answersTo, endAll } = await setting(protocol, single)
    await say(request("a"))
    for (let n = 0; n < 1_100; n++) {
      fleet.say(COMMAND, request(`r-${n}`))
      if (n % 10 === 0) await fleet.clock.settle()
    }
    await say(request("s", "stop"))
    // The first had to make room, the last is known.
    await say(request("r-0"))
    await say(request("r-1099"))
    await say(request("new"))
    expect(answersTo("r-0")).toEqual([BUSY, BUSY])
    expect(answersTo("r-1099")).toEqual([BUSY, PREEMPTED])
    expect(answersTo("new")).toEqual([BUSY])
    await say(request("t", "stop"))
    expect(began).toEqual(["forward a", "stop s", "stop t"])
    await fleet.clock.advance(31_000)
    await say(request("newer"))
    expect(began.at(-1)).toBe("forward newer")
    await endAll()
  })
})
