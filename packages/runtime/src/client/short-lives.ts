/** A connection that ends this soon, this many times running, looks like two clients with one id. */
const SHORT_MS = 5_000
const SUSPICIOUS = 3

/** Notices a takeover where no reason code tells of it (S-1): at 3.1.1, and from brokers that send none at MQTT 5. */
export class ShortLives {
  readonly #suspect: () => void
  #beganAt: number | undefined
  #short = 0

  /** `suspect` runs once for each row of short connections. */
  constructor(suspect: () => void) {
    this.#suspect = suspect
  }

  /** CONNACK, at this monotonic instant. */
  began(at: number): void {
    this.#beganAt = at
  }

  ended(at: number): void {
    if (this.#beganAt === undefined) return
    this.#short = at - this.#beganAt < SHORT_MS ? this.#short + 1 : 0
    this.#beganAt = undefined
    if (this.#short === SUSPICIOUS) this.#suspect()
  }
}
