import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Terminal } from "./terminal.js"
import { VERSION } from "./version.js"

type Command = (argv: readonly string[], terminal: Terminal) => Promise<ExitCode>

/** Sub-commands load only when they are called: `generate` never loads an MQTT client. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init.js")).init,
  check: async () => (await import("./check.js")).check,
  diff: async () => (await import("./diff.js")).diff,
  explain: async () => (await import("./explain.js")).explain,
  lock: async () => (await import("./lock.js")).lock,
  size: async () => (await import("./size.js")).size,
  import: async () => (await import("./import.js")).importDocument,
  generate: async () => (await import("./generate.js")).generate,
  send: async () => (await import("./send.js")).send,
  "broker-settings": async () => (await import("./broker-settings.js")).brokerSettings,
  doctor: async () => (await import("./doctor.js")).doctor,
  certs: async () => (await import("./certs.js")).certs,
  access: async () => (await import("./access.js")).access,
  call: async () => (await import("./call.js")).call,
  verify: async () => (await import("./verify.js")).verify,
  monitor: async () => (await import("./monitor.js")).monitor,
}

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
      const { HELP } = await import("./help.js")
      terminal[asked ? "out" : "err"](HELP)
      return asked ? EXIT.clean : EXIT.misuse
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) {
      throw new Misuse(`there is no command \`${name}\`; known are ${Object.keys(commands).join(", ")}`)
    }
    return await (await command())(rest, terminal)
  } catch (error) {
    // The system names the path and what it refuses: a place to mend, not a mistake of ours.
    if (error instanceof Misuse || isSystemError(error)) terminal.err(`fleetwire: ${error.message}\n`)
    else {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      terminal.err(
        `fleetwire: this is a bug of fleetwire. Please report it with the contract and this text:\n${stack}\n`,
      )
    }
    return EXIT.misuse
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === "number" && "path" in error
}
