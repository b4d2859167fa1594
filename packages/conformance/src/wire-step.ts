import type { LabPacket } from "@fleetwire/broker-lab"
import type { IConnectPacket, IPublishPacket, ISubscribePacket } from "mqtt-packet"
import { fitsDeclaration } from "./declared-match.js"
import { matchesPresence } from "./expect-step.js"
import { numberField } from "./number-field.js"
import { NotObservable, type RunContext, StepFailure } from "./run-context.js"
import type { FaultStep, WireStep } from "./scenario.js"
import { isFrom, matchesAll, type PacketMatcher } from "./wire-match.js"

const WITHIN_MS = 5_000

/** What was on the subject's wire. */
export async function runWire(run: RunContext, step: WireStep): Promise<void> {
  const { proxy } = run.setting.bench
  if (proxy === undefined && step.attached === "skip") return
  if (proxy === undefined) throw new NotObservable("the subject does not come through the kit's proxy")
  const mark = step.since === undefined ? undefined : run.marks.get(step.since)
  if (step.since !== undefined && mark === undefined) throw new Error(`no mark ${step.since}`)
  const packets = (): readonly LabPacket[] => (mark === undefined ? proxy.log : proxy.log.slice(mark.packets))
  const must = step.within ?? WITHIN_MS
  if (step.sequence !== undefined) {
    const { sequence } = step
    const held = await run.until(() => (missingOf(run, sequence, packets()) === undefined ? true : undefined), must)
    if (held === undefined)
      throw new StepFailure(
        `on the wire there was no ${showMatcher(missingOf(run, sequence, packets())!)} in its place`,
      )
  }
  if (step.count !== undefined) {
    const { of, exactly, atLeast = exactly, atMost = exactly } = step.count
    const number = () => packets().filter((packet) => matchesPacket(run, packet, of)).length
    if (atLeast !== undefined) await run.until(() => (number() >= atLeast ? true : undefined), must)
    else if (step.within !== undefined) await run.until(() => undefined, step.within)
    const found = number()
    if ((atLeast !== undefined && found < atLeast) || (atMost !== undefined && found > atMost))
      throw new StepFailure(
        `${found} of ${showMatcher(of)}, not ${exactly ?? (atLeast !== undefined ? `at least ${atLeast}` : `at most ${atMost}`)}`,
      )
  }
  if (step.order !== undefined) {
    const { earlier, later } = step.order
    const came = await run.until(() => packets().find((packet) => matchesPacket(run, packet, later)), must)
    if (came === undefined && step.optional === true) return
    if (came === undefined) throw new StepFailure(`on the wire there was no ${showMatcher(later)}`)
    const log = packets()
    const first = log.findIndex((packet) => matchesPacket(run, packet, earlier))
    const early = log.findIndex((packet) => matchesPacket(run, packet, later))
    if (first < 0 || early < first)
      throw new StepFailure(`${showMatcher(later)} came before ${showMatcher(earlier)}: ${log[early]}`)
  }
  if (step.numbered !== undefined) await runNumbered(run, step.numbered, must)
  if (step.sessionsPair !== undefined) runSessions(run, step.sessionsPair, packets())
  if (step.redelivered !== undefined) {
    const { leg, for: id } = step.redelivered
    const held = await run.until(
      () => (isRedelivered(run, packets(), { from: "subject", cmd: "publish", leg, for: id }) ? true : undefined),
      must,
    )
    if (held === undefined)
      throw new StepFailure(`${leg} for ${run.id(id)} was not sent again with the same identifier and DUP 1`)
  }
  if (step.spread !== undefined) {
    const { of, count, least, most } = step.spread
    const times = () =>
      packets()
        .filter((packet) => matchesPacket(run, packet, of))
        .map(({ at }) => at)
        .slice(0, count)
    const began = mark?.at ?? 0
    const all = await run.until(() => (times().length >= count ? times() : undefined), most)
    if (all === undefined)
      throw new StepFailure(`within ${most} ms there were ${times().length} of ${showMatcher(of)}, not ${count}`)
    const width = all.at(-1)! - all[0]!
    if (width < least || all.at(-1)! - began > most)
      throw new StepFailure(`${count} of ${showMatcher(of)} came within ${Math.round(width)} ms of each other`)
  }
  if (step.silenceBelow !== undefined) {
    const times = packets()
      .filter(({ direction }) => direction === "to-broker")
      .map(({ at }) => at)
    const all = [mark?.at ?? times[0] ?? 0, ...times, performance.now()]
    const longest = Math.max(...all.slice(1).map((at, index) => at - all[index]!))
    if (longest > step.silenceBelow)
      throw new StepFailure(`it was silent for ${Math.round(longest)} ms, at most ${step.silenceBelow} are allowed`)
  }
  if (step.never !== undefined) {
    const found = await run.until(
      () => packets().find((packet) => matchesPacket(run, packet, step.never!)),
      step.within ?? 0,
    )
    if (found !== undefined) throw new StepFailure(`on the wire there was, and must not be: ${found}`)
  }
  if (step.every !== undefined) {
    const { of, is } = step.every
    const all = packets().filter((packet) => matchesPacket(run, packet, of))
    if (all.length === 0) throw new NotObservable(`there was no ${showMatcher(of)} to look at`)
    const bad = all.find((packet) => !matchesPacket(run, packet, is))
    if (bad !== undefined) throw new StepFailure(`it is not ${showMatcher(is)}: ${bad}`)
  }
  if (step.perSecond !== undefined) {
    const times = packets()
      .filter((packet) => matchesPacket(run, packet, step.perSecond!.of))
      .map(({ at }) => at)
    const most = Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 950).length))
    if (most > step.perSecond.atMost)
      throw new StepFailure(
        `${most} of ${showMatcher(step.perSecond.of)} in one second, at most ${step.perSecond.atMost} are allowed`,
      )
  }
}

