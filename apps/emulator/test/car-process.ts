import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** A program under test, with the lines it wrote. */
export interface Program {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Resolves with the first line that fits, past ones included. */
  line(fits: (line: string) => boolean, deadlineMs?: number): Promise<string>
  /** Lines from now on that fit, in order, once there are `count` of them. */
  next(count: number, fits: (line: string) => boolean, deadlineMs?: number): Promise<readonly string[]>
  readonly exited: Promise<number | null>
}

/** Starts a program and reads its lines. */
export function startProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(file, [...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } })
  const lines: string[] = []
  const looking = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line)
      for (const look of looking) look()
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)))

  const until = <T>(found: () => T | undefined, deadlineMs: number): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const value = found()
        if (value === undefined) return
        clearTimeout(timer)
        looking.delete(look)
        resolve(value)
      }
      const timer = setTimeout(() => {
        looking.delete(look)
        reject(new Error(`not in ${deadlineMs} ms; last lines: ${lines.slice(-5).join(" | ")}`))
      }, deadlineMs)
      looking.add(look)
      look()
    })

  return {
    child,
    lines,
    exited,
    line: (fits, deadlineMs = 15_000) => until(() => lines.find(fits), deadlineMs),
    next(count, fits, deadlineMs = 15_000) {
      const from = lines.length
      return until(() => {
        const found = lines.slice(from).filter(fits)
        return found.length >= count ? found.slice(0, count) : undefined
      }, deadlineMs)
    },
  }
}
