import type { Happening, HistoryRecord } from "../history.js"
import type { ActorPlan, Plan } from "../plan/plan.js"

/** Records of one kind, also where several kinds have one shape. */
type Of<W extends Happening["what"]> = HistoryRecord extends infer R
  ? R extends { readonly what: infer X }
    ? W extends X
      ? R & { readonly what: W }
      : never
    : never
  : never

/** A command, a reply, the report of a config or an event as the proxy saw it. */
export interface WireMessage {
  readonly at: number
  readonly kind: "request" | "reply" | "report" | "event"
  /** Client id of the connection; undefined where its CONNECT was not seen. */
  readonly client: string | undefined
  readonly device: string
  /** Of the request; a report's version; an event's number. */
  readonly id: string
  /** A request's action, a reply's words for humans, a report's outcome, an event's number. */
  readonly text: string
}

/** Everything that is known of one run, in order of time. */
export interface Evidence {
  readonly plan: Plan
  readonly records: readonly HistoryRecord[]
  readonly wire: readonly WireMessage[]
}

/** One process: its records, and whether it was there at the end. */
export interface Life {
  readonly actor: ActorPlan
  readonly life: number
  readonly records: readonly HistoryRecord[]
  /** Undefined while it lives. */
  readonly killedAt: number | undefined
}

/** Looks things up in the evidence of one run. */
export class Court {
  readonly plan: Plan
  readonly records: readonly HistoryRecord[]
  readonly wire: readonly WireMessage[]
  readonly lives: readonly Life[]
  readonly #byWhat = new Map<string, HistoryRecord[]>()
  /** What the broker acknowledged until then may be lost; computed when it is first asked for. */
  #lostUntil: number | undefined

  constructor({ plan, records, wire }: Evidence) {
    this.plan = plan
    this.records = records
    this.wire = wire
    for (const record of records) {
      const same = this.#byWhat.get(record.what)
      if (same === undefined) this.#byWhat.set(record.what, [record])
      else same.push(record)
    }
    const lives = new Map<string, { actor: ActorPlan; life: number; records: HistoryRecord[] }>()
    for (const record of records) {
      const actor = plan.actors.find(({ name }) => name === record.by)
      if (actor === undefined) continue
      const key = `${record.by} ${record.life}`
      const known = lives.get(key) ?? { actor, life: record.life, records: [] }
      lives.set(key, known)
      known.records.push(record)
    }
    for (const { name, ofLife } of this.all("killed")) {
      // Dead before it could write a word.
      const actor = plan.actors.find((one) => one.name === name)
      if (actor !== undefined && !lives.has(`${name} ${ofLife}`)) {
        lives.set(`${name} ${ofLife}`, { actor, life: ofLife, records: [] })
      }
    }
    const killed = new Map(this.all("killed").map(({ name, ofLife, at }) => [`${name} ${ofLife}`, at]))
    this.lives = [...lives].map(([key, one]) => ({ ...one, killedAt: killed.get(key) })).sort((a, b) => a.life - b.life)
  }

  /** Of one process where `from` is given. */
  all<W extends Happening["what"]>(what: W, from?: readonly HistoryRecord[]): readonly Of<W>[] {
    const found = from === undefined ? (this.#byWhat.get(what) ?? []) : from.filter((record) => record.what === what)
    return found as unknown as readonly Of<W>[]
  }

  by<W extends Happening["what"]>(name: string, what: W): readonly Of<W>[] {
    return this.all(what).filter((record) => record.by === name)
  }

  /** Names of the run's devices. */
  get devices(): readonly string[] {
    return this.plan.actors.filter(({ kind }) => kind === "device").map(({ name }) => name)
  }

  /** The newest process of an actor; undefined where it never started. */
  lastLife(name: string): Life | undefined {
    return this.lives.findLast(({ actor }) => actor.name === name)
  }

  isAlive(name: string): boolean {
    const last = this.lastLife(name)
    return last !== undefined && last.killedAt === undefined
  }

  /** Nobody will start it again. */
  isGone(name: string): boolean {
    const last = this.lastLife(name)
    if (last?.killedAt === undefined) return false
    const death = last.actor.deaths[last.life - 1]
    return death !== undefined && death.restartMs === undefined
  }

  /**
   * The broker was killed after `at`, or before the durable reader was back after it was killed: what it had
   * acknowledged by then may be lost with it (Z-1).
   */
  brokerLost(at: number): boolean {
    this.#lostUntil ??= this.#computeLostUntil()
    return at <= this.#lostUntil
  }

  /** When each PUBLISH of an event went to the broker. */
  sendings(device: string, seq: number): readonly number[] {
    return this.wire
      .filter((one) => one.kind === "event" && one.device === device && one.id === String(seq))
      .map(({ at }) => at)
  }

  /**
   * The event was sent to a broker that was killed after that, and was sent again: the others may have overtaken it. At
   * QoS 2 a broker that came back from an older snapshot confirms the release of a message that it no longer has.
   */
  brokerForgot(device: string, seq: number): boolean {
    const sendings = this.sendings(device, seq)
    return sendings.length > 1 && this.brokerLost(sendings[0]!)
  }

  #computeLostUntil(): number {
    let until = Number.NEGATIVE_INFINITY
    for (const { how, at: killed } of this.all("broker")) {
      if (how !== "killed") continue
      const up = this.all("broker").find((one) => one.how === "up" && one.at > killed)?.at ?? Number.POSITIVE_INFINITY
      const back = this.by("one", "state").find(({ state, at: since }) => state === "ready" && since > up)
      until = Math.max(until, back?.at ?? Number.POSITIVE_INFINITY)
    }
    return until
  }
}
