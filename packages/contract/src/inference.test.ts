import { describe, expectTypeOf, it } from "vitest"
import {
  command,
  defineContract,
  type Input,
  type MessageOf,
  message,
  type ParamsOf,
  type ResponseOf,
  type Static,
  t,
  telemetry,
} from "./index.js"

const Telemetry = message("Telemetry", {
  device_id: t.string({ maxLength: 16, auto: "identity" }),
  battery: t.uint8({ max: 100, unit: "%" }),
  total: t.uint64(),
  speed: t.uint8({ default: 80 }),
  note: t.optional(t.string({ maxLength: 9 })),
  raw: t.bytes({ maxLength: 4 }),
  kind: t.const("car"),
  mode: t.enum(["idle", "running"]),
  open: t.enum(["a", "b"], { open: true }),
  items: t.list(t.object({ x: t.float32() }), { maxItems: 3 }),
  tags: t.map(t.bool(), { maxProperties: 2 }),
  shape: t.union("type", { circle: t.object({ radius: t.float64() }), point: t.object({}) }),
})

describe("Static", () => {
  it("is the value after decoding", () => {
    type T = Static<typeof Telemetry>
    expectTypeOf<T["device_id"]>().toEqualTypeOf<string>()
    expectTypeOf<T["battery"]>().toEqualTypeOf<number>()
    expectTypeOf<T["total"]>().toEqualTypeOf<bigint>()
    expectTypeOf<T["speed"]>().toEqualTypeOf<number>()
    expectTypeOf<T["note"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<T["raw"]>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<T["kind"]>().toEqualTypeOf<"car">()
    expectTypeOf<T["mode"]>().toEqualTypeOf<"idle" | "running">()
    expectTypeOf<T["open"]>().toEqualTypeOf<"a" | "b" | (string & {})>()
    expectTypeOf<T["items"]>().toEqualTypeOf<{ x: number }[]>()
    expectTypeOf<T["tags"]>().toEqualTypeOf<{ [key: string]: boolean }>()
    const shape = {} as T["shape"]
    if (shape.type === "circle") expectTypeOf(shape.radius).toEqualTypeOf<number>()
  })
})

describe("Input", () => {
  it("lets out what the SDK or the decoder fills in", () => {
    type Keys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
    expectTypeOf<Keys<Input<typeof Telemetry>>>().toEqualTypeOf<"device_id" | "speed" | "note">()
  })

  it("does so inside objects too", () => {
    const Command = message("Command", { parameters: t.object({ speed: t.uint8({ default: 80 }), angle: t.int16() }) })
    expectTypeOf<Input<typeof Command>>().toEqualTypeOf<{ parameters: { speed?: number; angle: number } }>()
  })
})

describe("a contract", () => {
  const Request = message("Request", { id: t.string({ maxLength: 40 }), action: t.enum(["go", "stop"]) })
  const Answer = message("Answer", { id: t.string({ maxLength: 40 }), status: t.enum(["ok", "failed"]) })
  const contract = defineContract({
    name: "demo",
    version: "1.0.0",
    params: { carId: t.param(), room: t.param() },
    device: "carId",
    channels: {
      telemetry: telemetry("demo/{carId}/{room}/telemetry", Telemetry),
      drive: command("demo/{carId}/command", {
        request: Request,
        reply: "demo/{carId}/response",
        response: Answer,
        preempt: { action: "stop" },
        onLinkLost: { action: "stop", after: "2 s" },
      }),
    },
    roles: { app: { publish: ["drive"], read: ["telemetry", "drive.reply"], bind: ["carId"] } },
  })

  it("knows the type of every message and param without generated code", () => {
    expectTypeOf<MessageOf<typeof contract, "telemetry">["mode"]>().toEqualTypeOf<"idle" | "running">()
    expectTypeOf<MessageOf<typeof contract, "drive">["action"]>().toEqualTypeOf<"go" | "stop">()
    expectTypeOf<ResponseOf<typeof contract, "drive">["status"]>().toEqualTypeOf<"ok" | "failed">()
    expectTypeOf<ParamsOf<typeof contract, "telemetry">>().toEqualTypeOf<{
      readonly carId: string
      readonly room: string
    }>()
  })

  it("refuses what does not fit, before it runs", () => {
    const roles = { app: {} }
    const base = { name: "demo", version: "1.0.0", params: { carId: t.param() }, channels: {}, roles } as const
    // @ts-expect-error: a param that is not declared
    defineContract({ ...base, device: "unit" })
    // @ts-expect-error: a right on a channel that is not there
    defineContract({ ...base, device: "carId", roles: { app: { read: ["telemetry"] } } })
    // @ts-expect-error: an option that integers do not have
    t.uint8({ maximum: 3 })
    // @ts-expect-error: a default of another type
    t.uint8({ default: "3" })
    // @ts-expect-error: 64 bits need a bigint
    t.uint64({ max: 5 })
    // @ts-expect-error: a default outside the enum
    t.enum(["a", "b"], { default: "c" })
    // @ts-expect-error: a duration without a unit
    telemetry("demo/{carId}/x", Telemetry, { every: "5" })
    // @ts-expect-error: an action that the request does not know
    command("demo/{carId}/c", { request: Request, reply: "r", response: Answer, preempt: { action: "halt" } })
    const outcome = { success: "ok", failure: "failed" }
    // @ts-expect-error: an outcome field that the response does not have
    command("d/{carId}/c", { request: Request, reply: "r", response: Answer, outcome: { ...outcome, field: "state" } })
    // @ts-expect-error: a unit that is no text
    t.field(t.uint8(), { unit: 5 })
  })
})