/** Numbered messages of the subject arrived; what arrives again is no harm. */
async function runNumbered(run: RunContext, step: NonNullable<WireStep["numbered"]>, within: number): Promise<void> {
  const leg = run.leg(step.leg)
  const field = numberField(run, leg)
  const firsts = (): readonly string[] => [
    ...new Set(
      run.heard.flatMap((heard) => {
        const value =
          heard.leg?.id === leg.id && heard.decoded.ok
            ? (heard.decoded.value as Record<string, unknown> | undefined)?.[field]
            : undefined
        return typeof value === "string" && value.startsWith("kit-") ? [value] : []
      }),
    ),
  ]
  const wanted = Array.from({ length: step.count }, (_, index) => `kit-${index + 1}`)
  const all = await run.until(() => (wanted.every((each) => firsts().includes(each)) ? true : undefined), within)
  if (all === undefined)
    throw new StepFailure(`of ${step.count} messages on ${leg.id} these arrived: ${firsts().join(", ") || "none"}`)
  if (step.inOrder === true && firsts().join() !== wanted.join())
    throw new StepFailure(`messages on ${leg.id} came for the first time in the order ${firsts().join(", ")}`)
}

/** P-1, P-4: the number of a will is that of the birth on its connection, and new for each. */
function runSessions(run: RunContext, name: string, packets: readonly LabPacket[]): void {
  const leg = run.leg(name)
  const field = run.setting.view.fieldWith(leg, "session")!.name
  const numberOf = (payload: Uint8Array | string): unknown => {
    const read = run.setting.view.decode(leg, Buffer.from(payload))
    return read.ok ? String((read.value as Record<string, unknown>)[field]) : undefined
  }
  const seen = new Set<unknown>()
  for (const packet of packets) {
    if (packet.packet?.cmd !== "connect") continue
    const birth = packets.find(
      (each) =>
        each.connection === packet.connection &&
        matchesPacket(run, each, { from: "subject", cmd: "publish", leg: name }),
    )
    const will = packet.packet.will === undefined ? undefined : numberOf(packet.packet.will.payload)
    if (will === undefined) throw new StepFailure(`the will carries no readable ${field}: ${packet}`)
    if (seen.has(will)) throw new StepFailure(`two connections have the same ${field}, ${will}`)
    seen.add(will)
    if (birth === undefined) continue
    const born = numberOf((birth.packet as IPublishPacket).payload)
    if (born !== will) throw new StepFailure(`the will says ${field} ${will}, its birth ${born}`)
  }
}

function isRedelivered(run: RunContext, packets: readonly LabPacket[], matcher: PacketMatcher): boolean {
  const all = packets.filter((packet) => matchesPacket(run, packet, matcher))
  return all.some((again) => {
    const fields = again.packet as IPublishPacket
    return (
      fields.dup &&
      all.some(
        (first) =>
          first.connection < again.connection && (first.packet as IPublishPacket).messageId === fields.messageId,
      )
    )
  })
}

/** Spoils packets of the subject's wire. */
export function addFault(run: RunContext, step: FaultStep): void {
  const { proxy } = run.setting.bench
  if (proxy === undefined) throw new NotObservable("the subject does not come through the kit's proxy")
  const kind = step.action === "reset-after" ? "reset" : step.action
  proxy.fault({
    direction: step.direction,
    cmd: step.packet.cmd as LabPacket["cmd"],
    ...(step.nth === undefined ? {} : { nth: step.nth }),
    where: (packet) => matchesPacket(run, packet, step.packet),
    action:
      kind === "delay"
        ? { kind, ms: step.ms ?? 100, blocking: true }
        : kind === "reset"
          ? { kind, after: step.action === "reset-after" }
          : { kind },
  })
}

