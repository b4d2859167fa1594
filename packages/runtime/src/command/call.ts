import type { ClientCore } from "../client/client-core.js"
import { createDeferred } from "../client/deferred.js"
import type { CommandSemantics } from "../descriptor.js"
import type { Params } from "../engine.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import type { OutboundMessage } from "../transport.js"
import type { ProgressQueue } from "./progress-queue.js"
import { errorOfReply } from "./reply-outcome.js"

export interface CallSpec {
  readonly id: string
  readonly topic: string
  readonly replyTopic: string
  /** Where the device says how far it is; undefined where it says nothing. */
  readonly progressTopic: string | undefined
  readonly params: Params
  readonly timeoutMs: number
  readonly retryBusy: boolean
  readonly signal: AbortSignal | undefined
  /** The packet as it leaves now: its expiry shrinks while the call waits. */
  readonly packet: (ageMs: number) => OutboundMessage
  /** Why it must not be sent now: the device is known to be offline (C-11). */
  readonly obstacle: () => SdkError | undefined
  /** Takes the request back at the other side, where that is declared (C-12). */
  readonly withdraw: (() => OutboundMessage) | undefined
}

const BACK_OFF_BASE_MS = 100
const BACK_OFF_CAP_MS = 5_000
/** MQTT 5: nobody is subscribed to the request's topic. */
const NO_MATCHING_SUBSCRIBERS = 0x10

/** One call from its first attempt to its one outcome (C-9). */
export class Call {
  readonly spec: CallSpec
  readonly promise: Promise<unknown>
  readonly #core: ClientCore
  readonly #command: CommandSemantics
  readonly #settled: () => void
  readonly #outcome = createDeferred<unknown>()
  readonly #startedAt: number
  #over = false
  /** SUBACK of the reply topic was received. */
  #listening = false
  /** Waiting for a connection, or for the time to try again. */
  #waiting = true
  #backingOff = false
  #sent = false
  #mayHaveRun = false
  #attempts = 0
  #cancels: (() => void)[] = []
  readonly #readers: ProgressQueue[] = []

  constructor(core: ClientCore, spec: CallSpec, command: CommandSemantics, settled: () => void) {
    this.#core = core
    this.spec = spec
    this.#command = command
    this.#settled = settled
    this.#startedAt = core.clock.monotonic()
    this.promise = this.#outcome.promise
  }

  start(listening: Promise<unknown>): void {
    this.#cancels.push(this.#core.clock.after(this.spec.timeoutMs, () => this.#timedOut()))
    const { signal } = this.spec
    if (signal !== undefined) {
      const abort = (): void => this.#aborted()
      signal.addEventListener("abort", abort, { once: true })
      this.#cancels.push(() => signal.removeEventListener("abort", abort))
      if (signal.aborted) {
        abort()
        return
      }
    }
    listening.then(
      () => {
        this.#listening = true
        this.#send()
      },
      (error: unknown) => this.fail(isSdkError(error) ? error : new SdkError("unavailable", "no reply subscription")),
    )
  }

