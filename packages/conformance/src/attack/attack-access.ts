import { type ContractIr, contractLegs } from "@fleetwire/ir"
import { connectRaw, type MqttVersion, type RawClient, type RawConnectOptions } from "../raw-client.js"
import type { AttackCell, AttackOperation, AttackReport } from "./attack-report.js"
import { type AttackIdentity, type AttackTarget, attackTargets, contractAllows } from "./attack-target.js"

export interface AttackOptions {
  readonly ir: ContractIr
  /** `mqtt://host:port` of a broker that has the rules, and nothing of anybody else. */
  readonly url: string
  readonly mqtt: MqttVersion
  readonly identities: readonly AttackIdentity[]
  /** An account that may read and publish everything: what it sees is what happened. */
  readonly witness: Account
  /** A second one like it, for short connections: a broker may give each account one client id. */
  readonly lateWitness: Account
  /** Deployment prefix without a slash at its end (T-4). */
  readonly prefix?: string
  /** Names of the identities that attack; default: all. */
  readonly attackers?: readonly string[]
}

interface Account {
  readonly username: string
  readonly password: string
}

const NOT_AUTHORIZED = 0x87
const SHARED_GROUP = "attack"

/**
 * Has each identity try every topic of the contract and around it, in every way, beside a witness, and compares what
 * happened with what the contract says. The rules under attack are never read.
 */
export async function attackAccess(options: AttackOptions): Promise<AttackReport> {
  const prefix = options.prefix === undefined || options.prefix === "" ? "" : `${options.prefix}/`
  const targets = attackTargets(options.ir, options.identities, prefix)
  const witness = await connect(options, { ...options.witness, clientId: "attack.witness" })
  await witness.subscribe(["#", ...(prefix.startsWith("$") ? [`${prefix}#`] : [])])
  const cells: AttackCell[] = []
  try {
    for (const identity of options.identities) {
      if (options.attackers !== undefined && !options.attackers.includes(identity.name)) continue
      const attacker = new Attacker(options, identity, targets, witness)
      cells.push(...(await attacker.readEverything()))
      cells.push(...(await attacker.readByLeg(prefix)))
      cells.push(...(await attacker.publishEverything()))
      cells.push(...(await attacker.overwriteEverything("overwrite stored", "overwritten")))
      cells.push(...(await attacker.overwriteEverything("clear stored", "")))
      cells.push(...(await attacker.leaveWills()))
      cells.push(...(await attacker.useWildcards(prefix)))
      cells.push(...(await attacker.borrowClientIds()))
    }
  } finally {
    witness.destroy()
  }
  return { mqtt: options.mqtt, cells }
}

function connect(
  { url, mqtt }: Pick<AttackOptions, "url" | "mqtt">,
  more: Omit<RawConnectOptions, "url" | "mqtt">,
): Promise<RawClient> {
  return connectRaw({ url, mqtt, ...more })
}

let serial = 0

/**
 * One account's tries, each a method that says what it wants of the broker, beside a witness who sees what came of it. The file is
 * long because the tries share that witness and how a verdict is reached; each by itself is a few lines.
 */
class Attacker {
  constructor(
    private readonly options: AttackOptions,
    private readonly identity: AttackIdentity,
    private readonly targets: readonly AttackTarget[],
    private readonly witness: RawClient,
  ) {}

