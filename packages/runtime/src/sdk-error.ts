/**
 * What can go wrong at run time: one code for each remedy.
 *
 * | code | what to do |
 * |---|---|
 * | `invalid_argument` | the caller's param, message or option does not fit the contract: fix the call (`details.issues`) |
 * | `invalid_payload` | the other side sent, or refused, data that does not fit the contract: compare versions |
 * | `timeout` | no outcome in time; with `mayHaveRun` ask again under the same idempotency key |
 * | `unavailable` | device offline, or no connection: try later |
 * | `busy` | the device is at its declared limit: wait `details.retryAfterMs` |
 * | `conflict` | the idempotency key was used with another request: choose a new one |
 * | `preempted` | another command took over, such as an emergency stop |
 * | `interrupted` | the device restarted while it ran: look at the world before you repeat |
 * | `expired` | it was not sent or not begun in time |
 * | `canceled` | the caller's AbortSignal |
 * | `dropped` | an outbox or queue policy evicted it |
 * | `unauthorized` | credentials or access rules refuse: see the operator |
 * | `unsupported` | the server, the protocol version or the contract cannot do it (`details.limit`) |
 * | `command_failed` | the handler ran and says that it failed (`details.reply`) |
 * | `closed` | the client was closed |
 */
export type SdkErrorCode =
  | "invalid_argument"
  | "invalid_payload"
  | "timeout"
  | "unavailable"
  | "busy"
  | "conflict"
  | "preempted"
  | "interrupted"
  | "expired"
  | "canceled"
  | "dropped"
  | "unauthorized"
  | "unsupported"
  | "command_failed"
  | "closed"

export interface SdkErrorDetails {
  readonly issues?: readonly import("./codec.js").Issue[]
  readonly retryAfterMs?: number
  /** Server limit or capability that is in the way, such as `maximumQos`. */
  readonly limit?: string
  readonly reasonCode?: number
  /** Server that could not be reached, without credentials and query. */
  readonly url?: string
  /** How the last attempt to connect ended. */
  readonly reason?: import("./transport.js").DisconnectReason["kind"]
  /** Decoded reply of a command that failed. */
  readonly reply?: unknown
  readonly channel?: string
}

export interface SdkErrorOptions {
  /** Who says so: this process, or the other side. Default `local`. */
  readonly origin?: "local" | "remote"
  /** The request was handed to the socket at least once. Default false. */
  readonly sent?: boolean
  /** The command may have had its effect. Never false when it had. Default: `sent`. */
  readonly mayHaveRun?: boolean
  readonly details?: SdkErrorDetails
  readonly cause?: unknown
}

const RETRYABLE: ReadonlySet<SdkErrorCode> = new Set(["timeout", "unavailable", "busy", "expired", "dropped"])
const BRAND = Symbol.for("fleetwire.SdkError")

/** The one class of run-time errors. Its message begins with the code in brackets and never holds payload or secret. */
export class SdkError extends Error {
  override readonly name = "SdkError"
  readonly code: SdkErrorCode
  readonly origin: "local" | "remote"
  readonly sent: boolean
  readonly mayHaveRun: boolean
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean
  readonly details: SdkErrorDetails

  constructor(code: SdkErrorCode, message: string, options: SdkErrorOptions = {}) {
    super(`[${code}] ${message}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.origin = options.origin ?? "local"
    this.sent = options.sent ?? false
    this.mayHaveRun = options.mayHaveRun ?? this.sent
    this.retryable = RETRYABLE.has(code)
    this.details = options.details ?? {}
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** True for an SdkError of this or any other copy of the package, with the given code where one is named. */
export function isSdkError(error: unknown, code?: SdkErrorCode): error is SdkError {
  return (
    typeof error === "object" &&
    error !== null &&
    BRAND in error &&
    (code === undefined || (error as unknown as SdkError).code === code)
  )
}
