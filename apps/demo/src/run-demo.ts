import { parseArgs } from "node:util"
import { createChecklist } from "./checklist.js"
import { launchDemoFleet } from "./demo-fleet.js"
import { watchFleet } from "./fleet-view.js"
import { type Keyboard, runLive } from "./live.js"
import { createScreen, type Output } from "./screen.js"
import { runScriptedRound } from "./scripted-round.js"

const USAGE = `usage: npm start -- [options]

  --once             one scripted round, then exit: 0 when everything held
  --broker aedes     the embedded broker even where Mosquitto is there
  --seed N           equal seeds drive equal ways; default 1
`

/** What a demonstration may touch of its process. */
export interface DemoSeam {
  readonly output: Output
  readonly errors: Output
  readonly keyboard: Keyboard
  readonly colour: boolean
  /** Resolves when the process is asked to stop. */
  readonly stopRequested: Promise<string>
}

/** Milliseconds within which a scripted round ends, well or not. */
const ROUND_MS = 45_000

/** Runs the demonstration; resolves with the exit code, once every process of it has ended. */
export async function runDemo(args: readonly string[], seam: DemoSeam): Promise<number> {
  let values: ReturnType<typeof read>
  try {
    values = read(args)
  } catch (error) {
    seam.errors.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return 2
  }
  if (values.help === true) {
    seam.output.write(USAGE)
    return 0
  }
  if ((values.broker !== "any" && values.broker !== "aedes") || !/^\d{1,9}$/.test(values.seed)) {
    seam.errors.write(`--broker aedes, --seed N\n\n${USAGE}`)
    return 2
  }
  const options = { broker: values.broker as "any" | "aedes", seed: Number(values.seed) }
  return values.once === true ? runOnce(options, seam) : runShow(options, seam)
}

interface Options {
  readonly broker: "any" | "aedes"
  readonly seed: number
}

async function runOnce(options: Options, seam: DemoSeam): Promise<number> {
  const say = (line: string): void => void seam.output.write(`${line}\n`)
  let timer: NodeJS.Timeout | undefined
  let onLost = (_name: string): void => {}
  const spoiled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the round did not end in ${ROUND_MS / 1_000} s`)), ROUND_MS)
    void seam.stopRequested.then((signal) => reject(new Error(`stopped by ${signal}`)))
    onLost = (name) => reject(new Error(`${name} ended unasked`))
  })
  spoiled.catch(() => {})
  const launch = launchDemoFleet({ ...options, say, onLost: (name) => onLost(name) })
  try {
    const fleet = await Promise.race([launch.fleet, spoiled])
    const list = createChecklist({ say })
    const round = runScriptedRound(fleet, watchFleet(fleet.app, fleet.cars), list)
    round.catch(() => {})
    await Promise.race([round, spoiled])
    const { broker } = fleet
    const word = broker.proves
      ? "proven"
      : "shown, not proven (aedes is lax with the protocol; npm test proves on Mosquitto)"
    say(`${list.held.length} claims ${word}, on ${broker.name} with MQTT ${broker.protocol}`)
    return 0
  } catch (error) {
    seam.errors.write(`did not hold: ${wordsOf(error)}\n`)
    return 1
  } finally {
    clearTimeout(timer)
    await launch.close()
  }
}

async function runShow(options: Options, seam: DemoSeam): Promise<number> {
  const screen = createScreen(seam.output)
  const launch = launchDemoFleet({
    ...options,
    say: (line) => screen.say(line),
    onLost: (name) => screen.say(`${name} ended unasked`),
  })
  const stopped = seam.stopRequested.then(() => undefined)
  try {
    const fleet = await Promise.race([launch.fleet, stopped])
    if (fleet !== undefined) {
      await runLive({ ...seam, fleet, view: watchFleet(fleet.app, fleet.cars), screen, cutAfterMs: 15_000 })
    }
    return 0
  } catch (error) {
    seam.errors.write(`${wordsOf(error)}\n`)
    return 1
  } finally {
    screen.end()
    await launch.close()
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      once: { type: "boolean" },
      broker: { type: "string", default: "any" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
    },
  }).values
}
