import type { Issue } from "../codec.js"
import { isSdkError, SdkError, type SdkErrorCode } from "../sdk-error.js"
import type { ConnectionState, DropCause, Observer } from "../surface.js"
import type { ClientCounters } from "./counters.js"

/** Counts what is no caller's outcome and tells the observer, whose own faults never reach the engine. */
export class Reporter {
  readonly #observer: Observer
  readonly #counters: ClientCounters

  constructor(observer: Observer | undefined, counters: ClientCounters) {
    this.#observer = observer ?? {}
    this.#counters = counters
  }

  state(state: ConnectionState): void {
    this.#tell(() => this.#observer.onState?.(state))
  }

  /** W-6. `payload` is copied, because the link's buffer is not ours to keep. */
  invalid(channel: string, topic: string, issues: readonly Issue[], payload: Uint8Array): void {
    this.#counters.invalid++
    if (this.#observer.onInvalid === undefined) return
    const copy = payload.slice()
    this.#tell(() => this.#observer.onInvalid?.({ channel, topic, issues, payload: copy }))
  }

  unroutable(topic: string, payload: Uint8Array): void {
    this.#counters.unroutable++
    if (this.#observer.onUnroutable === undefined) return
    const copy = payload.slice()
    this.#tell(() => this.#observer.onUnroutable?.({ topic, payload: copy }))
  }

  error(error: unknown, context: { readonly channel?: string; readonly topic?: string }): void {
    this.#tell(() => this.#observer.onError?.(asSdkError(error, "command_failed", "a handler failed"), context))
  }

  /** M-6. */
  dropped(channel: string, cause: DropCause, count = 1): void {
    this.#counters.dropped[cause] += count
    this.#tell(() => this.#observer.onDropped?.({ channel, cause, count }))
  }

  late(channel: string, id: string): void {
    this.#counters.late++
    this.#tell(() => this.#observer.onLateReply?.({ channel, id }))
  }

  #tell(tell: () => void): void {
    try {
      tell()
    } catch {
      // An observer that throws would otherwise stop the stream it observes.
    }
  }
}

/** The error itself where it is ours; otherwise an SdkError of the given code with the other as its cause. */
export function asSdkError(error: unknown, code: SdkErrorCode, words: string): SdkError {
  return isSdkError(error) ? error : new SdkError(code, words, { cause: error })
}
