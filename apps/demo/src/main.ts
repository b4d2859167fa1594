import { processSeam, runDevices } from "@fleetwire/emulator"
import { runDemo } from "./run-demo.js"

/** Milliseconds after which a scripted round is ended whatever it waits for. Its children go with our pipes. */
const HARD_LIMIT_MS = 60_000

const [role, ...rest] = process.argv.slice(2)

switch (role) {
  case "car":
    process.exit(await runDevices(rest, processSeam))
    break
  case "bridge": {
    const { runBridge } = await import("@fleetwire/bridge")
    process.exit(await runBridge(rest, processSeam))
    break
  }
  default: {
    const args = process.argv.slice(2)
    if (args.includes("--once")) {
      setTimeout(() => {
        process.stderr.write("did not hold: the round was still not over after 60 s\n")
        process.exit(1)
      }, HARD_LIMIT_MS).unref()
    }
    const code = await runDemo(args, {
      output: process.stdout,
      errors: process.stderr,
      keyboard: process.stdin,
      colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
      stopRequested: processSeam.stopRequested(false),
    })
    process.exit(code)
  }
}
