import { command, defineContract, message, state, t, telemetry } from "@fleetwire/contract"
import { deviceBasics } from "@fleetwire/schema-device-basics"

const Celsius = t.float32({ min: -40, max: 85, unit: "°C", decimals: 2 })
const Setpoint = t.float32({ min: 5, max: 35, unit: "°C", decimals: 1 })
const Mode = t.enum(["off", "heat", "cool", "auto"])

const Temperature = message("Temperature", { value: t.field(Celsius, { examples: [21.5] }) })
const Humidity = message("Humidity", { value: t.float32({ min: 0, max: 100, unit: "%", decimals: 1 }) })
const Motion = message("Motion", { detected: t.bool() }, { doc: "Whether somebody moves in the room." })
const Light = message("Light", { value: t.uint32({ max: 100_000, unit: "lx" }) })

const Hvac = message(
  "Hvac",
  {
    mode: Mode,
    target: Setpoint,
    running: t.bool({ doc: "Whether it heats or cools at the moment." }),
  },
  { doc: "What the room's climate unit does." },
)

const SetHvac = message("SetHvac", {
  id: t.string({ minLength: 1, maxLength: 40, auto: "id" }),
  mode: Mode,
  target: t.optional(t.field(Setpoint, { doc: "Absent: as before." })),
})

const SetHvacReply = message("SetHvacReply", {
  id: t.string({ minLength: 1, maxLength: 40 }),
  status: t.enum(["success", "error"]),
  message: t.optional(t.string({ maxLength: 120 })),
})

const basics = deviceBasics({ root: "building/device/{room}", device: "room unit" })

/** Floors of rooms, each with its instruments and a climate unit. */
export default defineContract({
  name: "smart-building",
  version: "1.0.0",
  doc: "A building: three floors of five rooms, each with a unit that measures and heats or cools.",
  params: {
    floor: t.param({ doc: "Names one floor.", pattern: "floor-[1-3]", maxLength: 7, examples: ["floor-2"] }),
    room: t.param({
      doc: "Names one room: the digit of its floor, then 01 to 05.",
      pattern: "room-[1-3]0[1-5]",
      maxLength: 8,
      examples: ["room-101"],
    }),
  },
  device: "room",
  channels: {
    temperature: telemetry("building/{floor}/{room}/temperature", Temperature, { every: "10 s" }),
    humidity: telemetry("building/{floor}/{room}/humidity", Humidity, { every: "10 s" }),
    light: telemetry("building/{floor}/{room}/light", Light, { every: "10 s" }),
    motion: state("building/{floor}/{room}/motion", Motion),
    hvac: state("building/{floor}/{room}/hvac", Hvac),
    setHvac: command("building/{floor}/{room}/hvac/set", {
      request: SetHvac,
      reply: "building/{floor}/{room}/hvac/reply",
      response: SetHvacReply,
      outcome: { field: "status", success: "success", failure: "error", detail: "message" },
      idempotent: true,
      timeout: "5 s",
    }),
    ...basics,
  },
  roles: {
    dashboard: {
      doc: "Watches the building.",
      read: ["temperature", "humidity", "light", "motion", "hvac", "status"],
    },
    operator: {
      doc: "Runs the building: watches everything and sets the climate units.",
      publish: ["setHvac"],
      read: "*",
      session: "persistent",
    },
  },
})
