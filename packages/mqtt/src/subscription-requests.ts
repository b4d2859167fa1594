import { SdkError } from "@fleetwire/runtime"
import type { PacketIds } from "./packet-ids.js"

interface Pending {
  readonly expected: number
  readonly since: number
  resolve(codes: readonly number[]): void
  reject(error: SdkError): void
}

/** SUBSCRIBE and UNSUBSCRIBE packets that wait for their answer on this connection. */
export class SubscriptionRequests {
  readonly #pending = new Map<number, Pending>()

  constructor(
    readonly ids: PacketIds,
    readonly now: () => number,
  ) {}

  /** Sends one request under a new packet identifier; resolves with one code for each of its `expected` entries. */
  send(expected: number, write: (messageId: number) => void): Promise<readonly number[]> {
    const id = this.ids.take()
    if (id === undefined) {
      return Promise.reject(new SdkError("unavailable", "all 65 535 packet identifiers are in use"))
    }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { expected, since: this.now(), resolve, reject })
      write(id)
    })
  }

  /** SUBACK or UNSUBACK. False when the server answered another number of entries than were asked for. */
  answered(id: number, codes: readonly number[] | undefined): boolean {
    const pending = this.#pending.get(id)
    if (pending === undefined) return true
    this.#pending.delete(id)
    this.ids.release(id)
    // The UNSUBACK of 3.1.1 has no codes: it always means success.
    const answer = codes ?? new Array<number>(pending.expected).fill(0)
    if (answer.length !== pending.expected) {
      pending.reject(new SdkError("unavailable", "the server broke the protocol", { sent: true }))
      return false
    }
    pending.resolve(answer)
    return true
  }

  /** The connection is gone: nothing will be answered. */
  disconnected(): void {
    const lost = [...this.#pending]
    this.#pending.clear()
    for (const [id, pending] of lost) {
      this.ids.release(id)
      pending.reject(new SdkError("unavailable", "the connection was lost", { sent: true }))
    }
  }

  oldest(): number | undefined {
    return this.#pending.values().next().value?.since
  }
}
