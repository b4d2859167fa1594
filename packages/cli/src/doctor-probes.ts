import type { BrokerSetting } from "@fleetwire/codegen"
import { type ContractIr, contractLegs } from "@fleetwire/ir"
import type { ControllerOptions, ProtocolVersion } from "@fleetwire/runtime"
import { bad, type DoctorCheck, good } from "./doctor-check.js"
import { type DoctorLink, doctorName, isRefusal, openDoctorLink } from "./doctor-link.js"

/** A broker that accepted us, and what it is tried with. */
export interface ProbeRequest {
  readonly connection: ControllerOptions
  readonly protocol: ProtocolVersion
  readonly link: DoctorLink
  readonly ir: ContractIr | undefined
  readonly settings: readonly BrokerSetting[]
}

/** More are not sent to find out how many the broker keeps. */
const MOST_QUEUED = 5_000
const SESSION = { kind: "persistent", expirySeconds: 300 } as const

type Probe = (request: ProbeRequest, topic: string) => Promise<DoctorCheck>

/**
 * Tries for real what CONNACK only says: below `fleetwire-doctor/`, in a topic of its own, with everything removed again. An
 * account that may not use that topic leaves the rest unknown.
 */
export async function probeBroker(request: ProbeRequest): Promise<readonly DoctorCheck[]> {
  const { topicPrefix } = request.connection
  const base = [...(topicPrefix === undefined ? [] : [topicPrefix]), "fleetwire-doctor", doctorName()].join("/")
  const first = await echo(request, `${base}/echo`)
  if (first.status !== "ok") return [first]
  const checks = [first]
  for (const [name, probe] of PROBES) {
    checks.push(
      await probe(request, `${base}/${name}`).catch((error: unknown) =>
        bad(
          name,
          "error",
          error instanceof Error ? error.message : String(error),
          "the connection did not last: see the broker's log",
        ),
      ),
    )
  }
  return checks
}

const octets = (text: string) => new TextEncoder().encode(text)

async function echo({ link }: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const name = "echo"
  const help =
    "this account may not use topics below fleetwire-doctor: let one read and write fleetwire-doctor/#, to see the rest"
  const [granted = 0x80] = await link.link.subscribe([{ filter: topic, qos: 2 }])
  if (granted >= 0x80) return bad(name, "unknown", "the subscription was refused", help)
  for (const qos of [0, 1, 2] as const) {
    const before = link.messages.length
    const denied = await link.link
      .publish({ topic, payload: octets(`qos ${qos}`), qos, retain: false })
      .then(() => undefined)
      .catch((error: Error) => error.message)
    if (denied !== undefined || !(await link.received(before + 1)))
      return bad(name, "unknown", denied ?? `a message at QoS ${qos} did not come back`, help)
  }
  return good(name, "QoS 0, 1 and 2 came back")
}

const PROBES: readonly (readonly [string, Probe])[] = [
  ["stored", stored],
  ["wildcard", wildcard],
  ["shared", shared],
  ["will", will],
  ["packet", packet],
  ["queue", queue],
]

async function stored(request: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const { link } = request.link
  await link.publish({ topic, payload: octets("kept"), qos: 1, retain: true })
  const reader = await open(request)
  try {
    await reader.link.subscribe([{ filter: topic, qos: 1 }])
    const got = await reader.received(1)
    return got && reader.messages[0]?.retain === true
      ? good("stored message", "kept, and given to a late reader")
      : bad("stored message", "error", "a late reader was given nothing", "set retain_available true")
  } finally {
    await link.publish({ topic, payload: new Uint8Array(0), qos: 1, retain: true })
    await reader.close()
  }
}

async function wildcard(request: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const reader = await open(request)
  try {
    await reader.link.subscribe([{ filter: `${topic}/+/x`, qos: 1 }])
    await request.link.link.publish({ topic: `${topic}/a/x`, payload: octets("x"), qos: 1, retain: false })
    return (await reader.received(1))
      ? good("wildcard", "+ takes one level")
      : bad("wildcard", "error", "nothing came by a filter with +", "controllers that watch a fleet need wildcards")
  } finally {
    await reader.close()
  }
}

