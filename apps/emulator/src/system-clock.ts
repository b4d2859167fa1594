import type { Clock } from "@fleetwire/runtime"

/** The time of this machine. Unlike those of the runtime's clock, its timers keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
