import { type CarState, type Motion, STANDSTILL } from "./car-state.js"
import { type CarReading, readCar } from "./read-car.js"
import type { Scheduler } from "./scheduler.js"
import { stepCar } from "./step-car.js"
import type { World } from "./world.js"

/** How a drive went. */
export interface DriveOutcome {
  /** Milliseconds that the motors ran. */
  readonly executionMs: number
}

/** The moving part of one car. It keeps no timer of its own: time is made up for whenever somebody looks. */
export interface Drivetrain {
  /** The car as it is now. */
  state(): CarState
  /** Its instruments as they show now. */
  read(): CarReading
  /**
   * Runs the motors for `durationMs`, then stops them. A later drive takes over. Rejects with the signal's reason when
   * that is aborted first; motors that still run for this drive are then off.
   */
  drive(motion: Motion, durationMs: number, signal: AbortSignal): Promise<DriveOutcome>
  /** Runs the motors until told otherwise. */
  start(motion: Motion): void
  /** Motors off, at once. */
  stop(): void
  /** Percent that no drive exceeds from now on, one that runs included. */
  limitSpeed(percent: number): void
}

/** Makes a car move from the given state on, in the scheduler's time. */
export function createDrivetrain(initial: CarState, world: World, scheduler: Scheduler): Drivetrain {
  const started = scheduler.now() - initial.timeMs
  let car = initial
  let limit = 100
  let current: symbol | undefined

  const advance = (): CarState => {
    car = stepCar(car, scheduler.now() - started - car.timeMs, world)
    return car
  }
  const setMotion = (motion: Motion): void => {
    car = { ...advance(), motion: { ...motion, speed: Math.min(motion.speed, limit) } }
  }
  const stop = (): void => {
    current = undefined
    setMotion(STANDSTILL)
  }

  return {
    state: advance,
    read: () => readCar(advance(), world),
    stop,
    start(motion) {
      current = undefined
      setMotion(motion)
    },
    limitSpeed(percent) {
      limit = Math.min(100, Math.max(0, percent))
      setMotion(car.motion)
    },
    drive(motion, durationMs, signal) {
      const mine = Symbol(motion.action)
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const began = scheduler.now()
        current = mine
        setMotion(motion)
        const onAbort = (): void => {
          cancel()
          if (current === mine) stop()
          reject(signal.reason)
        }
        const cancel = scheduler.after(durationMs, () => {
          signal.removeEventListener("abort", onAbort)
          if (current === mine) stop()
          resolve({ executionMs: scheduler.now() - began })
        })
        signal.addEventListener("abort", onAbort, { once: true })
      })
    },
  }
}
