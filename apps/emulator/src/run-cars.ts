import { type CarArguments, type ParsedArguments, parseCarArguments } from "./command-line.js"
import { createEmulatedCar, type EmulatedCar } from "./emulated-car.js"
import { keepAliveFor } from "./keep-alive.js"
import { createScheduler } from "./scheduler.js"
import { systemClock } from "./system-clock.js"
import { createWorld } from "./world.js"

/** What a command may touch of its process. */
export interface ProcessSeam {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  /** Resolves when the process is asked to stop. */
  stopRequested(withParent: boolean): Promise<string>
}

/** Runs cars until asked to stop; resolves with the exit code. */
export async function runCars(args: readonly string[], seam: ProcessSeam): Promise<number> {
  const parsed: ParsedArguments<CarArguments> = parseCarArguments(args)
  if (parsed.kind === "help") {
    seam.stdout.write(parsed.text)
    return 0
  }
  if (parsed.kind === "misuse") {
    seam.stderr.write(parsed.text)
    return 2
  }
  const { cars: carIds, seed, withParent, keepAliveSeconds, ...connect } = parsed.options
  const stop = seam.stopRequested(withParent)
  const world = createWorld(seed)
  const scheduler = createScheduler(systemClock)
  const cars = carIds.map((carId) =>
    createEmulatedCar({
      ...connect,
      keepAliveSeconds: keepAliveFor(keepAliveSeconds),
      carId,
      seed,
      world,
      scheduler,
      onTrouble: (error) => seam.stderr.write(`${carId}: ${error instanceof Error ? error.message : String(error)}\n`),
    }),
  )
  try {
    await Promise.race([startAll(cars, seam), stop])
    await stop
    return 0
  } catch (error) {
    seam.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  } finally {
    await Promise.allSettled(cars.map((car) => car.stop()))
    scheduler.close()
  }
}

/** At most this many connect at once: a broker's backlog is short. */
const CONNECTS_AT_ONCE = 32

async function startAll(cars: readonly EmulatedCar[], seam: ProcessSeam): Promise<void> {
  const waiting = [...cars]
  const work = async (): Promise<void> => {
    for (let car = waiting.shift(); car !== undefined; car = waiting.shift()) {
      await car.start()
      seam.stdout.write(`${car.carId} ready\n`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONNECTS_AT_ONCE, cars.length) }, work))
}