async function shared(request: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const name = "shared group"
  const readers = [await open(request), await open(request)]
  const help = "only needed to divide a stream among several consumers"
  try {
    for (const reader of readers) {
      const [granted = 0x80] = await reader.link.subscribe([{ filter: `$share/doctor/${topic}`, qos: 1 }])
      if (granted >= 0x80) return bad(name, "warning", "refused", help)
    }
    const sent = 10
    for (let n = 0; n < sent; n += 1) {
      await request.link.link.publish({ topic, payload: octets(`${n}`), qos: 1, retain: false })
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    const words = readers.flatMap(({ messages }) => messages.map(({ payload }) => payload))
    return words.length === sent && new Set(words).size === sent
      ? good(name, "each message to one of the group")
      : bad(name, "warning", `${words.length} of ${sent} messages came, ${new Set(words).size} different ones`, help)
  } finally {
    for (const reader of readers) await reader.close()
  }
}

async function will(request: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const { link } = request
  await link.link.subscribe([{ filter: topic, qos: 1 }])
  const before = link.messages.length
  const { connection, protocol } = request
  const dying = await openDoctorLink({
    connection,
    protocol,
    will: () => ({ topic, payload: octets("gone"), qos: 1, retain: false }),
  })
  if (isRefusal(dying)) return bad("last will", "error", dying.message, "the broker refuses wills: presence needs them")
  dying.link.abort()
  const came = await link.received(before + 1)
  await dying.close()
  return came
    ? good("last will", "published when its connection was cut")
    : bad("last will", "error", "not published", "presence needs it: see the broker's log")
}

async function packet({ link, ir, settings }: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const name = "longest message"
  const longest = ir === undefined ? 0 : Math.max(...contractLegs(ir).map(({ leg }) => leg.maxBytes))
  if (longest === 0) return bad(name, "unknown", "no contract given", "say which with --contract")
  await link.link.subscribe([{ filter: topic, qos: 1 }])
  const before = link.messages.length
  const sent = await link.link
    .publish({ topic, payload: new Uint8Array(longest), qos: 1, retain: false })
    .then(() => true)
    .catch(() => false)
  if (sent && (await link.received(before + 1)) && link.messages.at(-1)?.octets === longest)
    return good(name, `${longest} octets came back`)
  const value = settings.find((setting) => setting.name === "max_packet_size")?.value
  return bad(
    name,
    "error",
    `${longest} octets did not come back`,
    `set max_packet_size ${value ?? longest + 8192} or more, and no message_size_limit below`,
  )
}

/** Z-2 and Z-4: a session is kept, and as much waits in it as the contract and the size of the fleet say. */
async function queue(request: ProbeRequest, topic: string): Promise<DoctorCheck> {
  const name = "kept session"
  const clientId = doctorName()
  const away = await open(request, { clientId, session: SESSION })
  await away.link.subscribe([{ filter: topic, qos: 1 }])
  await away.close()
  const needed = request.settings.find((setting) => setting.name === "max_queued_messages")?.value
  const count = typeof needed === "number" ? Math.min(needed, MOST_QUEUED) : 100
  for (let n = 0; n < count; n += 50) {
    const batch = Array.from({ length: Math.min(50, count - n) }, (_, at) =>
      request.link.link.publish({ topic, payload: octets(`${n + at}`), qos: 1, retain: false }),
    )
    await Promise.all(batch)
  }
  const back = await open(request, { clientId, session: SESSION })
  try {
    if (!back.info.sessionPresent)
      return bad(name, "error", "gone after a moment", "devices and durable consumers need it: let sessions last")
    await back.received(count)
    const got = back.messages.length
    if (got < count)
      return bad(
        name,
        "error",
        `of ${count} messages ${got} waited`,
        `set max_queued_messages ${needed ?? count}, not 0`,
      )
    const scope = needed === undefined ? " (with --contract and --devices: as many as the fleet needs)" : ""
    return good(name, `${count} messages waited in it${scope}`)
  } finally {
    await back.close()
    // A clean session under the same name takes the kept one away.
    await (await open(request, { clientId })).close()
  }
}

async function open(
  { connection, protocol }: ProbeRequest,
  more: Pick<Parameters<typeof openDoctorLink>[0], "clientId" | "session"> = {},
): Promise<DoctorLink> {
  const outcome = await openDoctorLink({ connection, protocol, ...more })
  if (isRefusal(outcome)) throw new Error(outcome.message)
  return outcome
}
