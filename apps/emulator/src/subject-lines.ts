import type { Car } from "@fleetwire/iot-car/device"
import { type CommandContext, type ConfigContext, type ConnectOptions, isSdkError } from "@fleetwire/runtime"
import { parseLine, sayLine } from "./line-words.js"

/** Writes what a car does, and does what it is told, in the lines of the conformance kit (`schemas/scenarios/README.md`). */
export interface SubjectLines {
  readonly observer: NonNullable<ConnectOptions["observer"]>
  /** A command began. */
  ran(context: CommandContext): void
  /** A configuration was applied. */
  applied(config: unknown, context: ConfigContext): void
  /** Takes one line. */
  take(line: string, car: Car): void
}

/** Lines for one car. */
export function createSubjectLines(write: (text: string) => void): SubjectLines {
  const say = (...line: Parameters<typeof sayLine>): void => write(sayLine(...line))
  say("subject", { fleetwire: 1 })
  return {
    observer: {
      onState: (state) => say("state", { kind: state.kind }),
      onInvalid: ({ channel }) => say("invalid", { channel }),
      onUnroutable: ({ topic }) => say("unroutable", { topic: topic.replaceAll(/\s/g, "_") }),
      onDropped: ({ channel, cause, count }) => say("dropped", { channel, cause, count }),
    },
    ran: ({ id, safeAction, traceparent }) =>
      say("run", { channel: "drive", id: id.replaceAll(/\s/g, "_"), safe: safeAction ? 1 : undefined, traceparent }),
    applied: (config, { version, fleetVersion, restored }) =>
      say("applied", { channel: "config", version, fleet: fleetVersion, restored: restored ? 1 : 0 }, config),
    take(line, car) {
      const { verb, words, value } = parseLine(line)
      const ref = words.get("ref")
      const outcome = (done: Promise<void>): void => {
        done.then(
          () => say("outcome", { ref, ok: 1 }),
          (error: unknown) => say("outcome", { ref, code: isSdkError(error) ? error.code : "bug" }),
        )
      }
      const channel = words.get("channel") as "log" | "diagnostics" | "telemetry" | "battery"
      switch (verb) {
        case "counters": {
          const { dropped, ...counters } = car.counters
          say("counters", { ref }, { ...counters, dropped })
          break
        }
        case "publish":
          // The SDK checks what it is given.
          outcome(car[channel].publish(value as never))
          break
        case "clear":
          outcome(car.battery.clear())
          break
        case "close":
          outcome(car.close())
          break
        default:
          say("other", { verb })
      }
    },
  }
}
