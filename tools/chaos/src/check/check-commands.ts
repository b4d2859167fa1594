import type { Court } from "./evidence.js"
import type { Violation } from "./promise.js"

/** What devices did with commands: once, and a stop before everything else. */
export function checkCommands(court: Court): Violation[] {
  return [...checkOnce(court), ...checkStops(court)]
}

function checkOnce(court: Court): Violation[] {
  const found: Violation[] = []
  const outlives = court.plan.semantics.journal === "required"
  const begun = new Map<string, number[]>()
  for (const { by, life, id, safe } of court.all("begin")) {
    if (safe) continue
    const key = outlives ? `${by} ${id}` : `${by} ${id} in life ${life}`
    begun.set(key, [...(begun.get(key) ?? []), life])
  }
  for (const [key, lives] of begun) {
    if (lives.length < 2) continue
    const text = `${key} began ${lives.length} times, in lives ${lives.join(", ")}`
    found.push({ promise: "once", text, pending: false })
  }
  return found
}

function checkStops(court: Court): Violation[] {
  const found: Violation[] = []
  const stops = new Set(court.all("call").flatMap(({ id, action }) => (action === "stop" ? [id] : [])))
  for (const record of court.all("outcome")) {
    if (!stops.has(record.id) || record.ok || record.code !== "busy") continue
    found.push({ promise: "stop", text: `${record.by}: the stop ${record.id} ended as busy`, pending: false })
  }
  for (const { kind, id, device, text } of court.wire) {
    if (kind === "request" && text === "stop") stops.add(id)
    if (kind !== "reply" || !stops.has(id) || !text.startsWith("[busy")) continue
    found.push({ promise: "stop", text: `${device} refused the stop ${id}: ${text}`, pending: false })
  }
  for (const { actor, records } of court.lives) {
    if (actor.kind !== "device") continue
    const running = new Map<string, string>()
    let stoppedBy: string | undefined
    let spared: string[] = []
    for (const record of records) {
      if (record.what === "begin") {
        if (record.action === "stop") {
          stoppedBy = record.id
          spared = [...running.keys()]
        } else running.set(record.id, record.action)
      }
      if (record.what !== "end") continue
      running.delete(record.id)
      if (record.how === "aborted" || !spared.includes(record.id)) continue
      const text = `${actor.name}: ${record.id} ran to its end (${record.how}) although ${stoppedBy} had stopped it`
      found.push({ promise: "stop", text, pending: false })
    }
  }
  return found
}
