import { command, defineContract, message, state, t } from "@fleetwire/contract"
import { deviceBasics } from "@fleetwire/schema-device-basics"

const Temperature = message(
  "Temperature",
  {
    value: t.float32({ min: -40, max: 85, unit: "°C", decimals: 2, examples: [21.5] }),
    unit: t.const("celsius"),
  },
  { doc: "How warm the room is." },
)

const Light = message(
  "Light",
  {
    on: t.bool(),
    brightness: t.uint8({ max: 100, unit: "%" }),
  },
  { doc: "What the light of the room does." },
)

const SetLight = message("SetLight", {
  id: t.string({ minLength: 1, maxLength: 40 }),
  on: t.bool(),
  brightness: t.uint8({ max: 100, unit: "%", default: 100 }),
})

const SetLightReply = message("SetLightReply", {
  id: t.string({ minLength: 1, maxLength: 40 }),
  status: t.enum(["success", "error"]),
  message: t.optional(t.string({ maxLength: 120 })),
})

const basics = deviceBasics({ root: "home/{room}", device: "room", idLength: 32 })

/** A home whose rooms tell their temperature and switch their light. */
export default defineContract({
  name: "home",
  version: "1.0.0",
  doc: "A home: each room has a thermometer and a light.",
  params: {
    room: t.param({ doc: "Names one room.", pattern: "[a-z]+(-[a-z0-9]+)*", maxLength: 32, examples: ["living-room"] }),
  },
  device: "room",
  channels: {
    temperature: state("home/{room}/temperature", Temperature, { every: "30 s" }),
    light: state("home/{room}/light", Light),
    setLight: command("home/{room}/light/set", {
      request: SetLight,
      reply: "home/{room}/light/reply",
      response: SetLightReply,
      outcome: { field: "status", success: "success", failure: "error", detail: "message" },
      idempotent: true,
      timeout: "5 s",
    }),
    ...basics,
  },
  roles: {
    resident: {
      doc: "Whoever lives there.",
      publish: ["setLight"],
      read: ["temperature", "light", "status", "setLight"],
    },
    caretaker: { doc: "Keeps the units of the rooms running.", read: ["status", "log", "diagnostics"] },
  },
})
