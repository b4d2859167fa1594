import type { AcknowledgementFence } from "../client/acknowledgement-fence.js"

/** Ids that are remembered. */
const REMEMBERED = 1024

export interface RefusedRequestsSpec {
  readonly fence: AcknowledgementFence
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** How long an id is remembered whose request never expires. */
  readonly retentionMs: number
}

interface Refused {
  readonly mark: number
  /** From then on it cannot begin any more. */
  readonly until: number
  preempted: boolean
}

/**
 * Ids that were refused and may come again (C-8): the broker's own redelivery is refused again, not run late, and what was
 * refused before a pre-empting request does not begin after it. What had to make room fails safe: after a pre-empting
 * request nothing new begins until it would have expired.
 */
export class RefusedRequests {
  readonly #spec: RefusedRequestsSpec
  readonly #refused = new Map<string, Refused>()
  /** Latest instant at which an id that had to make room may come again: since the last pre-emption, and before it. */
  #lostUntil = Number.NEGATIVE_INFINITY
  #lostPreemptedUntil = Number.NEGATIVE_INFINITY

  constructor(spec: RefusedRequestsSpec) {
    this.#spec = spec
  }

  /** `expiresAt`: monotonic instant after which it must not begin; undefined where it never expires. */
  add(key: string, expiresAt: number | undefined): void {
    this.#refused.delete(key)
    if (this.#refused.size >= REMEMBERED) this.#makeRoom()
    const until = expiresAt ?? this.#spec.now() + this.#spec.retentionMs
    this.#refused.set(key, { mark: this.#spec.fence.mark, until, preempted: false })
  }

  /** Another command took over: what was refused so far is over. */
  preempt(): void {
    for (const refused of this.#refused.values()) refused.preempted = true
    this.#lostPreemptedUntil = Math.max(this.#lostPreemptedUntil, this.#lostUntil)
    this.#lostUntil = Number.NEGATIVE_INFINITY
  }

  /** True while the broker may still hold the packet that was refused. */
  isHeld(key: string): boolean {
    const refused = this.#refused.get(key)
    return refused !== undefined && !this.#spec.fence.proves(refused.mark)
  }

  /** True where it was refused before a request that pre-empted, and its caller may still ask again. */
  isPreempted(key: string): boolean {
    const refused = this.#refused.get(key)
    return refused?.preempted === true && this.#spec.now() < refused.until
  }

  /** True while some id that was refused before a pre-empting request, and is not known any more, may come again. */
  get hasLostPreempted(): boolean {
    return this.#spec.now() < this.#lostPreemptedUntil
  }

  #makeRoom(): void {
    const [key, refused] = this.#refused.entries().next().value!
    this.#refused.delete(key)
    if (refused.preempted) this.#lostPreemptedUntil = Math.max(this.#lostPreemptedUntil, refused.until)
    else this.#lostUntil = Math.max(this.#lostUntil, refused.until)
  }
}
