import { COMMANDS } from "./command-list.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { nearest } from "./nearest.js"
import { formatSystemError, isSystemError } from "./system-error.js"
import type { Terminal } from "./terminal.js"
import { VERSION } from "./version.js"

const HELP_FLAGS = ["help", "--help", "-h"]

/** Runs one command line and gives its exit code. Never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv
  try {
    if (name === "--version" || name === "-v") {
      terminal.out(`${VERSION}\n`)
      return EXIT.clean
    }
    const asked = argv.some((argument) => HELP_FLAGS.includes(argument))
    if (asked || name === undefined) {
      const { formatCommandHelp, formatHelp } = await import("./help.js")
      const about = argv.find((argument) => !HELP_FLAGS.includes(argument))
      const text = about === undefined ? formatHelp() : (formatCommandHelp(about) ?? unknown(about))
      terminal[asked ? "out" : "err"](text)
      return asked ? EXIT.clean : EXIT.misuse
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (load === undefined) return unknown(name)
    const { command } = await load()
    return await command(rest, terminal)
  } catch (error) {
    // The system names the path and what it refuses: a place to mend, not a mistake of ours.
    const refused = isSystemError(error)
    const known = error instanceof Misuse || refused
    const message = refused ? formatSystemError(error) : error instanceof Error ? error.message : String(error)
    if (argv.includes("--json"))
      terminal.out(`${JSON.stringify({ error: { kind: known ? "misuse" : "bug", message } }, null, 2)}\n`)
    if (known) terminal.err(`fleetwire: ${message}\n`)
    else {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      terminal.err(
        `fleetwire: this is a bug of fleetwire. Please report it with the contract and this text:\n${stack}\n`,
      )
    }
    return EXIT.misuse
  }
}

function unknown(name: string): never {
  const near = nearest(name, Object.keys(COMMANDS))
  const known = `known are ${Object.keys(COMMANDS).join(", ")}`
  throw new Misuse(`there is no command \`${name}\`; ${near === undefined ? known : `is it \`${near}\`?`}`)
}