  /** Subscribes each topic by itself, also in a shared group and with a stored message there, and sees what comes. */
  async readEverything(): Promise<readonly AttackCell[]> {
    const targets = this.targets.filter(({ topic }) => !topic.startsWith("$SYS") && !topic.startsWith("$CONTROL"))
    await this.#store("kept")
    const plain = await this.#connect("read")
    await this.#subscribe(
      plain,
      targets.map(({ topic }) => topic),
    )
    await settle(plain)
    const stored = new Set(plain.messages.filter(({ retain }) => retain).map(({ topic }) => topic))
    const live = await this.#witnessed(plain, targets)
    plain.destroy()
    const shared = await this.#connect("shared")
    await this.#subscribe(
      shared,
      targets.map(({ topic }) => `$share/${SHARED_GROUP}/${topic}`),
    )
    const inGroup = await this.#witnessed(shared, targets)
    shared.destroy()
    return targets.flatMap((target) => {
      const allowed = this.#may("read", target)
      const cells = [this.#cell("read", target, allowed, live.has(target.topic))]
      if (target.retain) cells.push(this.#cell("read stored", target, allowed, stored.has(target.topic)))
      // A broker may refuse shared groups even to those who may read: only what is not theirs may not come.
      const got = inGroup.has(target.topic)
      cells.push({ ...this.#cell("read shared", target, allowed && got, got), ok: allowed || !got })
      return cells
    })
  }

  /** Subscribes as an SDK does that was told no values, `+` for every param: it must be given its own, and only those. */
  async readByLeg(prefix: string): Promise<readonly AttackCell[]> {
    const legs = contractLegs(this.options.ir).filter(({ id }) =>
      this.targets.some((target) => target.legs.includes(id) && this.#may("read", target)),
    )
    const cells: AttackCell[] = []
    for (const { id, leg } of legs) {
      const filter = `${prefix}${leg.topic.replace(/\{[^/]*\}/g, "+")}`
      const attacker = await this.#connect("leg")
      await this.#subscribe(attacker, [filter])
      const targets = this.targets.filter((target) => target.legs.includes(id))
      const got = await this.#witnessed(attacker, targets)
      attacker.destroy()
      const wrong = targets.filter((target) => got.has(target.topic) !== this.#may("read", target))
      cells.push({
        identity: this.identity.name,
        operation: "wildcard",
        target: filter,
        leg: id,
        allowed: true,
        done: got.size > 0,
        ok: wrong.length === 0,
        ...(wrong.length > 0 && {
          detail: `wrong for ${wrong
            .map(({ topic }) => topic)
            .slice(0, 3)
            .join(", ")}`,
        }),
      })
    }
    return cells
  }

  async publishEverything(): Promise<readonly AttackCell[]> {
    const attacker = await this.#connect("publish")
    const word = fresh()
    const answers: (number | undefined)[] = []
    for (const { topic } of this.targets) answers.push(await publishCode(attacker, topic, word, false))
    const seen = await this.#seenByWitness(word)
    attacker.destroy()
    return this.targets.map((target, at) => {
      const allowed = this.#may("publish", target)
      const cell = this.#cell("publish", target, allowed, seen.has(target.topic))
      const code = answers[at]
      if (this.options.mqtt !== "5" || code === undefined) return cell
      const expected = allowed ? code < 0x80 : code === NOT_AUTHORIZED
      return expected ? cell : { ...cell, ok: false, detail: `PUBACK says 0x${code.toString(16)}` }
    })
  }

  /** Tries to replace, or with an empty payload to remove, what is stored on each topic. */
  async overwriteEverything(
    operation: "overwrite stored" | "clear stored",
    payload: string,
  ): Promise<readonly AttackCell[]> {
    const targets = this.targets.filter(({ topic }) => !topic.startsWith("$"))
    await this.#store("kept")
    const attacker = await this.#connect("stored")
    for (const { topic } of targets) await publishCode(attacker, topic, payload, true)
    attacker.destroy()
    const late = await connect(this.options, { ...this.options.lateWitness, clientId: `attack.late.${fresh()}` })
    await late.subscribe("#")
    await settle(late)
    const kept = new Set(late.messages.filter((one) => one.payload.toString() === "kept").map(({ topic }) => topic))
    late.destroy()
    return targets.map((target) => this.#cell(operation, target, this.#may("publish", target), !kept.has(target.topic)))
  }

  /** Leaves a last will on each topic, one connection for each, and is gone without a word. */
  async leaveWills(): Promise<readonly AttackCell[]> {
    const word = fresh()
    for (const { topic } of this.targets) {
      const will = { topic, payload: Buffer.from(word), qos: 1 as const, retain: false }
      const attacker = await this.#connect("will", { will })
      attacker.destroy()
      await attacker.closed
    }
    // One that may: when its will is here, all that closed before it have been seen to.
    const topic = "attack/last"
    const payload = Buffer.from(`${word} last`)
    const last = await connect(this.options, {
      ...this.options.lateWitness,
      clientId: `attack.last.${word}`,
      will: { topic, payload, qos: 1, retain: false },
    })
    last.destroy()
    await this.witness.message((message) => message.payload.equals(payload))
    const seen = await this.#seenByWitness(word)
    return this.targets.map((target) =>
      this.#cell("will", target, this.#may("publish", target), seen.has(target.topic)),
    )
  }

  /** Filters that take much at once: exactly what may be read comes through them, or the broker refuses them. */
  async useWildcards(prefix: string): Promise<readonly AttackCell[]> {
    const { topic = "" } = this.targets[0] ?? {}
    const [first = ""] = topic.slice(prefix.length).split("/")
    const depth = topic.split("/").length
    const filters = [
      "#",
      "+/#",
      `${prefix}${first}/#`,
      `${prefix}${first}/+/+`,
      Array.from({ length: depth }, () => "+").join("/"),
      `$share/${SHARED_GROUP}/#`,
      `$share/${SHARED_GROUP}/${prefix}${first}/#`,
      "$SYS/#",
      "$SYS/broker/clients/connected",
      "$CONTROL/#",
    ]
    const cells: AttackCell[] = []
    for (const filter of filters) {
      const attacker = await this.#connect("wildcard")
      await this.#subscribe(attacker, [filter])
      const inside = this.targets.filter(({ legs }) => legs.length > 0)
      await this.#witnessed(attacker, inside)
      const got = new Set(attacker.messages.map((message) => message.topic))
      attacker.destroy()
      const foreign = [...got].filter((one) => {
        const target = this.targets.find((candidate) => candidate.topic === one)
        return target === undefined || !this.#may("read", target)
      })
      cells.push({
        identity: this.identity.name,
        operation: "wildcard",
        target: filter,
        allowed: false,
        done: foreign.length > 0,
        ok: foreign.length === 0,
        ...(foreign.length > 0 && { detail: `received ${foreign.slice(0, 3).join(", ")}` }),
      })
    }
    return cells
  }

  /**
   * Connects under the client id of each other identity, whose session has messages waiting, and under ids that a rule
   * might take for something else. Neither may bring anything that the identity may not have, nor let it publish more.
   */
  async borrowClientIds(): Promise<readonly AttackCell[]> {
    const others = this.options.identities.filter(({ name }) => name !== this.identity.name)
    const cells: AttackCell[] = []
    for (const other of others) cells.push(await this.#borrow(other))
    for (const id of ["#", "+", "%c", "%u", "../x", ...others.slice(0, 1).map(({ name }) => name)]) {
      const attacker = await this.#connectAs(id, true)
      cells.push(await this.#tryAll(attacker, id))
    }
    return cells
  }

  async #borrow(other: AttackIdentity): Promise<AttackCell> {
    const id = other.clientId ?? `attack.session.${other.name}`
    const { name: username, password } = other
    const properties = { sessionExpiryInterval: 60 }
    const owner = await connect(this.options, { username, password, clientId: id, clean: false, properties })
    if (codeOf(owner) !== 0) {
      owner.destroy()
      const cell = { identity: this.identity.name, operation: "client id" as const, target: id, allowed: false }
      return { ...cell, done: false, ok: false, detail: `${other.name} itself is refused with it` }
    }
    await owner.subscribe(this.targets.map(({ topic }) => topic))
    owner.destroy()
    await owner.closed
    const attacker = await this.#connectAs(id, false)
    const cell = await this.#tryAll(attacker, id)
    const back = await connect(this.options, { username, password, clientId: id, clean: true })
    await back.disconnect(0, { sessionExpiryInterval: 0 })
    return cell
  }

  async #tryAll(attacker: RawClient, id: string): Promise<AttackCell> {
    const cell = { identity: this.identity.name, operation: "client id" as const, target: id, allowed: false }
    if (codeOf(attacker) !== 0) {
      attacker.destroy()
      return { ...cell, done: false, ok: true, detail: "refused at CONNECT" }
    }
    const inside = this.targets.filter(({ legs }) => legs.length > 0)
    await this.#subscribe(
      attacker,
      inside.map(({ topic }) => topic),
    )
    await this.#witnessed(attacker, inside)
    const read = [...new Set(attacker.messages.map(({ topic }) => topic))].filter(
      (topic) => !inside.some((target) => target.topic === topic && this.#may("read", target)),
    )
    const word = fresh()
    for (const { topic } of inside) await publishCode(attacker, topic, word, false)
    const written = [...(await this.#seenByWitness(word))].filter(
      (topic) => !inside.some((target) => target.topic === topic && this.#may("publish", target)),
    )
    attacker.destroy()
    const too = [...read.map((topic) => `read ${topic}`), ...written.map((topic) => `published ${topic}`)]
    return {
      ...cell,
      done: too.length > 0,
      ok: too.length === 0,
      ...(too.length > 0 && { detail: too.slice(0, 3).join(", ") }),
    }
  }

  /** Publishes a fresh word on each topic as the witness; the topics on which the reader received it. */
  async #witnessed(reader: RawClient, targets: readonly AttackTarget[]): Promise<ReadonlySet<string>> {
    const word = fresh()
    await Promise.all(targets.map(({ topic }) => this.witness.publish(topic, word, { qos: 1 })))
    const expected = new Set(targets.map(({ topic }) => topic))
    await settle(this.witness)
    const seen = topicsOf(this.witness, word)
    for (const topic of expected) {
      if (!topic.startsWith("$") && !seen.has(topic))
        throw new Error(`the witness did not receive ${topic}: the attack proves nothing`)
    }
    await settle(reader)
    return topicsOf(reader, word)
  }

  /** Topics on which the witness received a word, once it has everything that was sent before now. */
  async #seenByWitness(word: string): Promise<ReadonlySet<string>> {
    const end = fresh()
    await this.witness.publish("attack/end", end, { qos: 1 })
    await this.witness.message((message) => message.payload.toString() === end)
    await settle(this.witness)
    return topicsOf(this.witness, word)
  }

  /** Stores a payload on every topic, as the witness. */
  async #store(payload: string): Promise<void> {
    const targets = this.targets.filter(({ topic }) => !topic.startsWith("$"))
    await Promise.all(targets.map(({ topic }) => this.witness.publish(topic, payload, { qos: 1, retain: true })))
  }

  async #subscribe(client: RawClient, filters: readonly string[]): Promise<void> {
    // A broker may refuse, or close: what counts is what is delivered.
    for (const filter of filters) {
      if (client.open) await client.subscribe(filter).catch(() => undefined)
    }
  }

  async #connect(purpose: string, more: Partial<RawConnectOptions> = {}): Promise<RawClient> {
    const { name: username, password, clientId } = this.identity
    const id = clientId ?? `attack.${purpose}.${fresh()}`
    return connect(this.options, { username, password, clientId: id, ...more })
  }

  #connectAs(clientId: string, clean: boolean): Promise<RawClient> {
    const { name: username, password } = this.identity
    return connect(this.options, { username, password, clientId, clean })
  }

  #may(access: "publish" | "read", target: AttackTarget): boolean {
    return contractAllows(this.options.ir, this.identity, access, target)
  }

  #cell(operation: AttackOperation, { topic, legs }: AttackTarget, allowed: boolean, done: boolean): AttackCell {
    return {
      identity: this.identity.name,
      operation,
      target: topic,
      ...(legs.length > 0 && { leg: legs.join(", ") }),
      allowed,
      done,
      ok: allowed === done,
    }
  }
}

