import type { Clock } from "@fleetwire/runtime"
import { type Arrival, RedeliveryCheck } from "./redelivery.js"
import type { Batch, PresenceRow, Receipt, Store, StoredMessage } from "./store.js"

/** One message on its way into the store. */
export interface Incoming {
  readonly message: StoredMessage
  readonly dup: boolean
  readonly packetId?: number
  /** The message says this of its device's presence. */
  readonly presence?: PresenceRow
}

export interface IntakeCounters {
  /** Messages committed. */
  readonly stored: number
  /** Redeliveries and repetitions that were recognised and not stored again. */
  readonly duplicates: number
  /** Commits that failed and were tried again. */
  readonly failures: number
  /** Messages received and not committed yet. */
  readonly pending: number
}

/** Takes messages in, and answers once they are committed. */
export interface Intake {
  readonly counters: IntakeCounters
  /** Last failure of a commit, while it is being tried again. */
  readonly trouble: unknown
  /** Call when a connection is made, before its first message. */
  connected(sessionPresent: boolean): void
  /** Resolves when the message is committed, or known to be; never before. Stays pending while commits fail. */
  accept(incoming: Incoming): Promise<void>
  /** Resolves when everything accepted is committed, or after `deadlineMs` with what is not left unanswered. */
  close(deadlineMs: number): Promise<{ readonly unfinished: number }>
}

export interface IntakeOptions {
  readonly store: Store
  readonly clock: Clock
  /** Told of each failed commit. */
  readonly onTrouble?: (error: unknown, retryInMs: number) => void
  /** Messages in one transaction. Default 500. */
  readonly batchSize?: number
}

interface Waiting {
  /** Absent where only the beginning of a session is to be kept. */
  readonly message?: StoredMessage
  readonly receipt?: Receipt | undefined
  readonly presence?: PresenceRow | undefined
  readonly sessionBegan?: true
  readonly settle: () => void
}

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/** Gathers messages into transactions: while one commits, the next gathers. */
export async function createIntake(options: IntakeOptions): Promise<Intake> {
  const { store, clock } = options
  const batchSize = options.batchSize ?? 500
  const check = new RedeliveryCheck(await store.receipts())
  const counters = { stored: 0, duplicates: 0, failures: 0 }
  const waiting: Waiting[] = []
  let inHand: readonly Waiting[] = []
  let running: Promise<void> | undefined
  let stopped = false
  let trouble: unknown
  let wake: (() => void) | undefined

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })

  const commit = async (batch: Batch): Promise<boolean> => {
    for (let retryMs = FIRST_RETRY_MS; !stopped; retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)) {
      try {
        const { repeated } = await store.commit(batch)
        counters.stored += batch.messages.length - repeated
        counters.duplicates += repeated
        trouble = undefined
        return true
      } catch (error) {
        counters.failures += 1
        trouble = error
        options.onTrouble?.(error, retryMs)
        await pause(retryMs)
      }
    }
    return false
  }

  const run = async (): Promise<void> => {
    // What one read of the socket brings is gathered before the first commit.
    await pause(0)
    while (waiting.length > 0 && !stopped) {
      inHand = takeBatch(waiting, batchSize)
      if (!(await commit(toBatch(inHand)))) return
      for (const { settle } of inHand) settle()
      inHand = []
    }
  }

  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined
      if (waiting.length > 0 && !stopped) start()
    })
  }

  return {
    get counters() {
      return { ...counters, pending: waiting.length + inHand.length }
    },
    get trouble() {
      return trouble
    },
    connected(sessionPresent) {
      check.connected(sessionPresent)
      if (sessionPresent) return
      waiting.push({ sessionBegan: true, settle: () => {} })
      start()
    },
    accept(incoming) {
      const { message } = incoming
      const verdict = message.qos === 0 ? undefined : check.judge(arrivalOf(incoming))
      if (verdict?.kind === "known") {
        counters.duplicates += 1
        return verdict.done
      }
      const done = new Promise<void>((settle) => {
        waiting.push({ message, receipt: verdict?.receipt, presence: incoming.presence, settle })
      })
      if (verdict !== undefined) check.keeping(verdict.receipt, done)
      start()
      return done
    },
    async close(deadlineMs) {
      const cancel = clock.after(deadlineMs, () => {
        stopped = true
        wake?.()
      })
      while (running !== undefined) await running
      cancel()
      stopped = true
      return { unfinished: waiting.length + inHand.length }
    },
  }
}

function arrivalOf({ message, dup, packetId }: Incoming): Arrival {
  return { leg: message.leg, digest: message.digest, dup, ...(packetId === undefined ? {} : { packetId }) }
}

/** The first of a new session begins a batch, because its commit forgets the receipts before it. */
function takeBatch(waiting: Waiting[], most: number): readonly Waiting[] {
  const border = waiting.findIndex((item, index) => index > 0 && item.sessionBegan === true)
  return waiting.splice(0, Math.min(most, border === -1 ? waiting.length : border))
}

function toBatch(items: readonly Waiting[]): Batch {
  return {
    messages: items.flatMap((item) => item.message ?? []),
    receipts: items.flatMap((item) => item.receipt ?? []),
    presence: items.flatMap((item) => item.presence ?? []),
    ...(items[0]?.sessionBegan === true ? { sessionBegan: true } : {}),
  }
}
