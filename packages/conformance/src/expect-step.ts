import { profileSample } from "./profile.js"
import { readReply } from "./reply-words.js"
import { type Heard, type RunContext, StepFailure } from "./run-context.js"
import type { ExpectStep } from "./scenario.js"
import { matchesAll } from "./wire-match.js"

const WITHIN_MS = 5_000

/** The kit hears what it must. */
export async function runExpect(run: RunContext, step: ExpectStep): Promise<void> {
  const count = step.count ?? 1
  const within = step.within ?? WITHIN_MS
  const end = performance.now() + within
  for (let turn = 1; turn <= count; turn += 1) {
    const found = await run.until(() => take(run, step), Math.max(0, end - performance.now()))
    if (found === undefined)
      throw new StepFailure(`${wordsOf(run, step)} did not come within ${within} ms${nearMiss(run, step)}`)
    if (step.as !== undefined) {
      run.payloads.set(step.as, found.message.payload)
      run.remembered.set(step.as, found)
      if (found.id !== undefined) run.ids.set(step.as, found.id)
    }
  }
}

/** The kit hears nothing of that kind for a while. */
export async function runSilence(run: RunContext, step: ExpectStep & { readonly ms: number }): Promise<void> {
  const found = await run.until(() => take(run, step), step.ms)
  if (found !== undefined) throw new StepFailure(`${wordsOf(run, step)} came, and must not: ${show(found)}`)
}

/** Every message of a leg has a value of its own in that field. */
export function runDistinct(run: RunContext, step: { readonly leg: string; readonly field: string }): void {
  const leg = run.leg(step.leg)
  const seen = new Set<string>()
  for (const heard of run.heard) {
    if (heard.leg?.id !== leg.id || !heard.decoded.ok || heard.decoded.value === undefined) continue
    const value =
      step.field === "$id"
        ? String(heard.id)
        : JSON.stringify((heard.decoded.value as Record<string, unknown>)[step.field])
    if (seen.has(value)) throw new StepFailure(`two messages of ${leg.id} have ${step.field} = ${value}`)
    seen.add(value)
  }
}

/** Everything that was heard from the subject fits the contract. */
export function runValid(run: RunContext, step: { readonly least?: number }): void {
  const own = run.heard.filter(({ leg, device }) => {
    if (leg === undefined) return false
    return run.setting.scenario.side === "device"
      ? leg.leg.from === "device" && device === run.setting.device
      : leg.leg.from === "controller"
  })
  if (own.length < (step.least ?? 1))
    throw new StepFailure(`only ${own.length} messages came, at least ${step.least ?? 1} were needed`)
  const bad = own.find(({ decoded }) => !decoded.ok)
  if (bad !== undefined && !bad.decoded.ok)
    throw new StepFailure(`what it sent does not fit the contract: ${bad.decoded.why}; ${show(bad)}`)
}

function take(run: RunContext, step: ExpectStep): Heard | undefined {
  const found = run.heard.find((heard) => (step.all === true || !heard.consumed) && fits(run, heard, step))
  if (found !== undefined) found.consumed = true
  return found
}

function fits(run: RunContext, heard: Heard, step: ExpectStep): boolean {
  const leg = run.leg(step.leg)
  const { view } = run.setting
  // A broadcast that is served as a command is answered on the command's reply topic.
  if (heard.leg === undefined || (heard.leg.id !== leg.id && heard.leg.leg.topic !== leg.leg.topic)) return false
  if (heard.device !== undefined && step.device !== "any" && heard.device !== run.deviceNamed(step.device)) return false
  if (step.empty === true) return heard.message.payload.length === 0
  if (heard.message.payload.length === 0) return false
  if (step.same !== undefined && !heard.message.payload.equals(run.payloads.get(step.same) ?? Buffer.alloc(0)))
    return false
  if (step.differs !== undefined && heard.message.payload.equals(run.payloads.get(step.differs) ?? Buffer.alloc(0)))
    return false
  if (!heard.decoded.ok) return false
  if (step.longId === true && (heard.id?.length ?? 0) < 16) return false
  if (step.hasDefaults === true && !hasDefaults(run, heard)) return false
  if (step.for !== undefined && heard.id !== run.id(step.for)) return false
  if (step.correlation !== undefined && String(heard.message.properties.correlationData) !== run.id(step.correlation))
    return false
  if (step.retained !== undefined && heard.message.retain !== step.retained) return false
  if (step.qos !== undefined && heard.message.qos !== step.qos) return false
  if (
    step.correlated === true &&
    run.setting.mqtt === "5" &&
    String(heard.message.properties.correlationData) !== heard.id
  )
    return false
  if (!matchesAll(heard.decoded.value, versioned(run, leg.channel.kind, step.where))) return false
  if (!matchesAll(heard.message.properties, step.properties)) return false
  if (step.outcome !== undefined || step.code !== undefined || step.retryAfter !== undefined) {
    if (leg.channel.kind === "presence")
      return matchesPresence(leg.channel, heard.decoded.value, step.outcome === "success")
    const words = readReply(view.semantics(leg.channel)!, heard.decoded.value)
    if (words === undefined) return true
    if (step.outcome !== undefined && words.outcome !== step.outcome) return false
    if (step.retryAfter === true && words.retryAfterMs === undefined) return false
    if (step.code !== undefined && ![step.code].flat().includes(words.code ?? "")) return false
  }
  return true
}