function missingOf(
  run: RunContext,
  sequence: readonly PacketMatcher[],
  packets: readonly LabPacket[],
): PacketMatcher | undefined {
  let at = 0
  for (const matcher of sequence) {
    const found = packets.findIndex((packet, index) => index >= at && matchesPacket(run, packet, matcher))
    if (found < 0) return matcher
    at = found + 1
  }
  return undefined
}

/** Whether a packet of the proxy's log is what a matcher says. */
export function matchesPacket(run: RunContext, packet: LabPacket, matcher: PacketMatcher): boolean {
  if (packet.cmd !== matcher.cmd || !isFrom(packet, matcher.from)) return false
  const { packet: fields } = packet
  if (fields === undefined) return matcher.invalid === true
  if (matcher.is !== undefined && !matchesAll(fields, matcher.is)) return false
  if (matcher.of !== undefined && !answers(run, packet, matcher.of)) return false
  const { view } = run.setting
  if (!fitsDeclaration(run, fields, matcher)) return false
  switch (fields.cmd) {
    case "publish":
      return matchesPublish(run, fields, matcher)
    case "subscribe":
    case "unsubscribe": {
      if (matcher.leg === undefined) return true
      const filters =
        fields.cmd === "subscribe"
          ? (fields as ISubscribePacket).subscriptions.map(({ topic }) => topic)
          : fields.unsubscriptions
      const leg = run.leg(matcher.leg)
      const topic = view.topic(leg, run.deviceNamed(matcher.device))
      return filters.some(
        (filter) =>
          filter.replace(/^\$share\/[^/]+\//, "") === view.filter(leg, run.deviceNamed(matcher.device)) ||
          filter === view.filter(leg) ||
          filter === topic,
      )
    }
    case "connect": {
      if (matcher.will === undefined) return true
      const { will } = fields as IConnectPacket
      if (will === undefined) return false
      const leg = run.leg(matcher.will.leg)
      if (will.topic !== view.topic(leg, run.deviceNamed(matcher.device))) return false
      const read = view.decode(leg, Buffer.from(will.payload), will.properties?.contentType)
      if (!read.ok) return false
      if (leg.channel.kind === "presence" && !matchesPresence(leg.channel, read.value, false)) return false
      return matchesAll(read.value, matcher.will.where)
    }
    default:
      return true
  }
}

function matchesPublish(run: RunContext, fields: IPublishPacket, matcher: PacketMatcher): boolean {
  const { view } = run.setting
  const place = view.place(fields.topic)
  if (matcher.notLeg?.some((name) => run.leg(name).leg.topic === place?.view.leg.topic) === true) return false
  if (matcher.leg === undefined) return true
  const leg = run.leg(matcher.leg)
  if (place === undefined || place.view.leg.topic !== leg.leg.topic) return false
  if (place.device !== undefined && matcher.device !== "any" && place.device !== run.deviceNamed(matcher.device))
    return false
  if (matcher.for === undefined && matcher.where === undefined && matcher.invalid === undefined) return true
  const read = view.decode(leg, Buffer.from(fields.payload), fields.properties?.contentType)
  if (matcher.invalid !== undefined && matcher.invalid === read.ok) return false
  if (!read.ok) return matcher.invalid === true
  if (matcher.for !== undefined && view.idOf(leg, read.value, fields.topic) !== run.id(matcher.for)) return false
  return matchesAll(read.value, matcher.where)
}

/** Whether a packet answers one that fits, sent on the same connection before it by the other side. */
function answers(run: RunContext, packet: LabPacket, of: PacketMatcher): boolean {
  const log = run.setting.bench.proxy!.log
  const id = packet.packet?.messageId
  const end = log.indexOf(packet)
  for (let at = end - 1; at >= 0; at -= 1) {
    const asked = log[at]!
    if (asked.connection !== packet.connection || asked.direction === packet.direction) continue
    if (asked.packet?.messageId !== id || asked.cmd !== of.cmd) continue
    return matchesPacket(run, asked, of)
  }
  return false
}

/** One line for a report. */
export function showMatcher(matcher: PacketMatcher): string {
  const flags = Object.entries(matcher)
    .filter(([, value]) => value === true)
    .map(([name]) => name)
  const parts = [matcher.from === undefined ? "" : matcher.from === "subject" ? "→" : "←", matcher.cmd]
  if (matcher.leg !== undefined) parts.push(matcher.leg)
  if (matcher.notLeg !== undefined) parts.push(`other than ${matcher.notLeg.join(", ")}`)
  if (matcher.for !== undefined) parts.push(`for ${matcher.for}`)
  if (matcher.will !== undefined) parts.push(`with a will on ${matcher.will.leg}`)
  for (const each of [matcher.is, matcher.where]) if (each !== undefined) parts.push(JSON.stringify(each))
  if (matcher.of !== undefined) parts.push(`that answers (${showMatcher(matcher.of)})`)
  if (matcher.kind !== undefined) parts.push(`of ${matcher.kind.join(", ")}`)
  return [...parts, ...flags].filter((part) => part !== "").join(" ")
}
