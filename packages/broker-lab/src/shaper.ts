/** How a wire behaves. Nothing set: what comes goes on at once. */
export interface WireShape {
  readonly latencyMs?: number
  /** Uniform in [0, jitterMs] on top, never reordering. */
  readonly jitterMs?: number
  readonly octetsPerSecond?: number
  /** At most that many octets in one write, each in a turn of the event loop of its own. */
  readonly sliceOctets?: number
}

/** One direction of a connection: octets go in, and come out shaped, in order. */
export interface Shaper {
  shape: WireShape
  push(octets: Buffer): void
  /** What is under way is lost; nothing comes out any more. */
  stop(): void
  /** Octets that were pushed and have not come out. */
  readonly pending: number
  /** Runs `run` once everything pushed so far has come out. */
  afterPending(run: () => void): void
}

type Step = { readonly octets: Buffer; readonly due: number } | { readonly run: () => void; readonly due: number }

/** `random` draws from [0, 1). */
export function createShaper(shape: WireShape, random: () => number, emit: (octets: Buffer) => void): Shaper {
  let queue: Step[] = []
  let pending = 0
  let lastDue = 0
  let lineFree = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const dueOf = (length: number): number => {
    const { latencyMs = 0, jitterMs = 0, octetsPerSecond } = self.shape
    const now = performance.now()
    let due = now + latencyMs + (jitterMs > 0 ? random() * jitterMs : 0)
    if (octetsPerSecond !== undefined) {
      lineFree = Math.max(lineFree, now) + (length / octetsPerSecond) * 1000
      due = Math.max(due, lineFree + latencyMs)
    }
    lastDue = Math.max(lastDue, due)
    return lastDue
  }

  const work = (): void => {
    timer = undefined
    while (!stopped && queue.length > 0) {
      const step = queue[0]!
      const wait = step.due - performance.now()
      if (wait > 0.5) {
        timer = setTimeout(work, wait)
        return
      }
      queue.shift()
      if ("run" in step) step.run()
      else {
        pending -= step.octets.length
        emit(step.octets)
        if (self.shape.sliceOctets !== undefined && queue.length > 0) {
          setImmediate(work)
          return
        }
      }
    }
  }

  const self: Shaper = {
    shape,
    get pending() {
      return pending
    },
    push(octets) {
      if (stopped) return
      const { latencyMs, jitterMs, octetsPerSecond, sliceOctets } = self.shape
      const plain = !latencyMs && !jitterMs && octetsPerSecond === undefined && sliceOctets === undefined
      if (plain && queue.length === 0) {
        emit(octets)
        return
      }
      const size = sliceOctets ?? octets.length
      const idle = queue.length === 0
      for (let at = 0; at < octets.length; at += size) {
        const slice = octets.subarray(at, at + size)
        queue.push({ octets: slice, due: dueOf(slice.length) })
        pending += slice.length
      }
      if (idle && timer === undefined) setImmediate(work)
    },
    stop() {
      stopped = true
      queue = []
      pending = 0
      clearTimeout(timer)
    },
    afterPending(run) {
      if (queue.length === 0) run()
      else queue.push({ run, due: lastDue })
    },
  }
  return self
}
