import type { ClientCore } from "../client/client-core.js"
import type { Params } from "../engine.js"
import type { OutgoingLeg } from "../publish/outgoing-leg.js"
import { SdkError } from "../sdk-error.js"
import type { OutboundMessage } from "../transport.js"
import type { Execution, Inlet } from "./execution.js"
import { type Failure, failureReplies } from "./reply-outcome.js"
import { replyTopic } from "./request-reader.js"

/** Whom a packet answers. */
export interface Addressee {
  readonly inlet: Inlet
  readonly params: Params
  readonly id: unknown
  readonly correlationData: Uint8Array | undefined
  /** Absent where there is none. */
  readonly execution?: Execution
}

/** What a served command says back: replies, failures in the contract's own response, and progress. */
export class ReplyPackets {
  readonly #core: ClientCore
  readonly #channel: string

  constructor(core: ClientCore, channel: string) {
    this.#core = core
    this.#channel = channel
  }

  /** Throws `invalid_argument` where the handler's reply does not fit the contract. */
  success(inlet: Inlet, reply: OutgoingLeg, execution: Execution, value: unknown): OutboundMessage {
    const { correlate, outcome } = inlet.command
    const message: Record<string, unknown> = { ...(value as Record<string, unknown> | undefined) }
    if ("field" in correlate.reply) message[correlate.reply.field] = execution.id
    if (outcome !== undefined) message[outcome.field] ??= outcome.success[0]
    return this.#packet(reply, addresseeOf(inlet, execution), message)
  }

  /** Throws `invalid_argument` where the message does not fit the contract. */
  progress(inlet: Inlet, leg: OutgoingLeg, execution: Execution, value: unknown): OutboundMessage {
    const { correlate } = inlet.command
    const message: Record<string, unknown> = { ...(value as Record<string, unknown> | undefined) }
    if ("field" in correlate.reply) message[correlate.reply.field] = execution.id
    return this.#packet(leg, addresseeOf(inlet, execution), message)
  }

  /** The failure as the contract's response says it; undefined where nobody is answered or it cannot be said. */
  failure(to: Addressee, failure: Failure): OutboundMessage | undefined {
    const { reply, command } = to.inlet
    if (reply === undefined) return undefined
    let problem: unknown
    for (const message of failureReplies(command, to.id, failure)) {
      try {
        return this.#packet(reply, to, message)
      } catch (error) {
        problem = error
      }
    }
    if (problem !== undefined) this.#core.reporter.error(problem, { channel: this.#channel })
    return undefined
  }

  #packet(leg: OutgoingLeg, to: Addressee, message: Record<string, unknown>): OutboundMessage {
    const topic = replyTopic(leg, to.inlet.command, to.params, to.id)
    if (topic === undefined) throw new SdkError("invalid_argument", `${leg.leg.id}: the id cannot stand in a topic`)
    const beganAt = to.execution?.beganAt
    const elapsedMs = beganAt === undefined ? 0 : Math.max(0, this.#core.clock.monotonic() - beganAt)
    const payload = leg.encode(message, undefined, { id: String(to.id), elapsedMs })
    return leg.packet(topic, payload, undefined, {
      expiryMs: leg.leg.expiryMs,
      correlationData: to.correlationData,
      traceparent: to.execution?.traceparent,
    })
  }
}

/** Who asked for an execution. */
export function addresseeOf(inlet: Inlet, execution: Execution): Addressee {
  const { params, id, correlationData } = execution
  return { inlet, params, id, correlationData, execution }
}
