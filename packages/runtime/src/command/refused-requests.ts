import type { AcknowledgementFence } from "../client/acknowledgement-fence.js"

/** Ids that are remembered. */
const REMEMBERED = 1024

/** Ids that were refused, with the fence's mark: a redelivery of the refused packet is refused again, not run late (C-8). */
export class RefusedRequests {
  readonly #fence: AcknowledgementFence
  readonly #marks = new Map<string, number>()

  constructor(fence: AcknowledgementFence) {
    this.#fence = fence
  }

  add(key: string): void {
    this.#marks.delete(key)
    if (this.#marks.size >= REMEMBERED) this.#marks.delete(this.#marks.keys().next().value!)
    this.#marks.set(key, this.#fence.mark)
  }

  /** True while the broker may still hold the packet that was refused. */
  has(key: string): boolean {
    const mark = this.#marks.get(key)
    return mark !== undefined && !this.#fence.proves(mark)
  }
}
