import type { Court } from "./evidence.js"
import type { Violation } from "./promise.js"

/** What is known of a device at the end: whether it is there, its state, its config. */
export function checkRetained(court: Court): Violation[] {
  return court.devices.flatMap((device) => [
    ...checkPresence(court, device),
    ...checkState(court, device),
    ...checkConfig(court, device),
  ])
}

function checkPresence(court: Court, device: string): Violation[] {
  const found: Violation[] = []
  const wanted = court.isGone(device) ? "offline" : "online"
  for (const { actor, records, killedAt } of court.lives) {
    if (actor.kind !== "controller" || killedAt !== undefined) continue
    const told = court.all("presence", records).findLast((one) => one.device === device)?.state ?? "unknown"
    if (told === wanted) continue
    found.push({
      promise: "presence",
      text: `${actor.name} takes ${device} to be ${told}, not ${wanted}`,
      pending: true,
    })
  }
  for (const { presence } of court.all("view").slice(-1)) {
    const told = presence[device] ?? "unknown"
    if (told === wanted) continue
    const text = `who connects anew takes ${device} to be ${told}, not ${wanted}`
    found.push({ promise: "presence", text, pending: true })
  }
  return found
}

function checkState(court: Court, device: string): Violation[] {
  const settled = court.by(device, "published").filter(({ channel, ok }) => channel === "state" && ok)
  const last = settled.at(-1)
  if (last === undefined) return []
  const ofThisLife = last.life === court.lastLife(device)?.life && court.isAlive(device)
  // A new process does not know what the old one said.
  if (!ofThisLife && court.all("broker").some(({ how }) => how === "killed")) return []
  // What was asked for later may have arrived, or may not.
  const later = court.by(device, "publish").filter(({ channel, seq }) => channel === "state" && seq > last.seq)
  const allowed = new Set([last.seq, ...later.map(({ seq }) => seq)].map((seq) => seq % 101))
  const words = `${[...allowed].join(" or ")} (said as ${last.seq})`
  const found: Violation[] = []
  if (court.isAlive("one")) {
    const read = court.by("one", "receive").findLast((one) => one.channel === "state" && one.device === device)?.seq
    if (read === undefined || !allowed.has(read)) {
      const text = `the reader takes the state of ${device} to be ${read}, not ${words}`
      found.push({ promise: "state", text, pending: true })
    }
  }
  for (const { states } of court.all("view").slice(-1)) {
    const read = states[device]
    if (read !== undefined && allowed.has(read)) continue
    const text = `who connects anew takes the state of ${device} to be ${read}, not ${words}`
    found.push({ promise: "state", text, pending: true })
  }
  return found
}

function checkConfig(court: Court, device: string): Violation[] {
  const found: Violation[] = []
  const { journal, durableOutbox } = court.plan.semantics
  const outlives = journal === "required" || durableOutbox
  const reports = court.wire.filter((one) => one.kind === "report" && one.device === device && one.text === "applied")
  let before: { readonly version: number; readonly life: number } | undefined
  for (const { version, life, at } of court.by(device, "apply")) {
    if (before?.life === life && version <= before.version) {
      const text = `${device}, life ${life}, applied version ${version} after ${before.version}`
      found.push({ promise: "config", text, pending: false })
    }
    // Killed before it could write down what it had applied, it takes up what it had before; what it reported it had.
    const reported = Math.max(0, ...reports.filter((one) => one.at < at).map(({ id }) => Number(id)))
    if (before !== undefined && before.life !== life && outlives && version < reported) {
      const text = `${device}, life ${life}, applied version ${version} although ${reported} was reported`
      found.push({ promise: "config", text, pending: false })
    }
    before = { version, life }
  }
  if (!court.isAlive(device)) return found
  const accepted = court.all("config-accepted").filter((one) => one.device === device && one.ok)
  const wanted = accepted.reduce<(typeof accepted)[number] | undefined>(
    (best, one) => (best === undefined || one.version > best.version ? one : best),
    undefined,
  )
  if (wanted === undefined || court.brokerLost(wanted.at)) return found
  const applied = court.by(device, "apply").filter(({ life }) => life === court.lastLife(device)?.life)
  const highest = Math.max(0, ...applied.map(({ version }) => version))
  if (highest < wanted.version) {
    const text = `${device} has applied version ${highest}, and ${wanted.version} was set`
    found.push({ promise: "config", text, pending: true })
  }
  return found
}