/** Reason code of PUBACK, 0 where the version has none; undefined where the connection ended instead. */
async function publishCode(
  client: RawClient,
  topic: string,
  payload: string,
  retain: boolean,
): Promise<number | undefined> {
  if (!client.open) return undefined
  const answer = await client.publish(topic, payload, { qos: 1, retain }).catch(() => undefined)
  return answer === undefined ? undefined : ((answer as { readonly reasonCode?: number }).reasonCode ?? 0)
}

/** What CONNACK says; 0 is accepted. */
function codeOf({ connack }: RawClient): number {
  return connack.reasonCode ?? connack.returnCode ?? 0
}

/** Waits until everything is here that the broker had for the client before now: PINGRESP comes behind it. */
async function settle(client: RawClient): Promise<void> {
  for (let before = -1; client.open && before !== client.messages.length; ) {
    before = client.messages.length
    const answered = new Promise<void>((resolve) => {
      const stop = client.onPacket((packet) => {
        if (packet.cmd !== "pingresp") return
        stop()
        resolve()
      })
      void client.closed.then(() => resolve())
    })
    client.send({ cmd: "pingreq" })
    await answered
  }
}

function topicsOf(client: RawClient, word: string): ReadonlySet<string> {
  return new Set(client.messages.filter(({ payload }) => payload.toString() === word).map(({ topic }) => topic))
}

function fresh(): string {
  serial += 1
  return `w${serial}`
}
