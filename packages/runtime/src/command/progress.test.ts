import { describe, expect, it } from "vitest"
import * as car from "../../test/fixtures/car-contract.js"
import { Fleet, listen, PROTOCOLS } from "../../test/fixtures/fleet.js"
import { isNumber, isString, jsonObject } from "../../test/fixtures/json-codec.js"
import type { CommandDescriptor } from "../descriptor.js"
import type { CommandContext, ProgressContext } from "../surface.js"

interface Step {
  readonly command_id: string
  readonly percent: number
}
type Reply = Partial<car.DriveReply>
type Handler = (request: car.DriveRequest, context: ProgressContext<Pick<Step, "percent">>) => Reply | Promise<Reply>

const PROGRESS = "iot-car/car-001/response/progress"
const stepCodecs = jsonObject<Step>({ command_id: isString, percent: isNumber })
const drive: CommandDescriptor<car.DriveRequest, car.DriveReply> = {
  ...car.drive,
  progress: car.leg<Step>("drive.progress", "iot-car/{carId}/response/progress", stepCodecs, {
    acknowledge: "on-receipt",
    queue: { bound: 3, drop: "oldest" },
    auto: [{ field: "command_id", fill: "id" }],
  }),
}

async function setting(protocol: (typeof PROTOCOLS)[number], handler: Handler) {
  const fleet = new Fleet(protocol)
  const told = listen()
  const device = fleet.device("car-001", { channels: [car.status, drive] })
  device.progressServer<car.DriveRequest, Reply, Pick<Step, "percent">>(drive).handle(handler)
  const controller = fleet.controller({ observer: told.observer })
  const ask = controller.progressCaller<object, car.DriveReply, Step>(drive, { carId: "car-001" })
  await fleet.connect(device, controller)
  return { fleet, told, ask, device, controller }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe.each(PROTOCOLS)("progress at MQTT %s", (protocol) => {
  it("C-12: arrives before the final reply, in order, and ends with the call", async () => {
    const { fleet, ask } = await setting(protocol, async (_, { progress }) => {
      await progress({ percent: 30 })
      void progress({ percent: 60 })
      return { message: "there" }
    })
    const call = ask({ action: "forward" })
    const steps = all(call.progress)
    const { value } = (await fleet.outcome(call, 50)) as { value: car.DriveReply }
    expect(value.message).toBe("there")
    expect((await steps).map(({ percent }) => percent)).toEqual([30, 60])
  })

  it("C-12: both subscriptions are there before the request leaves (C-1)", async () => {
    const { fleet, ask } = await setting(protocol, () => ({}))
    const before = fleet.broker.log.length
    await fleet.outcome(ask({ action: "forward" }), 50)
    const own = fleet.broker.log.slice(before).filter(({ clientId }) => clientId === "iot-car.backend.one")
    const at = (type: string): number => own.findIndex(({ packet }) => packet.type === type)
    const subscribed = own.flatMap(({ packet }) =>
      packet.type === "subscribe" ? packet.requests.map(({ filter }) => filter) : [],
    )
    expect(subscribed.sort()).toEqual(["iot-car/car-001/response", PROGRESS])
    expect(at("suback")).toBeLessThan(at("publish"))
  })

  it("C-12: a slow reader sees the newest within the bound, and what it missed is counted", async () => {
    const { fleet, ask, told } = await setting(protocol, async (_, { progress }) => {
      for (let percent = 1; percent <= 5; percent++) await progress({ percent })
      return {}
    })
    const call = ask({ action: "forward" })
    await fleet.outcome(call, 50)
    expect((await all(call.progress)).map(({ percent }) => percent)).toEqual([3, 4, 5])
    expect(told.lines).toContain("dropped drive.progress bound 2")
  })

  it("C-12: nobody reads it, and nothing is counted or kept alive by it", async () => {
    const { fleet, ask, told } = await setting(protocol, async (_, { progress }) => {
      for (let percent = 1; percent <= 5; percent++) await progress({ percent })
      return {}
    })
    await fleet.outcome(ask({ action: "forward" }), 50)
    expect(told.lines.filter((line) => line.startsWith("dropped"))).toEqual([])
  })

  it("C-12: says nothing once the command is over, and nothing that does not fit", async () => {
    const kept: ProgressContext<Pick<Step, "percent">>[] = []
    const { fleet, ask } = await setting(protocol, async (_, context) => {
      kept.push(context)
      await context.progress({ percent: "half" as never }).catch((error: Error) => kept.push(error as never))
      return {}
    })
    const heard = fleet.hear(PROGRESS)
    await fleet.outcome(ask({ action: "forward" }), 50)
    expect(kept[1]).toMatchObject({ code: "invalid_argument" })
    await expect(kept[0]!.progress({ percent: 100 })).rejects.toMatchObject({ code: "closed" })
    await fleet.clock.settle()
    expect(heard).toEqual([])
  })

  it("C-12: goes to the call with that id only, and late it is counted", async () => {
    const { fleet, ask, told } = await setting(protocol, () => ({}))
    const call = ask({ action: "forward" }, { idempotencyKey: "mine" })
    const steps = all(call.progress)
    fleet.say(PROGRESS, { command_id: "foreign", percent: 1 })
    await fleet.outcome(call, 50)
    fleet.say(PROGRESS, { command_id: "mine", percent: 2 })
    await fleet.clock.settle()
    expect(await steps).toEqual([])
    expect(told.lines).toContain("late drive mine")
  })

  it("C-12: a pre-empted handler is told so where it tells how far it is", async () => {
    const said: unknown[] = []
    const { fleet, ask } = await setting(protocol, async ({ action }, { progress, signal }) => {
      if (action === "stop") return {}
      await new Promise((resolve) => signal.addEventListener("abort", resolve))
      await progress({ percent: 50 }).catch((error: unknown) => said.push(error))
      return {}
    })
    const call = ask({ action: "forward" })
    call.catch(() => {})
    await fleet.clock.advance(10)
    await fleet.outcome(ask({ action: "stop" }), 50)
    expect(said).toEqual([expect.objectContaining({ code: "preempted" })])
    expect(await fleet.outcome(call)).toMatchObject({ error: { code: "preempted" } })
  })

  it("a handler without progress is the one it always was", async () => {
    const fleet = new Fleet(protocol)
    const device = fleet.device("car-001", { channels: [car.status, car.drive] })
    const contexts: CommandContext[] = []
    device.commandServer<car.DriveRequest, Reply>(car.drive).handle((_, context) => {
      contexts.push(context)
      return {}
    })
    const controller = fleet.controller()
    await fleet.connect(device, controller)
    await fleet.outcome(controller.caller(car.drive, { carId: "car-001" })({ action: "forward" }), 50)
    expect(contexts).toHaveLength(1)
  })
})
