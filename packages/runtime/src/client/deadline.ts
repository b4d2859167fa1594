import type { Clock } from "../transport.js"

/** Waits for a promise at most `ms`; true when it settled in time, however it did. Never rejects. */
export function settlesWithin(clock: Clock, ms: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    const done = (): void => {
      cancel()
      resolve(true)
    }
    promise.then(done, done)
  })
}
