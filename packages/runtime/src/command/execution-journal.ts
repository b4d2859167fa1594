import type { ClientCore } from "../client/client-core.js"
import { fromBase64, toBase64 } from "../octets.js"
import type { OutboundMessage } from "../transport.js"
import type { Execution, Inlet } from "./execution.js"
import type { Journal, JournalRecord } from "./journal.js"
import type { Failure } from "./reply-outcome.js"

type FailureReply = (inlet: Inlet, execution: Execution, failure: Failure) => OutboundMessage | undefined

/** Executions to journal records and back (C-4). */
export class ExecutionJournal {
  readonly #core: ClientCore
  readonly #journal: Journal
  readonly #begunAt = new WeakMap<Execution, number>()

  constructor(core: ClientCore, journal: Journal) {
    this.#core = core
    this.#journal = journal
  }

  /** `begun` is as durable as the store when this resolves. */
  begun(execution: Execution): Promise<void> {
    this.#begunAt.set(execution, this.#core.clock.now())
    return this.#journal.write(this.#record(execution))
  }

  done(execution: Execution): Promise<void> {
    return this.#journal.write({ ...this.#record(execution), ...this.#outcome(execution) })
  }

  acknowledged(execution: Execution): Promise<void> {
    return this.#journal.write({ ...this.#record(execution), ...this.#outcome(execution), acknowledged: true })
  }

  forget(execution: Execution): Promise<void> {
    return this.#journal.forget(execution.key)
  }

  /** What began before this process: with its reply where there is one, `interrupted` where there is none. */
  async load(inlets: readonly Inlet[], failureReply: FailureReply): Promise<readonly Execution[]> {
    const records = await this.#journal.load()
    const restored: Execution[] = []
    for (const record of records) {
      const inlet = inlets.find((one) => one.name === record.inlet)
      if (inlet === undefined) {
        await this.#journal.forget(record.key)
        continue
      }
      const execution = this.#restore(record, inlet)
      this.#begunAt.set(execution, record.begunAt)
      if (record.reply === undefined) {
        execution.reply = failureReply(inlet, execution, { code: "interrupted", words: "the device restarted" })
        execution.replyState = execution.reply === undefined ? "none" : "waiting"
        await this.done(execution)
      }
      restored.push(execution)
    }
    return restored
  }

  #record(execution: Execution): JournalRecord {
    const { id, correlationData } = execution
    return {
      key: execution.key,
      inlet: execution.inlet?.name ?? "",
      id: typeof id === "bigint" ? { bigint: String(id) } : typeof id === "number" ? id : String(id),
      digest: execution.digest,
      topic: execution.topic,
      params: execution.params,
      correlationData: correlationData === undefined ? undefined : toBase64(correlationData),
      begunAt: this.#begunAt.get(execution) ?? this.#core.clock.now(),
    }
  }

  #outcome(execution: Execution): Pick<JournalRecord, "reply" | "doneAt"> {
    const { reply } = execution
    const contentType = reply?.properties?.contentType
    return {
      doneAt: this.#core.clock.now() - (this.#core.clock.monotonic() - execution.doneAt),
      reply:
        reply === undefined
          ? null
          : {
              topic: reply.topic,
              payload: toBase64(reply.payload),
              ...(contentType === undefined ? {} : { contentType }),
            },
    }
  }

  #restore(record: JournalRecord, inlet: Inlet): Execution {
    const { reply, correlationData } = record
    const age = record.doneAt === undefined ? 0 : Math.max(0, this.#core.clock.now() - record.doneAt)
    const id = typeof record.id === "object" ? BigInt(record.id.bigint) : record.id
    const correlation = correlationData === undefined ? undefined : fromBase64(correlationData)
    return {
      key: record.key,
      inlet,
      id,
      request: undefined,
      digest: record.digest,
      topic: record.topic,
      params: record.params,
      correlationData: correlation,
      traceparent: undefined,
      expiresAt: undefined,
      safeAction: false,
      preempts: false,
      anonymous: false,
      packets: [],
      state: "done",
      beganAt: this.#core.clock.monotonic(),
      doneAt: this.#core.clock.monotonic() - age,
      abort: new AbortController(),
      cancelTimer: () => {},
      reply:
        reply == null || inlet.reply === undefined
          ? undefined
          : inlet.reply.packet(reply.topic, fromBase64(reply.payload), undefined, { correlationData: correlation }),
      replyState: reply == null ? "none" : record.acknowledged === true ? "acknowledged" : "waiting",
      mark: 0,
      bytes: 0,
    }
  }
}