/** Versions of a configuration are counted from where the device is. */
function versioned(run: RunContext, kind: string, where: ExpectStep["where"]): ExpectStep["where"] {
  const { versionBase } = run.setting
  if (kind !== "config" || where === undefined || versionBase === 0) return where
  return Object.fromEntries(
    Object.entries(where).map(([name, pattern]) => [
      name,
      /version$/.test(name) && typeof pattern === "number" && pattern > 0 ? pattern + versionBase : pattern,
    ]),
  )
}

/** Whether the JSON of a message holds a field that has a default, which nobody gave. */
function hasDefaults(run: RunContext, heard: Heard): boolean {
  const fields = run.setting.view.objectOf(heard.leg!)?.fields ?? []
  const written = Object.keys(JSON.parse(heard.message.payload.toString("utf8")) as object)
  const given = Object.keys((profileSample(run.setting.profile, heard.leg!.channel, "quick") ?? {}) as object)
  return fields.some(
    (field) => field.default !== undefined && written.includes(field.name) && !given.includes(field.name),
  )
}

/** Whether a presence message says online, or offline. */
export function matchesPresence(
  channel: { readonly online: unknown; readonly offline: unknown },
  value: unknown,
  online: boolean,
): boolean {
  const words = online ? channel.online : channel.offline
  if (typeof words !== "object" || words === null) return value === words
  return Object.entries(words).every(([name, want]) => (value as Record<string, unknown> | undefined)?.[name] === want)
}

function wordsOf(run: RunContext, step: ExpectStep): string {
  const leg = run.leg(step.leg)
  const parts = [leg.id]
  if (step.for !== undefined) parts.push(`for ${run.id(step.for)}`)
  if (step.outcome !== undefined)
    parts.push(leg.channel.kind === "presence" ? (step.outcome === "success" ? "online" : "offline") : step.outcome)
  if (step.code !== undefined) parts.push([step.code].flat().join(" or "))
  if (step.where !== undefined) parts.push(JSON.stringify(step.where))
  if (step.same !== undefined) parts.push(`with the octets of "${step.same}"`)
  if (step.retained !== undefined) parts.push(step.retained ? "retained" : "not retained")
  if (step.retryAfter === true) parts.push("with a time to come again")
  if (step.correlated === true && run.setting.mqtt === "5") parts.push("with the request's Correlation Data")
  if (step.empty === true) parts.push("without a payload")
  if (step.properties !== undefined) parts.push(JSON.stringify(step.properties))
  return parts.join(" ")
}

/** What came on the leg instead, for the report. */
function nearMiss(run: RunContext, step: ExpectStep): string {
  const leg = run.leg(step.leg)
  const others = run.heard.filter((heard) => heard.leg?.leg.topic === leg.leg.topic && !heard.consumed).slice(-2)
  return others.length === 0 ? "" : `; instead came ${others.map(show).join(" and ")}`
}

function show(heard: Heard): string {
  const { topic, payload, retain, qos } = heard.message
  const why = heard.decoded.ok ? "" : ` (${heard.decoded.why})`
  return `${topic} qos=${qos}${retain ? " retained" : ""} ${payload.toString("utf8").slice(0, 160)}${why}`
}
