import { appendFileSync } from "node:fs"
import { join } from "node:path"
import type { Job } from "../actor/job.js"
import type { MutantName } from "../actor/mutant.js"
import type { HistoryWriter } from "../history.js"
import type { ActorPlan, Death, Plan } from "../plan/plan.js"
import type { ActorPool, ActorProcess } from "./actor-pool.js"

export interface CastOptions {
  readonly plan: Plan
  readonly pool: ActorPool
  readonly directory: string
  readonly url: string
  readonly history: HistoryWriter
  readonly mutant: MutantName | undefined
}

/** The processes of one run: started, killed and started again as planned. */
export class Cast {
  /** Paths of the histories that were begun. */
  readonly historyPaths: string[] = []
  readonly #options: CastOptions
  readonly #living = new Map<string, ActorProcess>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #goAt: number | undefined
  #finishing = false

  constructor(options: CastOptions) {
    this.#options = options
  }

  /** Kills so far, by kind of actor. */
  readonly kills = { device: 0, controller: 0 }

  /** Starts the first process of an actor; resolves when it is ready. */
  async enter(actor: ActorPlan): Promise<void> {
    const one = await this.#start(actor, 1)
    await one.said("ready")
  }

  /** The start signal: work and deaths count from now. */
  go(at: number): void {
    this.#goAt = at
    for (const [name, one] of this.#living) {
      one.tell({ kind: "go", at })
      const actor = this.#options.plan.actors.find((each) => each.name === name)!
      this.#awaitDeath(one, actor.deaths[0])
    }
  }

  /** Starts at once whoever waits for that, and kills nobody any more. */
  async endDeaths(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#finishing = true
    for (const actor of this.#options.plan.actors) {
      const pending = this.#pending.get(actor.name)
      if (pending !== undefined) await pending()
    }
  }

  process(name: string): ActorProcess | undefined {
    return this.#living.get(name)
  }

  /** An orderly end of all, at the latest after some seconds. */
  async leave(): Promise<void> {
    const left = [...this.#living.values()]
    for (const one of left) one.tell({ kind: "finish" })
    const late = setTimeout(() => {
      for (const one of left) one.kill()
    }, 8_000)
    await Promise.all(left.map((one) => one.exited))
    clearTimeout(late)
  }

  readonly #pending = new Map<string, () => Promise<void>>()

  async #start(actor: ActorPlan, life: number): Promise<ActorProcess> {
    const { plan, pool, directory, url, history, mutant } = this.#options
    const { semantics, protocol, actors } = plan
    const historyPath = join(directory, `${actor.name}-${life}.jsonl`)
    const keeps = actor.kind === "device" && (semantics.journal === "required" || semantics.durableOutbox)
    const death = actor.deaths[life - 1]
    const job: Job = {
      actor,
      semantics,
      protocol,
      life,
      death: this.#finishing ? undefined : death,
      url,
      historyPath,
      storePath: keeps ? this.#storePath(actor) : undefined,
      goAt: this.#goAt,
      devices: actors.filter(({ kind }) => kind === "device").map(({ name }) => name),
      mutant,
    }
    const one = await pool.start(job)
    this.historyPaths.push(historyPath)
    this.#living.set(actor.name, one)
    if (this.#goAt !== undefined) this.#awaitDeath(one, death)
    void one.exited.then((how) => {
      if (this.#living.get(actor.name) !== one) return
      this.#living.delete(actor.name)
      if (how === 0 && this.#finishing) return
      if (how !== "SIGKILL") {
        history.write({
          what: "ended",
          name: actor.name,
          ofLife: life,
          signal: `${how} ${one.complaints.slice(-2_000)}`,
        })
        return
      }
      history.write({ what: "killed", name: actor.name, ofLife: life })
      this.kills[actor.kind] += 1
      this.#rise(actor, life, death)
    })
    return one
  }

  #awaitDeath(one: ActorProcess, death: Death | undefined): void {
    if (death?.cause.kind !== "at" || this.#finishing) return
    const timer = setTimeout(() => one.kill(), Math.max(0, death.cause.ms - this.#past()))
    this.#timers.add(timer)
  }

  #rise(actor: ActorPlan, life: number, death: Death | undefined): void {
    if (death?.restartMs === undefined) return
    if (death.tornOctets > 0 && actor.kind === "device") tear(this.#storePath(actor), death.tornOctets)
    let begun: Promise<void> | undefined
    const start = (): Promise<void> => {
      begun ??= this.#start(actor, life + 1).then(() => void this.#pending.delete(actor.name))
      return begun
    }
    this.#pending.set(actor.name, start)
    if (this.#finishing) void start()
    else this.#timers.add(setTimeout(() => void start(), death.restartMs))
  }

  #past(): number {
    return Number(process.hrtime.bigint() / 1_000n) / 1_000 - this.#goAt!
  }

  #storePath(actor: ActorPlan): string {
    return join(this.#options.directory, `${actor.name}.store`)
  }
}

/** A write that was cut off by the kill: the beginning of a record, and nothing behind it. */
function tear(path: string, octets: number): void {
  appendFileSync(path, Buffer.alloc(octets, 0x07))
}
