import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "./free-port.js"
import {
  type ListenerKind,
  type ListenerOptions,
  type MosquittoSettings,
  printMosquittoConfig,
} from "./mosquitto-config.js"
import { type MosquittoProcess, portsAnswer, spawnMosquitto } from "./mosquitto-process.js"
import { type MosquittoInstall, provideMosquitto } from "./provide-mosquitto.js"
import { unwatch, watch } from "./watchdog.js"

export interface StartOptions extends MosquittoSettings {
  /** Default: one `tcp` listener. A `tcp` listener is always there; it is added where none is asked for. */
  readonly listeners?: readonly ListenerOptions[]
  /** Default: `provideMosquitto()`. */
  readonly install?: MosquittoInstall
  /** Its own directory, kept after `stop`. Default: a temporary one, removed by `stop`. */
  readonly directory?: string
  /** Address that the listeners bind. Default `127.0.0.1`. */
  readonly bind?: string
  /** Milliseconds until every listener must answer. Default 10 000. */
  readonly startTimeoutMs?: number
}

/** A running listener. */
export interface Listener {
  readonly kind: ListenerKind
  readonly port: number
  /** Such as `mqtts://127.0.0.1:40123`. */
  readonly url: string
}

/** A Mosquitto of our own: own process, own directory, own loopback ports. */
export interface Mosquitto {
  readonly install: MosquittoInstall
  readonly directory: string
  readonly listeners: readonly Listener[]
  /** URL of the first plain TCP listener. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly running: boolean
  /** Everything logged so far, over all runs; at most the last 20 000 lines. */
  readonly log: readonly string[]
  /** URL of the first listener of that kind; throws where there is none. */
  urlOf(kind: ListenerKind): string
  /** Ends it in an orderly way (it saves what it persists) and removes a temporary directory. Safe to call again. */
  stop(): Promise<void>
  /** kill -9: nothing is saved that was not saved before. The directory stays for `restart`. */
  kill(): Promise<void>
  /** SIGSTOP: the process stands still, its connections stay open. */
  pause(): Promise<void>
  /** SIGCONT after `pause`. */
  resume(): Promise<void>
  /** Starts it again on the same ports and directory, after an orderly end where it still runs. */
  restart(changes?: MosquittoSettings): Promise<void>
  /** Lets this process end while the broker runs; it is then killed. */
  unref(): void
}

const SCHEMES: Readonly<Record<ListenerKind, string>> = { tcp: "mqtt", tls: "mqtts", ws: "ws", wss: "wss" }
const LOG_LINES = 20_000
const PORT_TRIES = 5

/** Starts a Mosquitto and resolves once every listener answers. Rejects with its last log lines when it does not. */
export async function startMosquitto(options: StartOptions = {}): Promise<Mosquitto> {
  const install = options.install ?? (await provideMosquitto())
  for (let attempt = 1; ; attempt += 1) {
    const broker = await MosquittoServer.create(install, options)
    try {
      await broker.start()
      return broker
    } catch (error) {
      await broker.stop()
      const taken = broker.log.some((line) => line.includes("Address already in use"))
      if (!taken || attempt === PORT_TRIES) throw error
    }
  }
}

class MosquittoServer implements Mosquitto {
  readonly log: string[] = []
  #run: MosquittoProcess | undefined
  #settings: MosquittoSettings
  #unref = false

  private constructor(
    readonly install: MosquittoInstall,
    readonly directory: string,
    readonly listeners: readonly (Listener & ListenerOptions)[],
    private readonly options: StartOptions,
  ) {
    this.#settings = options
  }

  static async create(install: MosquittoInstall, options: StartOptions): Promise<MosquittoServer> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "fleetwire-mosquitto-")))
    if (options.directory === undefined) watch(`dir:${directory}`)
    const wanted = [...(options.listeners ?? [])]
    // Mosquitto 2.0.11 ends at once when all of its listeners are WebSocket ones.
    if (!wanted.some((listener) => listener.kind === "tcp")) wanted.unshift({ kind: "tcp" })
    const listeners: (Listener & ListenerOptions)[] = []
    for (const listener of wanted) {
      const port = listener.port ?? (await freePort())
      listeners.push({ ...listener, port, url: `${SCHEMES[listener.kind]}://127.0.0.1:${port}` })
    }
    return new MosquittoServer(install, directory, listeners, options)
  }

  get url(): string {
    return this.urlOf("tcp")
  }

  get port(): number {
    return this.listeners.find((listener) => listener.kind === "tcp")!.port
  }

  get pid(): number {
    return this.#run?.pid ?? 0
  }

  get running(): boolean {
    return this.#run?.running ?? false
  }

  urlOf(kind: ListenerKind): string {
    const listener = this.listeners.find((each) => each.kind === kind)
    if (listener === undefined) throw new Error(`this broker has no ${kind} listener`)
    return listener.url
  }

  async start(): Promise<void> {
    const files = printMosquittoConfig({
      directory: this.directory,
      settings: this.#settings,
      listeners: this.listeners,
      bind: this.options.bind ?? "127.0.0.1",
      // As root Mosquitto would change to a user that does not exist here or may not read the directory.
      ...(process.getuid?.() === 0 ? { user: "root" } : {}),
      ...(this.install.dynamicSecurity === undefined ? {} : { dynamicSecurityPlugin: this.install.dynamicSecurity }),
    })
    for (const [name, text] of files) {
      // The plugin writes its own file: a restart keeps it.
      const flag = name === "dynamic-security.json" ? "wx" : "w"
      await writeFile(join(this.directory, name), text, { mode: 0o600, flag }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error
      })
    }
    const run = spawnMosquitto(this.install, this.directory, (line) => {
      this.log.push(line)
      if (this.log.length > LOG_LINES) this.log.splice(0, LOG_LINES / 2)
    })
    this.#run = run
    if (this.#unref) run.unref()
    const ports = this.listeners.map((listener) => listener.port)
    if (await portsAnswer(ports, run, this.options.startTimeoutMs ?? 10_000)) return
    await run.signal("SIGKILL")
    await run.exited
    throw new Error(`mosquitto did not start: ${this.log.slice(-3).join(" | ")}`)
  }

  async stop(): Promise<void> {
    await this.#end()
    if (this.options.directory !== undefined) return
    await rm(this.directory, { recursive: true, force: true })
    unwatch(`dir:${this.directory}`)
  }

  async kill(): Promise<void> {
    await this.#run?.signal("SIGKILL")
    await this.#run?.exited
  }

  async pause(): Promise<void> {
    await this.#run?.signal("SIGSTOP")
  }

  async resume(): Promise<void> {
    await this.#run?.signal("SIGCONT")
  }

  async restart(changes: MosquittoSettings = {}): Promise<void> {
    await this.#end()
    this.#settings = { ...this.#settings, ...changes }
    await this.start()
  }

  unref(): void {
    this.#unref = true
    this.#run?.unref()
  }

  async #end(): Promise<void> {
    const run = this.#run
    if (run === undefined || !run.running) return
    await run.signal("SIGCONT")
    await run.signal("SIGTERM")
    const late = setTimeout(() => void run.signal("SIGKILL"), 3000)
    await run.exited
    clearTimeout(late)
  }
}
