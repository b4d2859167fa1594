import { spawn } from "node:child_process"

/** How a command ended. */
export interface CommandEnd {
  readonly ok: boolean
  /** Standard output and standard error as they came. */
  readonly output: string
  /** Standard output alone. */
  readonly stdout: string
}

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Milliseconds after which the command is killed. Default 5 minutes. */
  readonly timeoutMs?: number
}

/** Runs a command without a shell and collects what it says. Never rejects: a command that cannot start is not `ok`. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 300_000,
    })
    let output = ""
    let stdout = ""
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk
      output += chunk
    })
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk
    })
    child.on("error", (error) => resolve({ ok: false, output: `${output}${error.message}\n`, stdout }))
    child.on("close", (code, signal) => {
      if (signal !== null) output += `ended by ${signal}\n`
      resolve({ ok: code === 0, output, stdout })
    })
  })
}
