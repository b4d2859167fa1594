import { action, command, defineContract, message, presence, state, t, telemetry } from "../../src/index.js"

const id = t.string({ maxLength: 40, auto: "id" })
const Reply = message("Reply", { id, status: t.enum(["success", "error"]), message: t.string({ maxLength: 80 }) })
const outcome = { field: "status", success: "success", failure: "error", detail: "message" } as const

/** Section 3: floors, rooms, and a unit that is commanded. */
export const smartBuilding = defineContract({
  name: "smart-building",
  version: "1.0.0",
  params: {
    floor: t.param({ pattern: "floor-[1-3]", maxLength: 7 }),
    room: t.param({ pattern: "room-[0-9]{3}", maxLength: 8 }),
  },
  device: "room",
  channels: {
    temperature: telemetry(
      "building/{floor}/{room}/temperature",
      message("Temperature", { value: t.float32({ unit: "°C" }) }),
    ),
    humidity: telemetry("building/{floor}/{room}/humidity", message("Humidity", { value: t.float32({ unit: "%" }) })),
    motion: state("building/{floor}/{room}/motion", message("Motion", { detected: t.bool() })),
    light: telemetry("building/{floor}/{room}/light", message("Light", { value: t.uint32({ unit: "lx" }) })),
    hvac: command("building/{floor}/{room}/hvac", {
      request: message("Hvac", {
        id,
        mode: t.enum(["off", "heat", "cool"]),
        target: t.optional(t.float32({ min: 5, max: 35 })),
      }),
      reply: "building/{floor}/{room}/hvac/reply",
      response: Reply,
      outcome,
    }),
  },
  roles: { backend: { publish: "*", read: "*" } },
})

/** Section 3: rooms of a home. */
export const home = defineContract({
  name: "home",
  version: "1.0.0",
  params: { room: t.param({ pattern: "[a-z]+(-[a-z]+)*", maxLength: 24 }) },
  device: "room",
  channels: {
    temperature: state(
      "home/{room}/temperature",
      message("Temperature", { value: t.float32(), unit: t.const("celsius") }),
    ),
    status: presence("home/{room}/status", message("Status", { status: t.enum(["online", "offline"]) })),
    light: command("home/{room}/light", {
      request: message("SetLight", { id, brightness: t.uint8({ max: 100, unit: "%" }) }),
      reply: "home/{room}/light/reply",
      response: Reply,
      outcome,
    }),
  },
  roles: { app: { publish: "*", read: "*" } },
})

/** Section 3: pins that speak plain words. */
export const gpio = defineContract({
  name: "gpio",
  version: "1.0.0",
  params: { pin: t.param({ pattern: "[0-9]{1,2}", maxLength: 2 }) },
  device: "pin",
  channels: {
    command: action("gpio/{pin}/command", message("PinCommand", t.enum(["on", "off", "toggle"])), {
      formats: ["text"],
      accept: { "contract/action-not-idempotent": "a toggle that comes twice is a toggle too much, as it always was" },
    }),
    state: state("gpio/{pin}/state", message("PinState", t.enum(["1", "0"])), { formats: ["text"] }),
  },
  roles: { app: { publish: "*", read: "*" } },
})
