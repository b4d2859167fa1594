import type { Clock } from "@fleetwire/runtime"

/** Runs the work of many devices on one timer of the clock. */
export interface Scheduler {
  /** Milliseconds since the scheduler was made, whole. */
  now(): number
  /** Runs `run` once, `ms` from now; the returned function cancels. */
  after(ms: number, run: () => void): () => void
  /** Number of runs that wait. */
  readonly size: number
  /** Forgets everything that waits. */
  close(): void
}

interface Entry {
  readonly due: number
  readonly order: number
  run: (() => void) | undefined
}

/**
 * One heap of what is due, and at any time at most one timer of the clock, however many devices there are. What is due
 * together runs together, in the order in which it was asked for.
 */
export function createScheduler(clock: Clock): Scheduler {
  const origin = clock.monotonic()
  const heap: Entry[] = []
  let order = 0
  let live = 0
  let armedFor = Number.POSITIVE_INFINITY
  let disarm: (() => void) | undefined

  const now = (): number => Math.floor(clock.monotonic() - origin)

  const arm = (): void => {
    while (heap[0] !== undefined && heap[0].run === undefined) pop(heap)
    const next = heap[0]
    if (next === undefined || live === 0) {
      disarm?.()
      disarm = undefined
      armedFor = Number.POSITIVE_INFINITY
      return
    }
    if (next.due === armedFor) return
    disarm?.()
    armedFor = next.due
    disarm = clock.after(Math.max(0, next.due - now()), wake)
  }

  const wake = (): void => {
    disarm = undefined
    armedFor = Number.POSITIVE_INFINITY
    const until = now()
    try {
      while (heap[0] !== undefined && heap[0].due <= until) {
        const entry = pop(heap)
        const run = entry.run
        if (run === undefined) continue
        entry.run = undefined
        live -= 1
        run()
      }
    } finally {
      arm()
    }
  }

  return {
    now,
    after(ms, run) {
      const entry: Entry = { due: now() + Math.max(0, Math.ceil(ms)), order, run }
      order += 1
      live += 1
      push(heap, entry)
      arm()
      return () => {
        if (entry.run === undefined) return
        entry.run = undefined
        live -= 1
        arm()
      }
    },
    get size() {
      return live
    },
    close() {
      heap.length = 0
      live = 0
      arm()
    },
  }
}

function earlier(left: Entry, right: Entry): boolean {
  return left.due < right.due || (left.due === right.due && left.order < right.order)
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!earlier(entry, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = entry
}

function pop(heap: Entry[]): Entry {
  const top = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return top
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= heap.length) break
    const child = left + 1 < heap.length && earlier(heap[left + 1]!, heap[left]!) ? left + 1 : left
    if (!earlier(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return top
}
