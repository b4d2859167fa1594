import type { CommandSemantics } from "../descriptor.js"
import type { Clock } from "../transport.js"
import type { AcceptedRequest, Execution } from "./execution.js"

/** Ids whose first receipt is remembered although they did not begin. */
const FIRST_SEEN = 1024

/** When requests are too old to begin (C-5). */
export class RequestExpiry {
  readonly #clock: Clock
  readonly #firstSeen = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Monotonic instant after which the request must not begin: by the expiry that MQTT 5 carried, by the request's own
   * clock where that is trusted, otherwise by the first receipt of its id.
   */
  instantOf({ inlet, key, message, request }: AcceptedRequest): number | undefined {
    const now = this.#clock.monotonic()
    const announced = message.properties?.messageExpirySeconds
    if (announced !== undefined) return now + announced * 1000
    const { expiryMs } = inlet.incoming.leg
    if (expiryMs === undefined) return undefined
    const sentAt = momentOf(request, inlet.command.trustedClock)
    if (sentAt !== undefined) return now + (sentAt - this.#clock.now()) + expiryMs
    let first = this.#firstSeen.get(key)
    if (first === undefined) {
      first = now
      if (this.#firstSeen.size >= FIRST_SEEN) this.#firstSeen.delete(this.#firstSeen.keys().next().value!)
      this.#firstSeen.set(key, first)
    }
    return first + expiryMs
  }

  isOver(execution: Execution): boolean {
    return execution.expiresAt !== undefined && this.#clock.monotonic() >= execution.expiresAt
  }
}

/** Milliseconds since the epoch that a field says; undefined where it says none. */
function momentOf(request: unknown, clock: CommandSemantics["trustedClock"]): number | undefined {
  if (clock === undefined || typeof request !== "object" || request === null) return undefined
  const value = (request as Readonly<Record<string, unknown>>)[clock.field]
  if (clock.epoch === "iso") {
    const at = typeof value === "string" ? Date.parse(value) : Number.NaN
    return Number.isNaN(at) ? undefined : at
  }
  if (typeof value !== "number" && typeof value !== "bigint") return undefined
  return Number(value) * (clock.epoch === "unix-seconds" ? 1000 : 1)
}
