import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type FaultProxy, type MosquittoInstall, startFaultProxy, startMosquitto } from "@fleetwire/broker-lab"
import type { MutantName } from "../actor/mutant.js"
import { checkRun, printViolations } from "../check/check-run.js"
import type { Evidence } from "../check/evidence.js"
import type { Promised, Violation } from "../check/promise.js"
import { HistoryReader, type HistoryRecord, machineNow, openHistory } from "../history.js"
import { makePlan } from "../plan/make-plan.js"
import type { Plan } from "../plan/plan.js"
import type { ActorPool } from "./actor-pool.js"
import { Cast } from "./cast.js"
import { WireReader } from "./read-wire.js"
import { createWreck } from "./wreck.js"

export interface RunOptions {
  readonly pool: ActorPool
  readonly install: MosquittoInstall
  /** Folder for everything this run writes; it is removed unless the run failed or `keep` is set. */
  readonly directory: string
  readonly keep?: boolean
  /** A deliberately broken actor, for the tests of the checker. */
  readonly mutant?: MutantName
  /** Instead of the seed's own plan. */
  readonly plan?: Plan
  /** Milliseconds after the faults within which everything must have come to rest. Default 60 000. */
  readonly restMs?: number
}

/** What came of one seed. */
export interface RunResult {
  readonly plan: Plan
  readonly violations: readonly Violation[]
  readonly kills: { readonly device: number; readonly controller: number }
  readonly counts: Readonly<Record<string, number>>
  readonly wallMs: number
}

/** Plays one seed's plan with processes, a broker and a proxy of its own, and holds it to every promise. */
export async function runSeed(seed: number, options: RunOptions): Promise<RunResult> {
  const plan = options.plan ?? makePlan(seed)
  const { directory, pool, install, mutant } = options
  const began = performance.now()
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(join(directory, "broker"), { recursive: true })
  const history = openHistory(join(directory, "run.jsonl"), "run", 0)
  const broker = await startMosquitto({
    install,
    directory: join(directory, "broker"),
    persistence: true,
    // What Z-4 demands of a broker whose readers are slow or away.
    settings: { max_queued_messages: 0 },
  })
  const proxy = await startFaultProxy({ targetPort: broker.port, seed })
  const cast = new Cast({ plan, pool, directory, url: proxy.url, history, mutant })
  const histories = new HistoryReader()
  const wire = new WireReader(proxy.log, machineNow() - performance.now())
  const gather = (): Evidence => ({
    plan,
    records: histories.read([join(directory, "run.jsonl"), ...cast.historyPaths]),
    wire: wire.read(),
  })
  try {
    // Who reads what must not be lost has subscribed before anybody speaks.
    for (const kind of ["controller", "device"] as const) {
      await Promise.all(plan.actors.filter((actor) => actor.kind === kind).map((actor) => cast.enter(actor)))
    }
    const wreck = createWreck({ proxy, broker, history }, plan.faults)
    if (plan.snapshot) process.kill(broker.pid, "SIGUSR1")
    history.write({ what: "go" })
    cast.go(machineNow())
    wreck.begin()
    await sleep(plan.workMs)
    await wreck.heal()
    await cast.endDeaths()
    const look = async (): Promise<void> => {
      const reader = cast.process("one")
      reader?.tell({ kind: "look", url: broker.url })
      await reader?.said("looked")
    }
    const { evidence, violations } = await comeToRest(gather, look, options.restMs ?? 60_000)
    await cast.leave()
    if (violations.length > 0) writeFailure(directory, evidence, violations, proxy)
    else if (options.keep !== true) rmSync(directory, { recursive: true, force: true })
    return {
      plan,
      violations,
      kills: cast.kills,
      counts: count(evidence.records),
      wallMs: performance.now() - began,
    }
  } finally {
    await cast.leave()
    await proxy.stop()
    await broker.stop()
  }
}

/**
 * Until nothing is left that may still come right, also in the eyes of one who connects only then; or until time is up. On
 * a busy machine a connection may be lost once more in between.
 */
async function comeToRest(
  gather: () => Evidence,
  look: () => Promise<void>,
  restMs: number,
): Promise<{ readonly evidence: Evidence; readonly violations: readonly Violation[] }> {
  const end = performance.now() + restMs
  for (let pause = 60; ; pause = Math.min(1_000, pause * 1.4)) {
    await sleep(pause)
    let evidence = gather()
    let violations = checkRun(evidence)
    const hopeful = violations.every(({ pending }) => pending)
    if (hopeful && violations.every(({ promise }) => ofView.has(promise))) {
      await look()
      evidence = gather()
      violations = checkRun(evidence)
      if (violations.length === 0) return { evidence, violations }
    }
    // What is wrong for good will not come right by waiting.
    if (!hopeful || performance.now() > end) return { evidence, violations }
  }
}

/** What a new look may put right. */
const ofView: ReadonlySet<Promised> = new Set<Promised>(["presence", "state"])

/** What a reader of a failure needs: the plan, what everybody wrote, every packet, and what is wrong. */
function writeFailure(
  directory: string,
  { plan, records }: Evidence,
  violations: readonly Violation[],
  proxy: FaultProxy,
): void {
  const offset = machineNow() - performance.now()
  const start = records.find(({ what }) => what === "go")?.at ?? 0
  const time = (at: number): string => `${(at - start).toFixed(1).padStart(9)} ms`
  const lines = [
    ...records.map(({ at, by, life, ...what }) => ({ at, text: `${by}/${life} ${JSON.stringify(what)}` })),
    ...proxy.log.map((packet) => ({ at: packet.at + offset, text: packetLine(packet) })),
  ].sort((a, b) => a.at - b.at)
  writeFileSync(join(directory, "plan.json"), `${JSON.stringify(plan, undefined, 2)}\n`)
  writeFileSync(join(directory, "log.txt"), lines.map(({ at, text }) => `${time(at)}  ${text}\n`).join(""))
  writeFileSync(join(directory, "violations.txt"), `${printViolations(violations)}\n`)
}

function packetLine(packet: FaultProxy["log"][number]): string {
  const { topic, payload } = (packet.packet ?? {}) as { readonly topic?: unknown; readonly payload?: unknown }
  return topic === undefined ? String(packet) : `${packet} ${String(topic)} ${String(payload).slice(0, 160)}`
}

function count(records: readonly HistoryRecord[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { what } of records) counts[what] = (counts[what] ?? 0) + 1
  return counts
}
