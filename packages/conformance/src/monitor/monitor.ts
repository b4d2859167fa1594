import type { ContractIr } from "@fleetwire/ir"
import { createJudge, type Fault, type FaultCode, type JudgeOptions, type TappedMessage } from "./judge-message.js"
import { monitorFilters } from "./monitor-filters.js"
import { printable, quotePayload } from "./printable.js"

/** Messages, octets and faulty messages of one channel's leg, of one device, or of all. */
export interface Tally {
  readonly messages: number
  readonly octets: number
  /** Messages with at least one fault. */
  readonly faulty: number
}

/** One kind of fault in one place of one leg, with the first message that had it. */
export interface Finding {
  readonly code: FaultCode
  /** `-` where the topic belongs to no leg. */
  readonly leg: string
  readonly path: string
  readonly words: string
  readonly count: number
  readonly example: { readonly topic: string; readonly payload: string; readonly octets: number }
}

/** What was heard so far. Names from the wire are printable: control characters are escaped. */
export interface MonitorReport {
  readonly contract: string
  readonly version: string
  readonly total: Tally
  /** Stored messages that were taken away. */
  readonly cleared: number
  /** By leg, in the contract's order; those of which nothing was heard too. */
  readonly legs: readonly (Tally & { readonly leg: string })[]
  /** By device, busiest first. */
  readonly devices: readonly (Tally & { readonly device: string })[]
  /** Of devices beyond the bound. */
  readonly otherDevices: Tally
  /** Most frequent first. */
  readonly findings: readonly Finding[]
  /** Faults of kinds beyond the bound. */
  readonly otherFaults: number
}

export interface MonitorOptions extends JudgeOptions {
  /** See everything below the contract's first levels, topics that nobody declared too. */
  readonly wide?: boolean
  /** Devices counted one by one at most. Default 10 000. */
  readonly maxDevices?: number
  /** Kinds of findings kept at most. Default 1 000. */
  readonly maxFindings?: number
  /** Told of each finding when it is seen for the first time. */
  readonly onFinding?: (finding: Finding) => void
}

/** Counts and judges what is said on a broker. Its memory is bounded, whatever comes. */
export interface Monitor {
  /** What to subscribe to, at QoS 2. */
  readonly filters: readonly string[]
  observe(message: TappedMessage): void
  report(): MonitorReport
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export function createMonitor(ir: ContractIr, options: MonitorOptions): Monitor {
  const { maxDevices = 10_000, maxFindings = 1_000, onFinding } = options
  const judge = createJudge(ir, options)
  const total = tally()
  const otherDevices = tally()
  const legs = new Map<string, Writable<Tally>>()
  for (const channel of ir.channels) for (const leg of channel.legs) legs.set(`${channel.name}.${leg.name}`, tally())
  const devices = new Map<string, Writable<Tally>>()
  const findings = new Map<string, Writable<Finding>>()
  let otherFaults = 0
  let cleared = 0

  const deviceTally = (device: string): Writable<Tally> => {
    let known = devices.get(device)
    if (known === undefined) {
      if (devices.size >= maxDevices) return otherDevices
      known = tally()
      devices.set(device, known)
    }
    return known
  }
  const note = (fault: Fault, leg: string, message: TappedMessage): void => {
    const { code, path, words } = fault
    // Topics of nobody differ in why they are: one kind for each reason, whatever value is refused.
    const reason = code === "topic" ? ` ${words.replace(/"(?:[^"\\]|\\.)*"/g, "")}` : ""
    const key = `${code} ${leg} ${placeOf(path)}${reason}`
    const known = findings.get(key)
    if (known !== undefined) known.count += 1
    else if (findings.size >= maxFindings) otherFaults += 1
    else {
      const { topic, payload } = message
      const example = { topic: printable(topic, 200), payload: quotePayload(payload), octets: payload.length }
      const finding = {
        code,
        leg,
        path: printable(placeOf(path), 120),
        words: printable(words, 200),
        count: 1,
        example,
      }
      findings.set(key, finding)
      onFinding?.(finding)
    }
  }

  return {
    filters: monitorFilters(ir, options),
    observe(message) {
      const verdict = judge(message)
      const { leg, device, faults } = verdict
      const faulty = faults.length > 0 ? 1 : 0
      const tallies = [
        total,
        leg === undefined ? undefined : legs.get(leg),
        device === undefined ? undefined : deviceTally(device),
      ]
      for (const one of tallies) {
        if (one === undefined) continue
        one.messages += 1
        one.octets += message.payload.length
        one.faulty += faulty
      }
      if (verdict.cleared) cleared += 1
      for (const fault of faults) note(fault, leg ?? "-", message)
    },
    report: () => ({
      contract: ir.name,
      version: ir.version,
      total: { ...total },
      cleared,
      legs: [...legs].map(([leg, one]) => ({ leg, ...one })),
      devices: [...devices]
        .map(([device, one]) => ({ device: printable(device, 80), ...one }))
        .sort((a, b) => b.messages - a.messages || (a.device < b.device ? -1 : 1)),
      otherDevices: { ...otherDevices },
      findings: [...findings.values()].map((one) => ({ ...one })).sort((a, b) => b.count - a.count),
      otherFaults,
    }),
  }
}

function tally(): Writable<Tally> {
  return { messages: 0, octets: 0, faulty: 0 }
}

/** The place in the message's type: `/items/17/name` and `/items/18/name` are one. */
function placeOf(path: string): string {
  return path.replaceAll(/\/\d+(?=\/|$)/g, "/*")
}
