import { existsSync, openSync, readFileSync, writeSync } from "node:fs"

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

/** Lines of several files in order of time; a last line that was cut off is left out. */
export function readHistories(paths: readonly string[]): readonly HistoryRecord[] {
  const records = paths.flatMap((path) =>
    // A process that has only just been given its job has written nothing.
    (existsSync(path) ? readFileSync(path, "utf8") : "")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as HistoryRecord),
  )
  return records.sort((a, b) => a.at - b.at)
}
