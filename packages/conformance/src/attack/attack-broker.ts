import { pbkdf2Sync, randomBytes } from "node:crypto"
import { type Mosquitto, type MosquittoInstall, startMosquitto } from "@fleetwire/broker-lab"
import { connectRaw } from "../raw-client.js"
import type { AttackIdentity } from "./attack-target.js"

/** Rules as an operator would install them. */
export type BrokerRules =
  | {
      readonly kind: "acl"
      readonly text: string
      /** The broker takes the user name for the client id, which rules with `%c` need. */
      readonly usernameAsClientId?: boolean
    }
  | { readonly kind: "dynamic-security"; readonly commands: readonly object[] }

/** A Mosquitto with the rules under attack, and the account of a witness who may do everything. */
export interface AttackBroker {
  readonly broker: Mosquitto
  readonly url: string
  readonly witness: { readonly username: string; readonly password: string }
  readonly lateWitness: { readonly username: string; readonly password: string }
  stop(): Promise<void>
}

const WITNESS = "attack-witness"
const LATE_WITNESS = "attack-witness-late"
const EVERYTHING = "topic readwrite #\ntopic readwrite $SYS/#\ntopic readwrite $CONTROL/#\n"
const CONTROL = "$CONTROL/dynamic-security/v1"
/**
 * The witness and the attackers see everything: no bound of the broker may hold messages back. Not 0 for "no bound":
 * Mosquitto 2.0.11 then ends the connection of whoever was refused a publish.
 */
const SETTINGS = { max_queued_messages: 100_000, max_inflight_messages: 1000, sys_interval: 1 }

/** Starts a Mosquitto of its own with rules, an account for each identity and the witness beside them. */
export async function startAttackBroker(
  rules: BrokerRules,
  identities: readonly AttackIdentity[],
  install?: MosquittoInstall,
): Promise<AttackBroker> {
  const password = randomBytes(12).toString("hex")
  const witness = { username: WITNESS, password }
  const lateWitness = { username: LATE_WITNESS, password }
  const base = { settings: SETTINGS, ...(install !== undefined && { install }) }
  if (rules.kind === "acl") {
    const users = Object.fromEntries(identities.map((one) => [one.name, one.password]))
    const broker = await startMosquitto({
      ...base,
      listeners: [{ kind: "tcp", ...(rules.usernameAsClientId === true && { usernameAsClientId: true }) }],
      users: { ...users, [WITNESS]: password, [LATE_WITNESS]: password },
      acl: `user ${WITNESS}\n${EVERYTHING}user ${LATE_WITNESS}\n${EVERYTHING}${rules.text}`,
    })
    return { broker, url: broker.url, witness, lateWitness, stop: () => broker.stop() }
  }
  const broker = await startMosquitto({ ...base, anonymous: false, dynamicSecurity: JSON.stringify(bareConfig()) })
  try {
    await configure(broker.url, witness, [
      ...rules.commands,
      ...identities.map((one) => ({ command: "setClientPassword", username: one.name, password: one.password })),
    ])
  } catch (error) {
    await broker.stop()
    throw error
  }
  return { broker, url: broker.url, witness, lateWitness, stop: () => broker.stop() }

  function bareConfig(): object {
    const everything = ["publishClientSend", "publishClientReceive", "subscribePattern"].flatMap((acltype) =>
      ["#", "$SYS/#", "$CONTROL/#"].map((topic) => ({ acltype, topic, priority: 0, allow: true })),
    )
    return {
      defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
      roles: [{ rolename: WITNESS, acls: everything }],
      clients: [WITNESS, LATE_WITNESS].map((username) => ({
        username,
        ...dynsecPassword(password),
        roles: [{ rolename: WITNESS }],
      })),
    }
  }
}

/** Sends commands to the plugin and gives its answers; rejects with what it refused. */
async function configure(
  url: string,
  account: { readonly username: string; readonly password: string },
  commands: readonly object[],
): Promise<void> {
  const client = await connectRaw({ url, mqtt: "5", clientId: "attack.configure", ...account })
  try {
    await client.subscribe(`${CONTROL}/response`)
    await client.publish(CONTROL, JSON.stringify({ commands }), { qos: 1 })
    const answer = await client.message(({ topic }) => topic === `${CONTROL}/response`)
    const { responses } = JSON.parse(answer.payload.toString()) as {
      readonly responses: readonly { readonly command: string; readonly error?: string }[]
    }
    const refused = responses.filter(({ error }) => error !== undefined)
    if (refused.length > 0) {
      throw new Error(
        `dynamic security refused ${refused.map(({ command, error }) => `${command}: ${error}`).join("; ")}`,
      )
    }
  } finally {
    client.destroy()
  }
}

/** A password as the plugin keeps it: PBKDF2 of SHA-512. */
function dynsecPassword(password: string): object {
  const salt = randomBytes(12)
  const iterations = 101
  const hash = pbkdf2Sync(password, salt, iterations, 64, "sha512")
  return { password: hash.toString("base64"), salt: salt.toString("base64"), iterations }
}
