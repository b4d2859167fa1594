import { type ChildProcess, spawn } from "node:child_process"
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import type { MosquittoInstall } from "./provide-mosquitto.js"
import { runCommand } from "./run-command.js"
import { unwatch, watch } from "./watchdog.js"

/** One run of the broker's program, from start to exit. */
export interface MosquittoProcess {
  readonly pid: number
  /** Resolves with the exit code (null after a signal) once it has ended. */
  readonly exited: Promise<number | null>
  readonly running: boolean
  signal(name: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGHUP"): Promise<void>
  /** Lets this process end while the broker runs; it is then killed. */
  unref(): void
}

/** Starts the program in its directory and gives every line that it logs to `onLine`. */
export function spawnMosquitto(
  install: MosquittoInstall,
  directory: string,
  onLine: (line: string) => void,
): MosquittoProcess {
  const container = install.kind === "docker" ? `fleetwire-${process.pid}-${Date.now().toString(36)}` : undefined
  const child =
    container === undefined
      ? spawn(install.broker, ["-c", `${directory}/mosquitto.conf`], {
          cwd: directory,
          env: { ...process.env, ...install.env },
          stdio: ["ignore", "ignore", "pipe"],
        })
      : spawn("docker", dockerArguments(install.broker, container, directory), { stdio: ["ignore", "ignore", "pipe"] })
  const item = container === undefined ? (`pid:${child.pid ?? 0}` as const) : (`docker:${container}` as const)
  if (child.pid !== undefined) watch(item)
  readLines(child, onLine)
  let running = child.pid !== undefined
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      onLine(`cannot start ${install.broker}: ${error.message}`)
      running = false
      resolve(null)
    })
    child.once("exit", (code) => {
      running = false
      unwatch(item)
      resolve(code)
    })
  })
  return {
    pid: child.pid ?? 0,
    exited,
    get running() {
      return running
    },
    async signal(name) {
      if (!running) return
      if (container === undefined) child.kill(name)
      else await runCommand("docker", ["kill", "--signal", name, container])
    },
    unref() {
      child.unref()
      const pipe = child.stderr as unknown as { unref?: () => void } | null
      pipe?.unref?.()
    },
  }
}

function dockerArguments(image: string, name: string, directory: string): string[] {
  const user = process.getuid === undefined ? [] : ["--user", `${process.getuid()}`]
  const mount = ["--volume", `${directory}:${directory}`, "--workdir", directory]
  const program = ["mosquitto", "-c", `${directory}/mosquitto.conf`]
  return ["run", "--rm", "--name", name, "--network", "host", ...user, ...mount, image, ...program]
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = ""
  child.stderr?.setEncoding("utf8")
  child.stderr?.on("data", (text: string) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) onLine(line)
  })
}

/** Waits until every port accepts a connection. False when the process ended first or the time ran out. */
export async function portsAnswer(
  ports: readonly number[],
  run: MosquittoProcess,
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (!run.running || performance.now() > end) return false
      await sleep(5)
    }
  }
  return run.running
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once("connect", () => done(true))
    socket.once("error", () => done(false))
    socket.setTimeout(1000, () => done(false))
  })
}
