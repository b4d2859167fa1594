/** A lamp that is commanded, configured and told things: the contract of the shell's tests. */
export const LAMP = `import { action, broadcast, command, config, defineContract, message, presence, t, telemetry } from "@fleetwire/contract"

const Status = message("Status", { status: t.enum(["online", "offline"]) })
const SetLight = message("SetLight", {
  id: t.string({ maxLength: 40, auto: "id" }),
  brightness: t.uint8({ max: 100 }),
  serial: t.optional(t.uint64()),
})
const Reply = message("Reply", {
  id: t.string({ maxLength: 40, auto: "id" }),
  status: t.enum(["success", "error"]),
  message: t.string({ maxLength: 120 }),
  serial: t.optional(t.uint64()),
})
const Settings = message("Settings", { version: t.uint32(), level: t.optional(t.uint8()) })

export default defineContract({
  name: "lamp",
  version: "1.0.0",
  params: { lampId: t.param({ pattern: "lamp-[0-9]+", maxLength: 12 }) },
  device: "lampId",
  channels: {
    status: presence("lamp/{lampId}/status", Status),
    setLight: command("lamp/{lampId}/light", {
      request: SetLight,
      reply: "lamp/{lampId}/reply",
      response: Reply,
      outcome: { field: "status", success: "success", failure: "error", detail: "message" },
    }),
    toggle: action("lamp/{lampId}/toggle", message("Toggle", t.enum(["on", "off"])), { formats: ["text"], idempotent: true }),
    config: config("lamp/{lampId}/config", Settings, { fleet: "lamp/all/config" }),
    hint: telemetry("lamp/{lampId}/hint", message("Hint", { words: t.string({ maxLength: 20 }) }), { from: "controller" }),
    all: broadcast("lamp/all/light", SetLight),
  },
  roles: { app: { publish: "*", read: "*" }, guest: { publish: ["hint"], read: ["status"] } },
})
`
