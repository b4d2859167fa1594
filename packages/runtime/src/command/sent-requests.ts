/** Requests under a caller's own key that are remembered. */
const REMEMBERED = 1024

interface Sent {
  readonly request: string
  readonly payload: Uint8Array
}

/**
 * Octets sent under idempotency keys. The same key means the same octets (C-3), though automatic fields, such as a
 * timestamp, would differ by now.
 */
export class SentRequests {
  readonly #sent = new Map<string, Sent>()

  /** The octets for a key on a topic: those sent before for an equal request, otherwise those that `encode` makes. */
  payload(topic: string, id: string, request: unknown, encode: () => Uint8Array): Uint8Array {
    // No topic holds NUL.
    const key = `${topic}\0${id}`
    const text = textOf(request)
    const known = this.#sent.get(key)
    if (known !== undefined && known.request === text) return known.payload
    const payload = encode()
    this.#sent.delete(key)
    if (this.#sent.size >= REMEMBERED) this.#sent.delete(this.#sent.keys().next().value!)
    this.#sent.set(key, { request: text, payload })
    return payload
  }
}

function textOf(request: unknown): string {
  return JSON.stringify(request, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
  )
}
