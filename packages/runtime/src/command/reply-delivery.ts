import type { ClientCore } from "../client/client-core.js"
import { isSdkError } from "../sdk-error.js"
import type { InboundMessage, OutboundMessage } from "../transport.js"
import type { DuplicateTable } from "./duplicate-table.js"
import type { Execution } from "./execution.js"
import type { ExecutionJournal } from "./execution-journal.js"

/** Brings replies to the broker and acknowledges the requests with them: journal, reply, acknowledgement (C-4, C-6). */
export class ReplyDelivery {
  readonly #core: ClientCore
  readonly #channel: string
  readonly #table: DuplicateTable
  readonly #journal: ExecutionJournal | undefined

  constructor(core: ClientCore, channel: string, table: DuplicateTable, journal: ExecutionJournal | undefined) {
    this.#core = core
    this.#channel = channel
    this.#table = table
    this.#journal = journal
  }

  /** What became of an execution, for the first time. */
  answer(execution: Execution): void {
    execution.replyState = execution.reply === undefined ? "none" : "waiting"
    const send = (): void => {
      if (execution.reply === undefined) this.acknowledge(execution)
      else this.#send(execution, execution.reply)
    }
    if (this.#journal === undefined) send()
    else {
      this.#journal.done(execution).then(send, (error: unknown) => {
        this.#core.reporter.error(error, { channel: this.#channel })
        send()
      })
    }
  }

  /** C-3: a duplicate of what is over gets the same octets. */
  repeat(execution: Execution, packet: InboundMessage): void {
    const { reply } = execution
    if (reply === undefined) {
      this.#settle(execution, [packet])
      return
    }
    if (execution.replyState === "waiting" || execution.replyState === "sending") {
      if (packet.qos > 0) execution.packets.push(packet)
      return
    }
    this.#core.send(reply).then(
      () => this.#settle(execution, [packet]),
      () => {
        execution.replyState = "waiting"
        if (packet.qos > 0) execution.packets.push(packet)
      },
    )
  }

  /** Replies that no broker has yet. */
  async sendWaiting(): Promise<void> {
    const sent: Promise<void>[] = []
    for (const execution of this.#table.values()) {
      const { reply, replyState } = execution
      if (execution.state === "done" && reply !== undefined && replyState === "waiting") {
        sent.push(this.#send(execution, reply))
      }
    }
    await Promise.all(sent)
  }

  /** Releases the packets of an execution. */
  acknowledge(execution: Execution): void {
    this.#settle(execution, execution.packets.splice(0))
  }

  #settle(execution: Execution, packets: readonly InboundMessage[]): void {
    for (const packet of packets) packet.acknowledge()
    execution.mark = this.#core.fence.mark
  }

  #send(execution: Execution, reply: OutboundMessage): Promise<void> {
    execution.replyState = "sending"
    return this.#core.send(reply).then(
      () => {
        execution.replyState = "acknowledged"
        this.acknowledge(execution)
        this.#journal?.acknowledged(execution).catch(() => {})
      },
      (error: unknown) => {
        execution.replyState = "waiting"
        if (isSdkError(error, "unavailable") && error.details.reasonCode === undefined) {
          // Sent and lost with the session: again, at once where the next connection is there already.
          if (error.sent && this.#core.isReady) this.#send(execution, reply)
          return
        }
        // The broker will never take it: whoever waits runs into its deadline, and the request is settled.
        execution.replyState = "none"
        this.acknowledge(execution)
        this.#core.reporter.error(error, { channel: this.#channel, topic: reply.topic })
      },
    )
  }
}
