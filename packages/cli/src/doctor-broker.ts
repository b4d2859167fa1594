import { type BrokerSetting, computeBrokerSettings, type FleetSize } from "@fleetwire/codegen"
import { type ContractIr, contractLegs } from "@fleetwire/ir"
import type { ControllerOptions, DisconnectReason, ProtocolVersion, ServerLimits } from "@fleetwire/runtime"
import { bad, type DoctorCheck, good } from "./doctor-check.js"
import { type DoctorLink, isRefusal, openDoctorLink } from "./doctor-link.js"
import { probeBroker } from "./doctor-probes.js"

/** What the doctor knows of the deployment. */
export interface BrokerQuestion {
  readonly connection: ControllerOptions
  readonly ir?: ContractIr | undefined
  /** With a contract: the settings of Z-4 are computed for it, and compared. */
  readonly size?: FleetSize | undefined
}

/** Reaches the broker at both versions, reads what CONNACK says, and tries what matters for real. */
export async function checkBroker(question: BrokerQuestion): Promise<readonly DoctorCheck[]> {
  const { connection, ir, size } = question
  const [five, three] = await Promise.all([
    openDoctorLink({ connection, protocol: "5" }),
    openDoctorLink({ connection, protocol: "3.1.1" }),
  ])
  const checks = [reachCheck("MQTT 5", five), reachCheck("MQTT 3.1.1", three)]
  const link = [five, three].find((one): one is DoctorLink => !isRefusal(one))
  const settings = ir !== undefined && size !== undefined ? computeBrokerSettings(ir, size) : []
  try {
    if (!isRefusal(five)) checks.push(...limitChecks(five.info.limits, ir, settings))
    if (link !== undefined) {
      const protocol = link === five ? "5" : "3.1.1"
      checks.push(...(await probeBroker({ connection, protocol, link, ir, settings })))
      checks.push(PERSISTENCE, await anonymousCheck(connection, protocol))
    }
  } finally {
    for (const one of [five, three]) if (!isRefusal(one)) await one.close()
  }
  return checks
}

function reachCheck(name: string, outcome: DoctorLink | DisconnectReason): DoctorCheck {
  if (!isRefusal(outcome)) return good(name, "accepted")
  return bad(name, "error", outcome.message, remedyFor(name, outcome))
}

/** rules are for names, and whoever gives none must not get in. */
async function anonymousCheck(connection: ControllerOptions, protocol: ProtocolVersion): Promise<DoctorCheck> {
  const name = "anonymous access"
  const { username: _username, password: _password, tls, ...rest } = connection
  // A certificate is a name too.
  const { cert: _cert, key: _key, ...trust } = tls ?? {}
  const nameless = { ...rest, ...(tls !== undefined && { tls: trust }) }
  const outcome = await openDoctorLink({ connection: nameless, protocol })
  if (isRefusal(outcome)) {
    const { code, message } = outcome
    // By CONNACK, or by TLS, which asks for a certificate.
    if (code !== undefined || tls !== undefined) return good(name, "refused")
    return bad(name, "unknown", message, "it was not refused in words: see the broker's log")
  }
  await outcome.close()
  return bad(
    name,
    "warning",
    "accepted: whoever gives no name gets in",
    "access rules are for names: set allow_anonymous false",
  )
}

/** Z-1: no packet of MQTT says it, and a restart is not ours to try. */
const PERSISTENCE = bad(
  "persistence",
  "unknown",
  "a broker does not say whether it keeps sessions and stored messages over a restart",
  "set persistence true and autosave_interval 30; then restart it, and see that a stored message is still there",
)

/** What helps, by what stood in the way. */
export function remedyFor(version: string, { code, message }: Pick<DisconnectReason, "code" | "message">): string {
  if (code === 0x86 || code === 0x87 || code === 4 || code === 5)
    return "the broker does not know this account: check --username and the password (FLEETWIRE_PASSWORD), the certificate or the token"
  if (code === 0x84 || code === 1) return `the broker does not speak ${version}: use the other version with --protocol`
  if (code === 0x85 || code === 2) return "the broker refuses client ids of this account: it binds them"
  if (/certificate|self.signed|issuer|ALTNAME|altname|CERT_/i.test(message))
    return "TLS does not trust the other side: give the authority with --ca, and connect by a name that the certificate has"
  if (/ECONNREFUSED/.test(message)) return "nothing listens there: start the broker, or correct host and port of --url"
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return "the name does not resolve: correct the host of --url"
  if (/ECONNRESET|closed|EPROTO|wrong version/i.test(message))
    return "the other side hung up: is this port for another protocol (mqtt, mqtts, ws, wss), or does it want a certificate (--cert, --key)?"
  return "check --url, and what stands between here and the broker"
}

/** S-6 against the contract: what CONNACK says must be enough. */
export function limitChecks(
  limits: ServerLimits,
  ir: ContractIr | undefined,
  settings: readonly BrokerSetting[],
): readonly DoctorCheck[] {
  const legs = ir === undefined ? [] : contractLegs(ir).map(({ leg }) => leg)
  const qos = Math.max(0, ...legs.map((leg) => leg.qos))
  const wanted = (name: string) => settings.find((setting) => setting.name === name)?.value
  const packet = wanted("max_packet_size")
  const window = wanted("max_inflight_messages")
  const checks: DoctorCheck[] = []
  const compare = (name: string, enough: boolean, found: string, help: string, worst: "error" | "warning" = "error") =>
    checks.push(enough ? good(name, found) : bad(name, worst, found, help))
  compare("maximum QoS", limits.maximumQos >= qos, `${limits.maximumQos}`, `the contract sends at QoS ${qos}`)
  const retains = legs.some((leg) => leg.retain)
  compare(
    "retained messages",
    limits.retainAvailable || (ir !== undefined && !retains),
    limits.retainAvailable ? "available" : "not available",
    "presence, states and configurations need them: set retain_available true",
  )
  compare(
    "wildcard subscriptions",
    limits.wildcardAvailable,
    limits.wildcardAvailable ? "available" : "not available",
    "controllers that watch a fleet need them",
  )
  compare(
    "shared subscriptions",
    limits.sharedAvailable,
    limits.sharedAvailable ? "available" : "not available",
    "only needed to divide a stream among several consumers",
    "warning",
  )
  compare(
    "largest packet",
    typeof packet !== "number" || limits.maximumPacketSize >= packet,
    `${limits.maximumPacketSize} octets`,
    `set max_packet_size ${packet}`,
  )
  compare(
    "receive maximum",
    typeof window !== "number" || limits.receiveMaximum >= window,
    `${limits.receiveMaximum}`,
    `set max_inflight_messages ${window}`,
    "warning",
  )
  return checks
}
