import { isSdkError } from "@fleetwire/runtime"
import type { ControllerEngine } from "@fleetwire/runtime/codegen-v1"
import type { CallOutcome, HistoryWriter } from "../history.js"
import type { ControllerWork } from "../plan/plan.js"
import type { Channels, Response } from "./channels.js"
import type { PassPoint } from "./crash.js"
import type { Job } from "./job.js"

type Request = { readonly action: string; readonly parameters: { readonly duration: number } }

/** The calls of one controller and what became of each. */
export interface Calling {
  call(engine: ControllerEngine, channels: Channels, work: ControllerWork & { readonly kind: "call" }): void
  broadcast(engine: ControllerEngine, channels: Channels, work: ControllerWork & { readonly kind: "broadcast" }): void
  /** A reply came that nobody waits for. */
  late(id: string): void
  /** Resolves when every call has ended, at the latest after five seconds. */
  settled(): Promise<void>
}

export function createCalling(job: Job, history: HistoryWriter, pass: PassPoint): Calling {
  const { mutant } = job
  const open = new Set<Promise<void>>()
  const over = new Map<string, number>()
  let calls = job.life * 1_000
  let earlier = ""
  const follow = (work: Promise<void>): void => {
    open.add(work)
    void work.then(() => open.delete(work))
  }

  return {
    call(engine, { drive }, work) {
      const { id, device, action, durationMs, timeoutMs, retryBusy, queueOffline, cancelMs } = work
      const call = calls++
      history.write({ what: "call", call, id, device, action })
      const cancel = new AbortController()
      if (cancelMs !== undefined) setTimeout(() => cancel.abort(), cancelMs)
      const note = (outcome: CallOutcome): void => {
        over.set(id, call)
        if (mutant === "never-resolves" && !outcome.ok && outcome.code === "timeout") return
        history.write({ what: "outcome", call, id, ...outcome })
      }
      const asked = engine
        .caller<Request, Response>(drive, { carId: device })(
          { action, parameters: { duration: durationMs } },
          { idempotencyKey: id, timeoutMs, retryBusy, queueOffline, signal: cancel.signal },
        )
        .then(
          ({ message }) => {
            note({ ok: true, token: mutant === "answers-crossed" && earlier !== "" ? earlier : message })
            earlier = message
          },
          (error: unknown) => note(failure(error, mutant === "denies-having-run")),
        )
      // The call is under way before this process may die of having made it.
      setImmediate(() => pass("call"))
      follow(asked)
    },

    broadcast(engine, { broadcast }, { id, action, durationMs, timeoutMs }) {
      history.write({ what: "broadcast", id })
      const read = async (): Promise<void> => {
        try {
          const outcomes = engine.broadcastCall<Request, Response>(broadcast)(
            { action, parameters: { duration: durationMs } },
            { idempotencyKey: id, timeoutMs },
          )
          for await (const outcome of outcomes) {
            const { kind, device } = outcome
            history.write({
              what: "broadcast-outcome",
              id,
              device,
              kind,
              ...(outcome.kind === "reply" ? { token: outcome.message.message } : {}),
              ...(outcome.kind === "failure" ? { code: outcome.error.code, mayHaveRun: outcome.error.mayHaveRun } : {}),
            })
          }
          history.write({ what: "broadcast-end", id })
        } catch (error) {
          history.write({ what: "broadcast-end", id, code: isSdkError(error) ? error.code : String(error) })
        }
      }
      follow(read())
    },

    late(id) {
      const call = over.get(id)
      if (mutant === "resolves-twice" && call !== undefined) {
        history.write({ what: "outcome", call, id, ok: true, token: `${id} late` })
      }
    },

    async settled() {
      await Promise.race([Promise.all(open), new Promise((resolve) => setTimeout(resolve, 5_000).unref())])
    },
  }
}

function failure(error: unknown, denies: boolean): CallOutcome {
  if (!isSdkError(error)) return { ok: false, code: String(error), origin: "local", sent: true, mayHaveRun: true }
  const { code, origin, sent, mayHaveRun } = error
  return { ok: false, code, origin, sent, mayHaveRun: denies ? false : mayHaveRun }
}
