import { randomBytes } from "node:crypto"
import { mqttTransport } from "@fleetwire/mqtt"
import {
  type ConnectedInfo,
  type ControllerOptions,
  type DisconnectReason,
  type InboundMessage,
  type Link,
  type LinkOptions,
  systemClock,
  systemRandom,
} from "@fleetwire/runtime"

/** A connection of the doctor's: one attempt, everything that came kept. */
export interface DoctorLink {
  readonly info: ConnectedInfo
  readonly link: Link
  readonly messages: readonly KeptMessage[]
  /** Resolves when that many messages are here; with false once nothing more has come for 2 s. */
  received(count: number): Promise<boolean>
  close(): Promise<void>
}

/** A message, kept beyond its handler. */
export interface KeptMessage {
  readonly topic: string
  readonly payload: string
  readonly octets: number
  readonly retain: boolean
}

/** How the doctor connects: as the shell does, with the client id, session and will of a probe. */
export type ProbeOptions = Pick<LinkOptions, "protocol"> &
  Partial<Pick<LinkOptions, "clientId" | "session" | "will">> & { readonly connection: ControllerOptions }

const CONNECT_MS = 5_000
const ACKNOWLEDGE_MS = 3_000
const RECEIVE_MS = 2_000
const POLL_MS = 5
const ONE_ATTEMPT = { enabled: false, spreadMs: 0, baseMs: 1, capMs: 1, stableMs: 1 }

/** Connects once; gives the reason where the broker does not accept. */
export async function openDoctorLink(probe: ProbeOptions): Promise<DoctorLink | DisconnectReason> {
  const { connection, protocol, clientId = doctorName(), session = { kind: "clean" }, will } = probe
  const { url, username, password, tls } = connection
  const messages: KeptMessage[] = []
  let link: Link | undefined
  const outcome = await new Promise<ConnectedInfo | DisconnectReason>((resolve) => {
    const late = setTimeout(
      () => resolve({ kind: "network", message: `no answer within ${CONNECT_MS / 1000} s`, final: true }),
      CONNECT_MS,
    )
    link = mqttTransport().open(
      {
        url,
        protocol,
        clientId,
        session,
        keepAliveSeconds: 30,
        connectTimeoutMs: CONNECT_MS,
        acknowledgeTimeoutMs: ACKNOWLEDGE_MS,
        reconnect: ONE_ATTEMPT,
        clock: systemClock,
        random: systemRandom,
        ...(username !== undefined && { credentials: { username, ...(password !== undefined && { password }) } }),
        ...(tls !== undefined && { tls }),
        ...(will !== undefined && { will }),
      },
      {
        onConnected: (info) => {
          clearTimeout(late)
          resolve(info)
        },
        onDisconnected: (reason) => {
          clearTimeout(late)
          resolve(reason)
        },
        onMessage: (message) => {
          messages.push(kept(message))
          message.acknowledge()
        },
      },
    )
  })
  if (!("limits" in outcome)) {
    await link?.close({ deadlineMs: 0 }).catch(() => undefined)
    return outcome
  }
  return {
    info: outcome,
    link: link!,
    messages,
    async received(count) {
      let before = messages.length
      let end = performance.now() + RECEIVE_MS
      while (messages.length < count) {
        if (messages.length > before) end = performance.now() + RECEIVE_MS
        before = messages.length
        if (performance.now() > end) return false
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
      return true
    },
    close: () => link!.close({ deadlineMs: 1_000 }).catch(() => undefined),
  }
}

function kept({ topic, payload, retain }: InboundMessage): KeptMessage {
  return { topic, payload: new TextDecoder().decode(payload.subarray(0, 64)), octets: payload.length, retain }
}

/** A name that nobody else has: for client ids and topics. */
export function doctorName(): string {
  return `fleetwire-doctor-${randomBytes(6).toString("hex")}`
}

/** Whether an attempt to connect failed. */
export function isRefusal(outcome: DoctorLink | DisconnectReason): outcome is DisconnectReason {
  return !("link" in outcome)
}
