import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** A part of the fleet in a process of its own. */
export interface Child {
  readonly name: string
  readonly pid: number
  /** Resolves with the first match of a line that the process writes, past ones included. */
  line(pattern: RegExp, deadlineMs: number): Promise<RegExpExecArray>
  /** Dies at once, without a goodbye. */
  cut(): void
  /** Asks it to stop and waits; kills it when it has not by the deadline. */
  stop(deadlineMs: number): Promise<void>
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/**
 * Starts this program again in another role, as `node <this file> <role> …`. The child reads its standard input to the
 * end and then stops, so it never outlives us, however we end.
 */
export function startChild(name: string, args: readonly string[], onLine?: (line: string) => void): Child {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  })
  // A child that is gone already cannot be written to; its exit tells.
  child.stdin.on("error", () => {})
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const tell = (): void => {
    for (const look of waiting) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line)
      if (lines.length > 200) lines.shift()
      onLine?.(line)
      tell()
    })
  }
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("error", () => resolve({ code: null, signal: null }))
    child.once("close", (code, signal) => resolve({ code, signal }))
  })
  let gone = false
  exited.then(() => {
    gone = true
    tell()
  })
  return {
    name,
    pid: child.pid ?? 0,
    exited,
    cut: () => void child.kill("SIGKILL"),
    stop: (deadlineMs) => stopChild(child, exited, deadlineMs),
    line(pattern, deadlineMs) {
      return new Promise((resolve, reject) => {
        const finish = (act: () => void): void => {
          waiting.delete(look)
          clearTimeout(timer)
          act()
        }
        const look = (): void => {
          for (const line of lines) {
            const match = pattern.exec(line)
            if (match === null) continue
            finish(() => resolve(match))
            return
          }
          if (gone)
            finish(() => reject(new Error(`${name} ended early: ${lines.slice(-3).join(" / ") || "no output"}`)))
        }
        const timer = setTimeout(
          () =>
            finish(() =>
              reject(new Error(`${name} was not ready in ${deadlineMs} ms: ${lines.slice(-3).join(" / ")}`)),
            ),
          deadlineMs,
        )
        waiting.add(look)
        look()
      })
    },
  }
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>, deadlineMs: number): Promise<void> {
  child.kill("SIGTERM")
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs)
  await exited
  clearTimeout(timer)
}
