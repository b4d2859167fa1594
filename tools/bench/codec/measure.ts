import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** A way to do the work of a cell on its i-th input. */
export type Contender = (i: number) => unknown

/** CPU nanoseconds a call, one figure a round. */
export type Samples = ReadonlyMap<string, readonly number[]>

/**
 * Lets contenders take turns, a round each, and counts the CPU time of the process, garbage collection included: on a
 * machine that does other things too, it says what the work costs and not how long it waited.
 */
export function measure(
  contenders: ReadonlyMap<string, Contender>,
  options: { readonly rounds: number; readonly inputs: number },
): Samples {
  const tidy = minorCollection()
  const samples = new Map<string, number[]>()
  const counts = new Map<string, number>()
  for (const [name, run] of contenders) {
    // A tenth of a second lets the compiler settle.
    const warm = process.cpuUsage()
    let count = 64
    for (let spent = 0; ; ) {
      spent = time(run, count, options.inputs)
      const { user, system } = process.cpuUsage(warm)
      // What takes long makes much garbage too: enough of it in each round that its collection is in every figure.
      const least = spent / count > SLOW_NS ? 30e6 : 6e6
      if (user + system > 100_000 && spent > least) break
      if (spent < least) count *= 2
    }
    counts.set(name, count)
    samples.set(name, [])
  }
  for (let round = 0; round < options.rounds; round++)
    for (const [name, run] of contenders) {
      const count = counts.get(name)!
      // What another left behind is not this one's to clear away.
      tidy()
      samples.get(name)!.push(time(run, count, options.inputs) / count)
    }
  return samples
}

/** Calls of this length, in nanoseconds, are slow. */
const SLOW_NS = 20_000

function minorCollection(): () => void {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void
  return () => collect({ type: "minor" })
}

let sink: unknown

function time(run: Contender, count: number, inputs: number): number {
  const before = process.cpuUsage()
  for (let i = 0, at = 0; i < count; i++) {
    sink = run(at)
    if (++at === inputs) at = 0
  }
  const { user, system } = process.cpuUsage(before)
  if (sink === undefined) throw new Error("a contender gave nothing")
  return (user + system) * 1000
}

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export interface Ratio {
  readonly median: number
  /** 99 % bootstrap interval of the median. */
  readonly low: number
  readonly high: number
}

/** How one contender's rounds compare with another's: the ratio of neighbouring rounds, its median and interval. */
export function ratioOf(own: readonly number[], other: readonly number[]): Ratio {
  const ratios = own.map((value, round) => value / other[round]!)
  let state = 12_345
  const medians = Array.from({ length: 1000 }, () =>
    median(
      ratios.map(() => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
        return ratios[Math.floor((state / 0x80000000) * ratios.length)]!
      }),
    ),
  ).sort((a, b) => a - b)
  return { median: median(ratios), low: medians[5]!, high: medians[994]! }
}
