import type { Clock } from "../transport.js"

/** A clock that moves only when a test says so. */
export interface ManualClock extends Clock {
  /**
   * Moves time forward by `ms`, running each timer at its own instant and letting promises settle before and after
   * each; resolves when all is quiet.
   */
  advance(ms: number): Promise<void>
  /** Lets promises settle without moving time. */
  settle(): Promise<void>
  /** Timers that have not fired yet. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Turns of the microtask queue in which chains of promises of one exchange come to rest. */
const SETTLE_TURNS = 200
/** Timers of one instant beyond which they are taken for a loop. */
const LOOP = 100_000

/** Makes a clock that stands at `startsAt` (milliseconds since the epoch; default 2026-01-01T00:00:00Z). */
export function manualClock(startsAt = 1_767_225_600_000): ManualClock {
  let elapsed = 0
  let order = 0
  const timers = new Set<Timer>()

  async function settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await Promise.resolve()
  }

  function due(limit: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) {
      if (timer.at > limit) continue
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer
      }
    }
    return first
  }

  return {
    now: () => startsAt + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const timer: Timer = { at: elapsed + Math.max(0, ms), order: order++, run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      let atOnce = 0
      for (let timer = due(end); timer !== undefined; timer = due(end)) {
        timers.delete(timer)
        atOnce = timer.at > elapsed ? 0 : atOnce + 1
        if (atOnce > LOOP) throw new Error("timers start each other without any time passing")
        elapsed = Math.max(elapsed, timer.at)
        timer.run()
        await settle()
      }
      elapsed = end
      await settle()
    },
    settle,
    get pending() {
      return timers.size
    },
  }
}
