import type { IncomingLeg } from "../client/incoming-leg.js"
import type { CommandSemantics } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { OutgoingLeg } from "../publish/outgoing-leg.js"
import { traceparentOf } from "../stream/delivery.js"
import type { InboundMessage, OutboundMessage } from "../transport.js"

/** One way by which requests reach a handler: a command's own topic, or a broadcast's. */
export interface Inlet {
  /** Name of its channel. */
  readonly name: string
  readonly broadcast: boolean
  readonly incoming: IncomingLeg
  /** Absent where nobody is answered. */
  readonly reply: OutgoingLeg | undefined
  /** Absent where a handler says nothing on the way. */
  readonly progress: OutgoingLeg | undefined
  readonly command: CommandSemantics
}

/** One request from its acceptance to the acknowledgement of its reply. */
export interface Execution {
  readonly key: string
  /** Absent for a safe action that nobody asked for. */
  readonly inlet: Inlet | undefined
  readonly id: unknown
  readonly request: unknown
  readonly digest: string
  readonly topic: string
  readonly params: Params
  readonly correlationData: Uint8Array | undefined
  readonly traceparent: string | undefined
  /** Monotonic instant after which it must not begin. */
  readonly expiresAt: number | undefined
  readonly safeAction: boolean
  readonly preempts: boolean
  /** The request named no id of its own: it is forgotten as soon as it is answered. */
  readonly anonymous: boolean
  /** Packets that are acknowledged with the reply. */
  readonly packets: InboundMessage[]
  state: "queued" | "running" | "done"
  /** Monotonic; undefined while it has not begun. */
  beganAt: number | undefined
  doneAt: number
  readonly abort: AbortController
  cancelTimer: () => void
  reply: OutboundMessage | undefined
  replyState: "none" | "waiting" | "sending" | "acknowledged"
  /** Fence mark of its last acknowledgement (C-3). */
  mark: number
  /** Its bytes count against the table's bound. */
  bytes: number
}

/** A valid request that arrived. */
export interface AcceptedRequest {
  readonly key: string
  readonly inlet: Inlet
  readonly message: InboundMessage
  readonly params: Params
  readonly id: unknown
  readonly request: unknown
  readonly digest: string
}

const UNSTARTED = {
  state: "queued",
  beganAt: undefined,
  doneAt: 0,
  reply: undefined,
  replyState: "none",
  mark: 0,
  bytes: 0,
} as const

/** The execution of a request, before it began. */
export function createExecution(
  accepted: AcceptedRequest,
  preempts: boolean,
  expiresAt: number | undefined,
): Execution {
  const { key, inlet, message, params, id, request, digest } = accepted
  return {
    ...UNSTARTED,
    key,
    inlet,
    id,
    request,
    digest,
    topic: message.topic,
    params,
    correlationData: message.properties?.correlationData?.slice(),
    traceparent: traceparentOf(message.properties),
    expiresAt,
    safeAction: false,
    preempts,
    anonymous: id === inlet.command.correlate.anonymous,
    packets: [message],
    abort: new AbortController(),
    cancelTimer: () => {},
  }
}

/** The execution of a safe action, which nobody asked for and nobody is answered. */
export function createSafeExecution(id: string, request: unknown, topic: string): Execution {
  return {
    ...UNSTARTED,
    key: `safe\n${id}`,
    inlet: undefined,
    id,
    request,
    digest: "",
    topic,
    params: {},
    correlationData: undefined,
    traceparent: undefined,
    expiresAt: undefined,
    safeAction: true,
    preempts: true,
    anonymous: false,
    packets: [],
    abort: new AbortController(),
    cancelTimer: () => {},
  }
}
