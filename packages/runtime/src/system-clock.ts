import type { Clock, Random } from "./transport.js"

/** The longest delay a platform timer takes; longer waits are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's clock. Timers never keep a Node process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    let timer = start(ms)
    function start(left: number): ReturnType<typeof setTimeout> {
      const step = Math.min(left, LONGEST_TIMER_MS)
      const started = setTimeout(() => {
        if (left > step) timer = start(left - step)
        else run()
      }, step) as unknown as ReturnType<typeof setTimeout>
      // A number in browsers, an object with `unref` in Node.
      if (typeof started === "object") (started as { unref?: () => void }).unref?.()
      return started
    }
    return () => clearTimeout(timer)
  },
}

/** The platform's randomness: `crypto.getRandomValues` for bytes, `Math.random` for back-off and jitter. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
}
