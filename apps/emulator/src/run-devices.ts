import { type EmulatorArguments, type ParsedArguments, parseEmulatorArguments } from "./command-line.js"
import type { EmulatedDevice } from "./emulated-device.js"
import { keepAliveFor } from "./keep-alive.js"
import { createScheduler } from "./scheduler.js"
import { systemClock } from "./system-clock.js"

/** What a command may touch of its process. */
export interface ProcessSeam {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  /** Resolves when the process is asked to stop. */
  stopRequested(withParent: boolean): Promise<string>
}

/** Runs devices of one contract until asked to stop; resolves with the exit code. */
export async function runDevices(args: readonly string[], seam: ProcessSeam): Promise<number> {
  const parsed: ParsedArguments<EmulatorArguments> = parseEmulatorArguments(args)
  if (parsed.kind === "help") {
    seam.stdout.write(parsed.text)
    return 0
  }
  if (parsed.kind === "misuse") {
    seam.stderr.write(parsed.text)
    return 2
  }
  const { emulation, devices: ids, seed, withParent, keepAliveSeconds, ...connect } = parsed.options
  const stop = seam.stopRequested(withParent)
  const scheduler = createScheduler(systemClock)
  const make = emulation.maker(seed)
  const devices = ids.map((id) =>
    make(id, {
      ...connect,
      keepAliveSeconds: keepAliveFor(keepAliveSeconds),
      scheduler,
      onTrouble: (error) => seam.stderr.write(`${id}: ${error instanceof Error ? error.message : String(error)}\n`),
    }),
  )
  try {
    await Promise.race([startAll(devices, seam), stop])
    await stop
    return 0
  } catch (error) {
    seam.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  } finally {
    await Promise.allSettled(devices.map((device) => device.stop()))
    scheduler.close()
  }
}

/** At most this many connect at once: a broker's backlog is short. */
const CONNECTS_AT_ONCE = 32

async function startAll(devices: readonly EmulatedDevice[], seam: ProcessSeam): Promise<void> {
  const waiting = [...devices]
  const work = async (): Promise<void> => {
    for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) {
      await device.start()
      seam.stdout.write(`${device.id} ready\n`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONNECTS_AT_ONCE, devices.length) }, work))
}
