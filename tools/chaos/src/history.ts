import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs"

/** Streams whose messages carry a number: a process's life and its place in it. */
export type Channel = "event" | "telemetry" | "state"

/** What happened, as the process that did it wrote it down. */
export type Happening =
  | { readonly what: "start" }
  | { readonly what: "state"; readonly state: string; readonly sessionPresent?: boolean }
  /** A publication was asked for, is in the device's store, was settled. */
  | { readonly what: "publish" | "kept"; readonly channel: Channel; readonly seq: number }
  | {
      readonly what: "published"
      readonly channel: Channel
      readonly seq: number
      readonly ok: boolean
      readonly code?: string
    }
  /** The handler of a command starts and ends. `safe`: it was not asked for. */
  | {
      readonly what: "begin"
      readonly id: string
      readonly action: string
      readonly broadcast: boolean
      readonly safe: boolean
    }
  | { readonly what: "end"; readonly id: string; readonly how: "done" | "threw" | "aborted"; readonly reason?: string }
  | { readonly what: "apply"; readonly version: number; readonly restored: boolean }
  | {
      readonly what: "call"
      readonly call: number
      readonly id: string
      readonly device: string
      readonly action: string
    }
  | ({ readonly what: "outcome"; readonly call: number; readonly id: string } & CallOutcome)
  | { readonly what: "late"; readonly id: string }
  | { readonly what: "broadcast" | "broadcast-end"; readonly id: string; readonly code?: string }
  | {
      readonly what: "broadcast-outcome"
      readonly id: string
      readonly device: string
      readonly kind: "reply" | "failure" | "silent"
      readonly token?: string
      readonly code?: string
      readonly mayHaveRun?: boolean
    }
  /** A stream's handler starts and ends. */
  | {
      readonly what: "receive" | "handled"
      readonly channel: Channel
      readonly device: string
      readonly seq: number
      readonly dup: boolean
      readonly retained: boolean
    }
  | { readonly what: "presence"; readonly device: string; readonly state: string }
  | {
      readonly what: "config-set" | "config-accepted"
      readonly device: string
      readonly version: number
      readonly ok: boolean
    }
  | { readonly what: "report"; readonly device: string; readonly version: number; readonly outcome: string }
  /** What somebody who connects only now is told. */
  | {
      readonly what: "view"
      readonly presence: Readonly<Record<string, string>>
      readonly states: Readonly<Record<string, number>>
    }
  /** Written by the one who runs everything. */
  | { readonly what: "killed" | "ended"; readonly name: string; readonly ofLife: number; readonly signal?: string }
  | { readonly what: "broker"; readonly how: "killed" | "stopped" | "up" | "paused" | "resumed" }
  | { readonly what: "fault"; readonly text: string }
  | { readonly what: "go" | "healed" }
  | { readonly what: "trouble"; readonly text: string }

export type CallOutcome =
  | { readonly ok: true; readonly token: string }
  | {
      readonly ok: false
      readonly code: string
      readonly origin: string
      readonly sent: boolean
      readonly mayHaveRun: boolean
    }

/** One line of a history. */
export type HistoryRecord = Happening & {
  /** Milliseconds on the machine's monotonic clock, which all its processes share. */
  readonly at: number
  readonly by: string
  readonly life: number
}

/** Milliseconds on the machine's monotonic clock. */
export function machineNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000
}

/** Writes down what a process does. A line is with the operating system before the call returns, so no kill takes it. */
export interface HistoryWriter {
  write(happening: Happening): void
}

export function openHistory(path: string, by: string, life: number): HistoryWriter {
  const file = openSync(path, "a")
  return {
    write(happening) {
      writeSync(file, `${JSON.stringify({ at: machineNow(), by, life, ...happening })}\n`)
    },
  }
}

/** Reads histories while they are written: each time only what is new, in order of time. */
export class HistoryReader {
  readonly #files = new Map<string, { offset: number; rest: Buffer }>()
  readonly #records: HistoryRecord[] = []

  /** Everything written so far to these files and to those of earlier calls. A last line that was cut off is left out. */
  read(paths: readonly string[]): readonly HistoryRecord[] {
    let grown = false
    for (const path of paths) {
      // A process that has only just been given its job has written nothing.
      if (!existsSync(path)) continue
      const file = this.#files.get(path) ?? { offset: 0, rest: Buffer.alloc(0) }
      this.#files.set(path, file)
      const fresh = readFrom(path, file.offset)
      if (fresh.length === 0) continue
      file.offset += fresh.length
      const octets = Buffer.concat([file.rest, fresh])
      const end = octets.lastIndexOf(0x0a)
      file.rest = octets.subarray(end + 1)
      for (const line of octets.toString("utf8", 0, Math.max(0, end)).split("\n")) {
        if (line !== "") this.#records.push(JSON.parse(line) as HistoryRecord)
      }
      grown = true
    }
    if (grown) this.#records.sort((a, b) => a.at - b.at)
    return this.#records
  }
}

function readFrom(path: string, offset: number): Buffer {
  const file = openSync(path, "r")
  try {
    const octets = Buffer.alloc(Math.max(0, fstatSync(file).size - offset))
    return octets.subarray(0, readSync(file, octets, 0, octets.length, offset))
  } finally {
    closeSync(file)
  }
}
