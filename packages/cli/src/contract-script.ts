import { constants, Script } from "node:vm"

/** How running a contract ended, where it did not end by itself. */
export type ScriptEnd = "never-ended" | "exited"

/** Contracts that run just now: what they may not touch is put back after the last. */
let running = 0
let restore: (() => void) | undefined

/** Thrown in place of ending the process. */
class ContractExit extends Error {
  override readonly name = "ContractExit"
}

let exits = 0

/**
 * Runs a script that may await, and gives up one that loops or waits longer than `deadlineMs`. What it prints goes to
 * standard error, where it spoils no output that programs read; what would end the process is refused.
 *
 * A loop behind an await is beyond the limit: the engine interrupts only what runs at once.
 */
export async function runContractScript(
  code: string,
  { filename, deadlineMs }: { readonly filename: string; readonly deadlineMs: number },
): Promise<ScriptEnd | undefined> {
  // On a line of its own, so that lines and columns are those of the bundle.
  const script = new Script(`(async () => { "use strict";\n${code}\n})()`, {
    filename,
    lineOffset: -1,
    // From Node 20.12 on: an import of a name that is only known when it runs.
    ...(constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER !== undefined && {
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }),
  })
  const before = exits
  enter()
  let timer: NodeJS.Timeout | undefined
  try {
    const deadline = new Promise<"never-ended">((resolve) => {
      timer = setTimeout(() => resolve("never-ended"), deadlineMs)
    })
    const ended = (script.runInThisContext({ timeout: deadlineMs }) as Promise<void>).then(() => undefined)
    const end = await Promise.race([ended, deadline])
    // A contract may swallow what was thrown at it: it still wanted to end the process.
    return end ?? (exits > before ? "exited" : undefined)
  } catch (error) {
    if (error instanceof ContractExit || exits > before) return "exited"
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "never-ended"
    throw error
  } finally {
    clearTimeout(timer)
    leave()
  }
}

function enter(): void {
  running += 1
  if (running > 1) return
  const { exit, exitCode } = process
  const { write } = process.stdout
  process.exit = () => {
    exits += 1
    throw new ContractExit("the contract ended the process")
  }
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write
  restore = () => {
    process.exit = exit
    process.exitCode = exitCode
    process.stdout.write = write
  }
}

function leave(): void {
  running -= 1
  if (running === 0) restore?.()
}
