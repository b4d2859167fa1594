import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import type { Job, Order, Word } from "../actor/job.js"

/** One process of an actor. */
export interface ActorProcess {
  tell(order: Order): void
  /** Resolves once it has said the word. */
  said(word: Word): Promise<void>
  /** `kill -9`. */
  kill(): void
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly exited: Promise<number | string>
  /** What it wrote to its standard error. */
  readonly complaints: string
}

/** Processes that are loaded already and wait for a job, so that a restart takes no longer than a car's computer does. */
export interface ActorPool {
  start(job: Job): Promise<ActorProcess>
  close(): void
}

/** `module` is the bundled actor; `spare` processes wait at any time. */
export function createActorPool(module: string, spare: number): ActorPool {
  const waiting: PooledProcess[] = []
  let closed = false
  const refill = (): void => {
    while (!closed && waiting.length < spare) waiting.push(new PooledProcess(module))
  }
  refill()
  return {
    async start(job) {
      const one = waiting.shift() ?? new PooledProcess(module)
      refill()
      await one.said("loaded")
      one.write(job)
      return one
    },
    close() {
      closed = true
      for (const one of waiting.splice(0)) one.kill()
    },
  }
}

class PooledProcess implements ActorProcess {
  readonly exited: Promise<number | string>
  complaints = ""
  readonly #child: ChildProcess
  readonly #heard = new Map<Word, { readonly promise: Promise<void>; readonly resolve: () => void }>()

  constructor(module: string) {
    // Of MQTT.js and this module; the machine has other things to do than to compile them anew for every process.
    const child = spawn(process.execPath, ["--max-old-space-size=64", module], { stdio: ["pipe", "pipe", "pipe"] })
    this.#child = child
    child.stdin!.on("error", () => undefined)
    child.stderr!.on("data", (chunk) => {
      this.complaints += String(chunk)
    })
    createInterface({ input: child.stdout! }).on("line", (line) => this.#word(line as Word).resolve())
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve(code ?? signal ?? "unknown")
      })
    })
  }

  said(word: Word): Promise<void> {
    // Nobody shall wait for a word of the dead.
    return Promise.race([this.#word(word).promise, this.exited.then(() => undefined)])
  }

  tell(order: Order): void {
    if (order.kind === "look") this.#heard.delete("looked")
    this.write(order)
  }

  write(line: Job | Order): void {
    this.#child.stdin!.write(`${JSON.stringify(line)}\n`)
  }

  kill(): void {
    this.#child.kill("SIGKILL")
  }

  #word(word: Word) {
    let known = this.#heard.get(word)
    if (known === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      known = { promise, resolve }
      this.#heard.set(word, known)
    }
    return known
  }
}
