import { randomBytes } from "node:crypto"
import { type Mosquitto, startMosquitto } from "./start-mosquitto.js"

let shared: Promise<Mosquitto> | undefined

/**
 * One Mosquitto for all tests of this worker process: anonymous, unlimited queues, persistent sessions. It goes with
 * the process; tests keep apart by client id and topic prefix (`uniqueName`), and never stop or pause it.
 */
export function brokerForTests(): Promise<Mosquitto> {
  shared ??= startMosquitto({ settings: { max_queued_messages: 0 } }).then((broker) => {
    broker.unref()
    return broker
  })
  return shared
}

/** A name that no other test uses: for client ids and topic prefixes. */
export function uniqueName(stem = "t"): string {
  return `${stem}-${randomBytes(6).toString("hex")}`
}
