import {
  type CompareOptions,
  compareContracts,
  compareFleet,
  type FleetComparison,
  isWorse,
  type MqttVersion,
  type Verdict,
  withAcceptances,
} from "@fleetwire/compare"
import type { Compiled } from "./compile.js"
import { Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { readOldContract } from "./old-contract.js"
import { readReleased } from "./released-contracts.js"

/** What a contract is compared with. */
export interface ComparisonRequest {
  /** A file, a folder, or a git ref. */
  readonly against?: string
  /** A folder of released contracts. */
  readonly fleet?: string
  readonly mqtt?: CompareOptions["mqtt"]
}

/** What a comparison found, or why there is none. */
export interface ProjectComparison {
  readonly fleet: FleetComparison
  /** The contract is not known there: nothing to compare with. */
  readonly unknownAt?: string
  /** Where the ref has the contract, from the root of the repository, if it was moved since. */
  readonly movedFrom?: string
  /** An older version could not be read. */
  readonly findings: readonly Finding[]
}

/** Options of sub-commands that compare. */
export const COMPARISON_OPTIONS = {
  against: { type: "string" },
  fleet: { type: "string" },
  mqtt: { type: "string" },
} as const

/** What the command line asks to be compared with. @throws Misuse for an MQTT version that there is not. */
export function comparisonRequest(options: {
  readonly against?: string
  readonly fleet?: string
  readonly mqtt?: string
}): ComparisonRequest {
  return {
    ...(options.against !== undefined && { against: options.against }),
    ...(options.fleet !== undefined && { fleet: options.fleet }),
    ...(options.mqtt !== undefined && { mqtt: readMqtt(options.mqtt) }),
  }
}

function readMqtt(text: string): NonNullable<CompareOptions["mqtt"]> {
  const [old = "", next = old] = text.split("..")
  const known = (one: string): one is MqttVersion => one === "5" || one === "3.1.1" || one === "any"
  if (!known(old) || !known(next))
    throw new Misuse(`--mqtt is 5, 3.1.1, any, or two of them like 5..3.1.1, not ${text}`)
  return { old, new: next }
}

/** Compares a compiled contract with what is asked for, breaks that its lock accepts set aside. */
export async function compareProject(
  compiled: Compiled,
  { against, fleet, mqtt }: ComparisonRequest,
  cwd: string,
): Promise<ProjectComparison> {
  const ir = compiled.ir!
  const options: CompareOptions = { ...(mqtt !== undefined && { mqtt }) }
  const accepted = compiled.lock?.accepted ?? []
  const nothing: FleetComparison = { verdict: "safe", comparisons: [], among: [] }
  if (fleet !== undefined) {
    const released = await readReleased(fleet, ir.name, cwd)
    if (released.findings.length > 0) return { fleet: nothing, findings: released.findings }
    const compared = compareFleet(
      released.contracts.map((one) => one.ir),
      ir,
      options,
      accepted,
    )
    if (against === undefined) return { fleet: compared, findings: [] }
    const other = await compareProject(compiled, { against, ...(mqtt !== undefined && { mqtt }) }, cwd)
    const known = new Set(compared.comparisons.map(({ old }) => JSON.stringify(old)))
    const more = other.fleet.comparisons.filter(({ old }) => !known.has(JSON.stringify(old)))
    return { ...other, fleet: withComparisons(compared, [...more, ...compared.comparisons]) }
  }
  const read = await readOldContract(against ?? compiled.lockFile, { file: compiled.file, name: ir.name }, cwd)
  if (read.kind === "unreadable") return { fleet: nothing, findings: read.findings }
  if (read.kind === "new") return { fleet: nothing, findings: [], unknownAt: read.label }
  const comparison = withAcceptances(compareContracts(read.contract.ir, ir, options), accepted)
  const { movedFrom } = read.contract
  return {
    fleet: { verdict: comparison.verdict, comparisons: [comparison], among: [] },
    findings: [],
    ...(movedFrom !== undefined && { movedFrom }),
  }
}

/** The same fleet with these comparisons, and the worst of their verdicts. */
export function withComparisons(fleet: FleetComparison, comparisons: FleetComparison["comparisons"]): FleetComparison {
  const worst = comparisons.reduce<Verdict>((most, { verdict }) => (isWorse(verdict, most) ? verdict : most), "safe")
  return { ...fleet, comparisons, verdict: worst }
}
