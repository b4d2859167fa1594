import { readFileSync } from "node:fs"
import type { ChannelIr, CommandChannelIr, ContractIr, LegIr, MessageIr } from "@fleetwire/ir"
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
    if (channel.name === "diagnostics")
      return {
        ...withOutbox(channel, { bound: 100, drop: "reject", durable: true }),
        deadLetter: "failed",
      } as ChannelIr
    return channel
  })
  const request = channels.find(({ name }) => name === "drive")!.legs.find(({ name }) => name === "request")!
  const act: LegIr = { ...request, topic: "iot-car/{carId}/horn", message: "Horn" }
  channels.push({ kind: "action", name: "horn", from: "controller", idempotent: true, legs: [act] })
  channels.push(survey(channels.find(({ name }) => name === "drive") as CommandChannelIr))
  channels.push(fromController("failed", "DeadLetter"), fromController("probe", "Probe"))
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
  messages.push(
    words("Probe", ["id"], "id"),
    words("DeadLetter", ["channel", "topic", "code", "reason", "payload"]),
    surveyStep,
  )
  messages.sort((a, b) => (a.name < b.name ? -1 : 1))
  const both = ["failed.message", "probe.message"]
  const roles = ir.roles.map((role) =>
    role.name === "backend"
      ? {
          ...role,
          publish: [...role.publish, "horn.request", "survey.request", ...both].sort(),
          read: [...role.read, "survey.reply", "survey.progress", ...both].sort(),
          probe: "probe",
        }
      : role,
  )
  return { ...ir, channels, messages, roles }
}

/** A command that tells how far it is, can be cancelled, trusts the sender's clock and remembers little for a short time. */
function survey(drive: CommandChannelIr): CommandChannelIr {
  const { preempt: _, onInvalid: __, onLinkLost: ___, ...command } = drive.command
  const [request, reply] = drive.legs as [LegIr, LegIr]
  const topic = "iot-car/{carId}/survey"
  return {
    ...drive,
    name: "survey",
    command: {
      ...command,
      concurrency: 2,
      cancel: true,
      trustedClock: "timestamp",
      remember: { count: 5, bytes: 65_536, retentionMs: 2_000 },
    },
    legs: [
      { ...request, topic, expiryMs: 5_000 },
      { ...reply, topic: `${topic}/response` },
      { ...reply, name: "progress", topic: `${topic}/response/progress`, message: "SurveyStep" },
    ].map(({ versions: ____, ...leg }) => leg as LegIr),
  }
}

/** A channel that controllers say and read. */
function fromController(name: string, message: string): ChannelIr {
  const leg: LegIr = {
    accepts: ["json"],
    sends: "json",
    acknowledge: "on-receipt",
    from: "controller",
    maxBytes: 4_096,
    message,
    name: "message",
    outbox: { bound: 100, drop: "reject", durable: false },
    qos: 1,
    queue: { bound: 100, drop: "oldest" },
    retain: false,
    topic: `iot-car/fleet/${name}`,
  }
  return { kind: "event", name, from: "controller", legs: [leg] }
}

/** A message of texts. */
function words(name: string, fields: readonly string[], auto?: "id"): MessageIr {
  return {
    name,
    type: {
      kind: "object",
      name,
      fields: fields.map((field, index) => ({
        name: field,
        number: index + 1,
        required: true,
        ...(auto === undefined ? {} : { auto }),
        type:
          field === "payload"
            ? { kind: "bytes" as const, maxLength: 2_048 }
            : { kind: "string" as const, maxLength: 200 },
      })),
    },
  }
}

const surveyStep: MessageIr = {
  name: "SurveyStep",
  type: {
    kind: "object",
    name: "SurveyStep",
    fields: [
      {
        name: "command_id",
        number: 1,
        required: true,
        auto: "id",
        type: { kind: "string", maxLength: 40, minLength: 1 },
      },
      { name: "percent", number: 2, required: true, type: { kind: "int", bits: 8, signed: false, min: 0, max: 100 } },
    ],
  },
}

function withOutbox(channel: ChannelIr, outbox: LegIr["outbox"]): ChannelIr {
  return { ...channel, legs: channel.legs.map((leg) => ({ ...leg, outbox })) } as ChannelIr
}

const drives = {
  quick: { action: "forward", parameters: { duration: 10, speed: 10 } },
  slow: { action: "backward", parameters: { duration: 1_500, speed: 10 } },
  long: { action: "left", parameters: { duration: 20_000, speed: 10 } },
  endless: { action: "right", parameters: { duration: 600_000, speed: 10 } },
}

/** Samples for both. A speed of 77 needs a reboot. */
export const fixtureProfile: Profile = {
  devices: ["car-101", "car-102"],
  samples: {
    drive: drives,
    survey: drives,
    config: { own: { max_speed: 40 }, fleet: { max_speed: 90 }, reboot: { max_speed: 77 } },
  },
}
