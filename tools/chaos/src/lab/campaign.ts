import { join } from "node:path"
import type { MosquittoInstall } from "@fleetwire/broker-lab"
import type { MutantName } from "../actor/mutant.js"
import { createActorPool } from "./actor-pool.js"
import { type RunResult, runSeed } from "./run-seed.js"

export interface CampaignOptions {
  /** The bundled actor. */
  readonly actorModule: string
  readonly install: MosquittoInstall
  /** Folder of the runs. */
  readonly out: string
  /** Seeds side by side. */
  readonly parallel: number
  readonly keep?: boolean
  readonly mutant?: MutantName
  /** Told of each seed in a line. */
  readonly onResult?: (line: string) => void
}

/** Sums over many seeds. */
export interface CampaignSum {
  readonly seeds: number
  readonly failed: readonly { readonly seed: number; readonly promises: readonly string[] }[]
  /** Seeds in which a device was killed at least once. */
  readonly seedsWithDeviceKill: number
  readonly deviceKills: number
  readonly controllerKills: number
  readonly brokerEnds: number
  readonly counts: Readonly<Record<string, number>>
  readonly seconds: number
}

/** Runs seeds side by side with one pool of processes. */
export function createCampaign(options: CampaignOptions): { run(seeds: readonly number[]): Promise<CampaignSum> } {
  return {
    async run(seeds) {
      const pool = createActorPool(options.actorModule, options.parallel)
      const began = performance.now()
      const results: RunResult[] = []
      const failed: { seed: number; promises: readonly string[] }[] = []
      const left = [...seeds]
      const worker = async (): Promise<void> => {
        for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
          const result = await runOne(seed, options, pool)
          results.push(result)
          const { violations, wallMs } = result
          const head = `seed ${seed}: ${(wallMs / 1000).toFixed(1)} s`
          if (violations.length === 0) options.onResult?.(`ok   ${head}`)
          else {
            failed.push({ seed, promises: [...new Set(violations.map(({ promise }) => promise))] })
            const words = violations.slice(0, 6).map(({ promise, text }) => `     ${promise}: ${text}`)
            options.onResult?.([`FAIL ${head}, see ${folderOf(options, seed)}/log.txt`, ...words].join("\n"))
          }
        }
      }
      try {
        await Promise.all(Array.from({ length: Math.min(options.parallel, seeds.length) }, worker))
      } finally {
        pool.close()
      }
      return sumOf(results, failed, (performance.now() - began) / 1000)
    },
  }
}

function folderOf({ out }: CampaignOptions, seed: number): string {
  return join(out, `seed-${seed}`)
}

function runOne(seed: number, options: CampaignOptions, pool: ReturnType<typeof createActorPool>): Promise<RunResult> {
  const { install, keep, mutant } = options
  return runSeed(seed, {
    pool,
    install,
    directory: folderOf(options, seed),
    ...(keep === undefined ? {} : { keep }),
    ...(mutant === undefined ? {} : { mutant, restMs: 15_000 }),
  })
}

function sumOf(results: readonly RunResult[], failed: CampaignSum["failed"], seconds: number): CampaignSum {
  const counts: Record<string, number> = {}
  for (const result of results) {
    for (const [what, number] of Object.entries(result.counts)) counts[what] = (counts[what] ?? 0) + number
  }
  const total = (of: (result: RunResult) => number): number => results.reduce((sum, result) => sum + of(result), 0)
  return {
    seeds: results.length,
    failed: [...failed].sort((a, b) => a.seed - b.seed),
    seedsWithDeviceKill: total(({ kills }) => (kills.device > 0 ? 1 : 0)),
    deviceKills: total(({ kills }) => kills.device),
    controllerKills: total(({ kills }) => kills.controller),
    brokerEnds: total(({ plan }) => plan.faults.filter(({ kind }) => /^broker-(kill|restart)$/.test(kind)).length),
    counts,
    seconds,
  }
}

/** The sums in words. */
export function printCampaign(sum: CampaignSum): string {
  const { counts } = sum
  const of = (what: string): number => counts[what] ?? 0
  const lines = [
    `${sum.seeds} seeds in ${sum.seconds.toFixed(0)} s, ${sum.failed.length} with a promise that was not kept`,
    `killed: devices ${sum.deviceKills} times in ${sum.seedsWithDeviceKill} seeds, controllers ${sum.controllerKills}, brokers ended ${sum.brokerEnds}`,
    `calls ${of("call")}, executions ${of("begin")}, broadcasts ${of("broadcast")}, publications ${of("publish")}, deliveries ${of("receive")}`,
  ]
  for (const { seed, promises } of sum.failed) lines.push(`seed ${seed}: ${promises.join(", ")}`)
  return lines.join("\n")
}
