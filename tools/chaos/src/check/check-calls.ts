import type { Court } from "./evidence.js"
import type { Violation } from "./promise.js"

/** What callers were told: once, by their own answer, and the truth. */
export function checkCalls(court: Court): Violation[] {
  return [...checkOutcomes(court), ...checkBroadcasts(court), ...checkTruth(court)]
}

function checkOutcomes(court: Court): Violation[] {
  const found: Violation[] = []
  for (const { actor, life, records, killedAt } of court.lives) {
    if (actor.kind !== "controller") continue
    const outcomes = court.all("outcome", records)
    for (const { call, id, device } of court.all("call", records)) {
      const own = outcomes.filter((one) => one.call === call)
      const what = `${actor.name}, life ${life}, call ${call} of ${id}`
      if (own.length > 1) {
        found.push({ promise: "one-outcome", text: `${what} ended ${own.length} times`, pending: false })
      } else if (own.length === 0 && killedAt === undefined) {
        found.push({ promise: "one-outcome", text: `${what} has not ended`, pending: true })
      }
      for (const one of own) {
        if (!one.ok || one.token === `${id} ${device}`) continue
        const text = `${what} to ${device} was answered "${one.token}"`
        if (own.length === 1) found.push({ promise: "own-answer", text, pending: false })
      }
    }
  }
  return found
}

function checkBroadcasts(court: Court): Violation[] {
  const found: Violation[] = []
  for (const { actor, life, records, killedAt } of court.lives) {
    if (actor.kind !== "controller") continue
    for (const { id } of court.all("broadcast", records)) {
      const what = `${actor.name}, life ${life}, broadcast ${id}`
      const ends = court.all("broadcast-end", records).filter((one) => one.id === id)
      if (ends.length > 1)
        found.push({ promise: "one-outcome", text: `${what} ended ${ends.length} times`, pending: false })
      if (ends.length === 0 && killedAt === undefined) {
        found.push({ promise: "one-outcome", text: `${what} has not ended`, pending: true })
      }
      const outcomes = court.all("broadcast-outcome", records).filter((one) => one.id === id)
      for (const device of court.devices) {
        const own = outcomes.filter((one) => one.device === device)
        if (own.length > 1) {
          const text = `${what} has ${own.length} outcomes for ${device}`
          found.push({ promise: "one-outcome", text, pending: false })
        }
      }
      for (const { device, kind, token } of outcomes) {
        if (kind !== "reply" || token === `${id} ${device}`) continue
        found.push({ promise: "own-answer", text: `${what}: ${device} answered "${token}"`, pending: false })
      }
    }
  }
  return found
}

function checkTruth(court: Court): Violation[] {
  const found: Violation[] = []
  const begins = court.all("begin").filter(({ safe }) => !safe)
  const calls = court.all("call")
  for (const outcome of court.all("outcome")) {
    const { by, life, call, id } = outcome
    const own = calls.find((one) => one.by === by && one.life === life && one.call === call)
    if (own === undefined) continue
    const ran = begins.find((one) => one.by === own.device && one.id === id)
    const same = calls.filter((one) => one.id === id && one !== own)
    if (outcome.ok) {
      if (ran !== undefined) continue
      found.push({
        promise: "own-answer",
        text: `${by}: ${id} succeeded, and ${own.device} never ran it`,
        pending: false,
      })
      continue
    }
    const what = `${by}, life ${life}, call ${call} of ${id}`
    // Another call under the same id may have been the one that ran.
    const others = ran !== undefined && same.some((one) => one.at < ran.at)
    if (!outcome.mayHaveRun && ran !== undefined && ran.at > own.at && !others) {
      const text = `${what}: ${outcome.code} says that it has not run, and ${own.device} ran it`
      found.push({ promise: "may-have-run", text, pending: false })
    }
    if (outcome.sent || same.length > 0) continue
    const seen = court.wire.find((one) => one.kind === "request" && one.id === id && one.at <= outcome.at)
    if (seen === undefined) continue
    const text = `${what}: ${outcome.code} says that it was not sent, and it was on the wire`
    found.push({ promise: "may-have-run", text, pending: false })
  }
  for (const { by, id, device, mayHaveRun, code } of court.all("broadcast-outcome")) {
    if (mayHaveRun !== false || !begins.some((one) => one.by === device && one.id === id)) continue
    const text = `${by}: broadcast ${id}: ${code} says that ${device} has not run it, and it has`
    found.push({ promise: "may-have-run", text, pending: false })
  }
  return found
}
