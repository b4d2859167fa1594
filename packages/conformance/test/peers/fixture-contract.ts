import { readFileSync } from "node:fs"
import type { ChannelIr, CommandChannelIr, ContractIr, LegIr } from "@fleetwire/ir"
import type { Profile } from "../../src/profile.js"

const LOCK = new URL("../../../../schemas/iot-car/contract.lock.json", import.meta.url)

/** The car's contract as it is. */
export function plainContract(): ContractIr {
  return (JSON.parse(readFileSync(LOCK, "utf8")) as { readonly ir: ContractIr }).ir
}

/** The same car with what it does without: a journal, short times, a small durable outbox, an action, numbered sessions. */
export function fullContract(): ContractIr {
  const ir = plainContract()
  const channels = ir.channels.map((channel): ChannelIr => {
    if (channel.kind === "command" || channel.kind === "broadcast")
      return {
        ...channel,
        legs: channel.legs.map((leg) => (leg.name === "request" ? { ...leg, expiryMs: 900 } : leg)),
        command: { ...channel.command, journal: "required", executionTimeoutMs: 4_000 },
      } as CommandChannelIr
    if (channel.name === "log") return withOutbox(channel, { bound: 4, drop: "oldest", durable: false })
    if (channel.name === "diagnostics") return withOutbox(channel, { bound: 100, drop: "reject", durable: true })
    return channel
  })
  const request = channels.find(({ name }) => name === "drive")!.legs.find(({ name }) => name === "request")!
  const act: LegIr = { ...request, topic: "iot-car/{carId}/horn", message: "Horn" }
  channels.push({ kind: "action", name: "horn", from: "controller", idempotent: true, legs: [act] })
  channels.sort((a, b) => (a.name < b.name ? -1 : 1))
  const messages = ir.messages.map((message) =>
    message.name === "Status" && message.type.kind === "object"
      ? {
          ...message,
          type: {
            ...message.type,
            fields: [
              ...message.type.fields,
              {
                name: "session",
                number: 9,
                required: true,
                auto: "session" as const,
                type: { kind: "int" as const, bits: 32 as const, signed: false, min: 0, max: 4_294_967_295 },
              },
            ],
          },
        }
      : message,
  )
  messages.push({
    name: "Horn",
    type: {
      kind: "object",
      name: "Horn",
      fields: [
        { name: "tone", number: 1, required: true, type: { kind: "int", bits: 8, signed: false, min: 0, max: 255 } },
      ],
    },
  })
  const roles = ir.roles.map((role) =>
    role.name === "backend" ? { ...role, publish: [...role.publish, "horn.request"] } : role,
  )
  return { ...ir, channels, messages, roles }
}

function withOutbox(channel: ChannelIr, outbox: LegIr["outbox"]): ChannelIr {
  return { ...channel, legs: channel.legs.map((leg) => ({ ...leg, outbox })) } as ChannelIr
}

/** Samples for both. */
export const fixtureProfile: Profile = {
  devices: ["car-101", "car-102"],
  samples: {
    drive: {
      quick: { action: "forward", parameters: { duration: 10, speed: 10 } },
      slow: { action: "backward", parameters: { duration: 1_500, speed: 10 } },
      long: { action: "left", parameters: { duration: 20_000, speed: 10 } },
      endless: { action: "right", parameters: { duration: 600_000, speed: 10 } },
    },
    config: { own: { max_speed: 40 }, fleet: { max_speed: 90 } },
  },
}
