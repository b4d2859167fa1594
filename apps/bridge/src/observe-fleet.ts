import type { BackendFleet } from "@fleetwire/iot-car/controller"
import type { BackendFleet as FirstFleet } from "@fleetwire/iot-car-v1/controller"
import type { HandleOptions, MessageMeta, Subscription } from "@fleetwire/runtime"
import type { Incoming, Intake } from "./intake.js"
import { digestOf, messageIdOf, toJsonText } from "./message-identity.js"
import type { PresenceRow } from "./store.js"

interface Params {
  readonly carId: string
}

/** Whatever a stream delivers: a message, or that a retained state was cleared or ran out. */
type Arrived = Partial<Params> & {
  readonly kind?: "value" | "cleared" | "expired"
  readonly message?: unknown
  readonly meta: MessageMeta
}

/** Any stream of the fleet. */
interface Readable<D> {
  handle(handler: (delivery: D) => void | Promise<void>, options: HandleOptions): Subscription
}

/**
 * A message is acknowledged when its handler resolves, which is after its commit. The deadline is as long as a timer
 * can be: a full disk must not turn into an acknowledgement.
 */
const HANDLE: HandleOptions = { acknowledge: "on-handled", concurrency: 512, deadlineMs: 2_147_483_647 }

/** Before the legs of the first generation. */
const FIRST = "v1."

/** Reads along on every leg of the contract and gives each message to the intake. */
export function observeFleet(fleet: BackendFleet, intake: Intake): readonly Subscription[] {
  const read = <D extends Arrived>(leg: string, stream: Readable<D>): Subscription =>
    stream.handle(async (delivery) => {
      // That a state ran out is our own clock's word, not a message.
      if (delivery.kind !== "expired") await intake.accept(toIncoming(leg, delivery))
    }, HANDLE)
  const { observe } = fleet
  return [
    read("telemetry.message", fleet.telemetry),
    read("status.message", observe.status),
    read("drive.request", observe.driveRequest),
    // Devices answer broadcasts on the same topic: each reply is kept once, as what it is on the wire.
    read("drive.reply", observe.driveReply),
    read("config.desired", observe.configDesired),
    read("config.fleet", observe.configFleet),
    read("config.reported", observe.configReported),
    read("broadcast.request", observe.broadcastRequest),
    read("latitude.message", fleet.latitude),
    read("longitude.message", fleet.longitude),
    read("battery.message", fleet.battery),
    read("temperature.message", fleet.temperature),
    read("log.message", fleet.log),
    read("diagnostics.message", fleet.diagnostics),
  ]
}

/**
 * Reads along on what cars of the first generation say, and on what is said to them. What both generations read is the
 * second's to keep: scalars, the statuses that name their car, the requests that name no speed of their own.
 */
export function observeFirstGeneration(fleet: FirstFleet, intake: Intake): readonly Subscription[] {
  const read = <D extends Arrived>(
    leg: string,
    stream: Readable<D>,
    isTheirs: (delivery: D) => boolean = () => true,
  ): Subscription =>
    stream.handle(async (delivery) => {
      if (isTheirs(delivery)) await intake.accept(toIncoming(leg, delivery, FIRST))
    }, HANDLE)
  const { observe } = fleet
  return [
    read("telemetry.message", fleet.telemetry),
    read("status.message", observe.status, ({ message }) => message.device_id === undefined),
    read(
      "drive.request",
      observe.driveRequest,
      ({ message }) => message.speed !== undefined || message.id === "unknown",
    ),
    read("drive.reply", observe.driveReply),
    read("log.message", fleet.log),
    read("diagnostics.message", fleet.diagnostics),
  ]
}

/**
 * A delivery as the intake takes it; a cleared state has the payload `null`. What is not the second generation's has
 * `prefix` before its leg, such as `v1.telemetry.message`.
 */
export function toIncoming(said: string, delivery: Arrived, prefix = ""): Incoming {
  const leg = `${prefix}${said}`
  const { meta } = delivery
  const device = delivery.carId ?? namedWithin(delivery.message)
  const message = delivery.kind === "cleared" ? null : delivery.message
  const payload = toJsonText(message)
  const messageId = messageIdOf(said, message)
  const presence =
    said === "status.message" && device !== undefined ? presenceOf(device, message, meta.receivedAt) : undefined
  return {
    message: {
      receivedAt: meta.receivedAt,
      channel: said.slice(0, said.indexOf(".")),
      leg,
      topic: meta.topic,
      qos: meta.qos,
      retained: meta.retained,
      payload,
      digest: digestOf(meta.topic, payload),
      ...(device === undefined ? {} : { device }),
      ...(messageId === undefined ? {} : { messageId }),
    },
    dup: meta.dup,
    ...(meta.packetId === undefined ? {} : { packetId: meta.packetId }),
    ...(presence === undefined ? {} : { presence }),
  }
}

/** Who said it, where the topic does not tell: logs of the first generation. */
function namedWithin(message: unknown): string | undefined {
  const named = (message as { readonly device_id?: unknown } | null | undefined)?.device_id
  return typeof named === "string" && /^car-[0-9]{3,6}$/.test(named) ? named : undefined
}

function presenceOf(device: string, message: unknown, since: number): PresenceRow | undefined {
  const state = (message as { readonly status?: unknown }).status
  return state === "online" || state === "offline" ? { device, state, since } : undefined
}
