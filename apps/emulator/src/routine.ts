import type { EmulationOptions } from "./emulated-device.js"
import { createScheduler, type Scheduler } from "./scheduler.js"
import { draw, seedFor } from "./seeded-random.js"
import { systemClock } from "./system-clock.js"

/** What a device does again and again while it is on. */
export class Routine {
  /** Serves this device, and others where it was given. */
  readonly scheduler: Scheduler
  readonly #owns: boolean
  readonly #phase: number
  readonly #trouble: (error: unknown) => void
  #everyMs: number
  #work: (() => void) | undefined
  #cancel = (): void => {}

  constructor(name: string, everyMs: number, options: EmulationOptions) {
    this.#owns = options.scheduler === undefined
    this.scheduler = options.scheduler ?? createScheduler(options.clock ?? systemClock)
    this.#phase = draw(seedFor(options.seed ?? 1, `${name} phase`)).value
    this.#trouble = options.onTrouble ?? (() => {})
    this.#everyMs = everyMs
  }

  /** Whether it is on. */
  get running(): boolean {
    return this.#work !== undefined
  }

  /** Milliseconds between two runs. */
  get everyMs(): number {
    return this.#everyMs
  }

  /** Runs `work` again and again from now on. Devices that begin together run at different moments of the first second. */
  begin(work: () => void): void {
    this.#work = work
    this.#after(this.#phase * Math.min(1_000, this.#everyMs))
  }

  /** Another interval, from now on. */
  every(ms: number): void {
    this.#everyMs = ms
    if (this.running) this.#after(ms)
  }

  /** Stops it; `begin` starts it again. */
  pause(): void {
    this.#work = undefined
    this.#cancel()
  }

  /** Stops it for good. */
  end(): void {
    this.pause()
    if (this.#owns) this.scheduler.close()
  }

  /** Nothing that is said in the background may become an unhandled rejection. */
  send(sent: Promise<void>): void {
    sent.catch(this.#trouble)
  }

  #after(ms: number): void {
    this.#cancel()
    this.#cancel = this.scheduler.after(ms, () => {
      const work = this.#work
      if (work === undefined) return
      this.#after(this.#everyMs)
      work()
    })
  }
}
