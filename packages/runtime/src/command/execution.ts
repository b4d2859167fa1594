import type { IncomingLeg } from "../client/incoming-leg.js"
import type { CommandSemantics } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { OutgoingLeg } from "../publish/outgoing-leg.js"
import type { InboundMessage, OutboundMessage } from "../transport.js"

/** One way by which requests reach a handler: a command's own topic, or a broadcast's. */
export interface Inlet {
  /** Name of its channel. */
  readonly name: string
  readonly broadcast: boolean
  readonly incoming: IncomingLeg
  /** Absent where nobody is answered. */
  readonly reply: OutgoingLeg | undefined
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
  /** Packets that are acknowledged with the reply. */
  readonly packets: InboundMessage[]
  state: "queued" | "running" | "done"
  beganAt: number
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
