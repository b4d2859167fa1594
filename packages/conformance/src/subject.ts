import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import type { MqttVersion } from "./raw-client.js"
import { parseSubjectLine, type SubjectLine } from "./subject-line.js"

/** How a subject is to be started. */
export interface Launch {
  /** URL of the proxy, or of the broker where nothing is between. */
  readonly url: string
  readonly mqtt: MqttVersion
  /** Identity of a device; instance of a controller. */
  readonly identity: string
  /** Role of a controller. */
  readonly role?: string
  readonly prefix?: string
  /** File or folder that outlives the subject. */
  readonly store?: string
  readonly keepAliveSeconds?: number
  readonly spreadMs?: number
}

/** One run of a subject, from start to end. */
export interface Subject {
  readonly running: boolean
  /** Lines so far, in order. */
  readonly lines: readonly SubjectLine[]
  onLine(listener: (line: SubjectLine) => void): () => void
  tell(line: string): void
  /** SIGTERM: it says goodbye and ends. */
  terminate(): void
  /** SIGKILL. */
  kill(): void
  /** Resolves with the exit code; null after a signal. */
  readonly exited: Promise<number | null>
}

/** Starts a subject. */
export type StartSubject = (launch: Launch) => Promise<Subject>

/** Words that `--exec` may hold, and environment variables that every subject has. */
export function launchWords(launch: Launch): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(launch.url)
  return {
    url: launch.url,
    host: hostname,
    port,
    id: launch.identity,
    mqtt: launch.mqtt,
    role: launch.role ?? "",
    prefix: launch.prefix ?? "",
    store: launch.store ?? "",
    keepalive: `${launch.keepAliveSeconds ?? 30}`,
    spread: `${launch.spreadMs ?? 0}`,
  }
}

/** Puts the words of a launch into a command line, each as one argument of a shell. */
export function fillCommand(template: string, launch: Launch): string {
  const words = launchWords(launch)
  return template.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(words, name) ? quote(words[name]!) : whole,
  )
}

function quote(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** Starts subjects as processes, by a command line of the shell. */
export function execSubject(template: string, cwd: string): StartSubject {
  return async (launch) => {
    const env = Object.fromEntries(
      Object.entries(launchWords(launch)).map(([name, value]) => [`FLEETWIRE_${name.toUpperCase()}`, value]),
    )
    // `exec`: the process is the subject itself, not a shell around it, and signals reach it.
    const child = spawn("/bin/sh", ["-c", `exec ${fillCommand(template, launch)}`], {
      cwd,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    })
    return new ChildSubject(child)
  }
}

class ChildSubject implements Subject {
  readonly lines: SubjectLine[] = []
  readonly exited: Promise<number | null>
  running = true
  readonly #listeners = new Set<(line: SubjectLine) => void>()

  constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => {
      child.once("error", () => {
        this.running = false
        resolve(127)
      })
      child.once("close", (code) => {
        this.running = false
        resolve(code)
      })
    })
    for (const [name, stream] of [
      ["stdout", child.stdout],
      ["stderr", child.stderr],
    ] as const) {
      if (stream === null) continue
      createInterface({ input: stream }).on("line", (text) => {
        const line = name === "stderr" ? { verb: "stderr", words: {}, text } : parseSubjectLine(text)
        this.lines.push({ ...line, at: performance.now() })
        for (const listener of [...this.#listeners]) listener(this.lines.at(-1)!)
      })
    }
    child.stdin?.on("error", () => undefined)
  }

  onLine(listener: (line: SubjectLine) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  tell(line: string): void {
    if (this.child.stdin?.writable === true) this.child.stdin.write(`${line}\n`)
  }

  terminate(): void {
    this.child.kill("SIGTERM")
  }

  kill(): void {
    this.child.kill("SIGKILL")
  }
}
