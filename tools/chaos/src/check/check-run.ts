import { checkCalls } from "./check-calls.js"
import { checkCommands } from "./check-commands.js"
import { checkRetained } from "./check-retained.js"
import { checkStreams } from "./check-streams.js"
import { Court, type Evidence } from "./evidence.js"
import type { Promised, Violation } from "./promise.js"

/** Every promise that this run did not keep; `pending` ones may still be kept while it lasts. */
export function checkRun(evidence: Evidence): readonly Violation[] {
  const court = new Court(evidence)
  return [
    ...checkProcesses(court),
    ...checkCommands(court),
    ...checkCalls(court),
    ...checkStreams(court),
    ...checkRetained(court),
  ]
}

function checkProcesses(court: Court): Violation[] {
  const found: Violation[] = []
  for (const { by, life, text } of court.all("trouble")) {
    found.push({ promise: "crash", text: `${by}, life ${life}: ${text}`, pending: false })
  }
  for (const { name, ofLife, signal } of court.all("ended")) {
    found.push({ promise: "crash", text: `${name}, life ${ofLife}, ended by itself: ${signal}`, pending: false })
  }
  for (const { name } of court.plan.actors) {
    const last = court.lastLife(name)
    if (court.isGone(name)) continue
    const state = court.all("state", last?.records ?? []).at(-1)?.state
    if (last?.killedAt !== undefined || state !== "ready") {
      const words = last?.killedAt === undefined ? `is ${state ?? "not started"}` : "is not back"
      found.push({ promise: "recovery", text: `${name} ${words}`, pending: true })
    }
  }
  return found
}

/** A line for each violation. */
export function printViolations(violations: readonly { promise: Promised; text: string }[]): string {
  return violations.map(({ promise, text }) => `${promise}: ${text}`).join("\n")
}