  /** The client is ready (again). */
  connected(sessionLost: boolean): void {
    if (this.#over) return
    if (sessionLost && this.#sent && !this.#waiting) this.#lost()
    else this.#send()
  }

  ended(error: SdkError): void {
    this.fail(new SdkError(error.code, messageOf(error), this.#facts({ cause: error, details: error.details })))
  }

  expects(topic: string): boolean {
    return topic === this.spec.replyTopic
  }

  /** One more who reads its progress. */
  follow(reader: ProgressQueue): void {
    this.#readers.push(reader)
  }

  progressed(message: unknown): void {
    for (const reader of this.#readers) reader.push(message)
  }

  replied(reply: unknown): void {
    if (this.#over) return
    const error = errorOfReply(this.#command.outcome, reply)
    if (error === undefined) {
      this.#finish()
      this.#outcome.resolve(reply)
    } else if (error.code === "busy" && this.spec.retryBusy) this.#retry(error)
    else this.fail(error)
  }

  fail(error: SdkError): void {
    if (this.#over) return
    this.#finish()
    this.#outcome.reject(error)
  }

  #send(): void {
    if (this.#over || !this.#waiting || this.#backingOff || !this.#listening || !this.#core.isReady) return
    const obstacle = this.spec.obstacle()
    if (obstacle !== undefined) {
      // It may have been sent before, and been answered `busy`.
      const { code, details } = obstacle
      this.fail(new SdkError(code, messageOf(obstacle), this.#facts({ details })))
      return
    }
    this.#waiting = false
    const before = this.#mayHaveRun
    this.#sent = true
    this.#mayHaveRun = true
    this.#core.send(this.spec.packet(this.#core.clock.monotonic() - this.#startedAt)).then(
      ({ reasonCode }) => {
        if (reasonCode !== NO_MATCHING_SUBSCRIBERS) return
        this.#mayHaveRun = before
        this.fail(
          new SdkError("unavailable", "nobody serves this command there", this.#facts({ details: { reasonCode } })),
        )
      },
      (error: unknown) => this.#notSent(error, before),
    )
  }

  #notSent(error: unknown, before: boolean): void {
    if (this.#over) return
    if (!isSdkError(error, "unavailable") || error.details.reasonCode !== undefined) {
      // The broker said no, or the server's limits did: it went nowhere.
      this.#mayHaveRun = before
      const known = isSdkError(error) ? error : undefined
      this.fail(
        new SdkError(known?.code ?? "unavailable", known === undefined ? "not sent" : messageOf(known), {
          ...this.#facts({ details: known?.details ?? {}, cause: error }),
        }),
      )
    } else if (!error.sent) {
      // Never handed over: it may wait for the next connection.
      this.#mayHaveRun = before
      this.#sent = before
      this.#waiting = true
    } else this.#lost()
  }

  /** C-10: the session is gone, and what was under way with it. */
  #lost(): void {
    if (!this.#command.idempotent && this.#command.journal !== "required") {
      this.fail(new SdkError("unavailable", "the session was lost with the request under way", this.#facts({})))
      return
    }
    this.#waiting = true
    this.#send()
  }

  /** C-8: the same id again, after a pause with full jitter, inside the deadline. */
  #retry(busy: SdkError): void {
    const ceiling = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** this.#attempts++)
    const pause = (busy.details.retryAfterMs ?? 0) + this.#core.random.next() * ceiling
    if (this.#core.clock.monotonic() - this.#startedAt + pause >= this.spec.timeoutMs) {
      this.fail(busy)
      return
    }
    this.#waiting = true
    this.#backingOff = true
    this.#cancels.push(
      this.#core.clock.after(pause, () => {
        this.#backingOff = false
        this.#send()
      }),
    )
  }

  #timedOut(): void {
    const words = `no reply within ${this.spec.timeoutMs} ms`
    if (this.#sent) this.fail(new SdkError("timeout", words, this.#facts({})))
    else if (this.#core.isReady) this.fail(new SdkError("timeout", words))
    else this.fail(this.#core.noConnection(this.spec.timeoutMs))
  }

  #aborted(): void {
    if (this.#over) return
    this.fail(new SdkError("canceled", "canceled by the caller", this.#facts({})))
    if (this.#sent && this.spec.withdraw !== undefined) this.#core.send(this.spec.withdraw()).catch(() => {})
  }

  #facts(more: { readonly details?: SdkError["details"]; readonly cause?: unknown }): object {
    return { sent: this.#sent, mayHaveRun: this.#mayHaveRun, ...more }
  }

  #finish(): void {
    this.#over = true
    for (const cancel of this.#cancels.splice(0)) cancel()
    this.#settled()
  }
}

/** An error's words without its code in brackets. */
function messageOf(error: SdkError): string {
  return error.message.replace(/^\[[a-z_]+\] /, "")
}
