import type { Court } from "./evidence.js"
import type { Violation } from "./promise.js"

/** What became of what devices published: in order, and nothing durable lost. */
export function checkStreams(court: Court): Violation[] {
  return court.devices.flatMap((device) => [...checkOrder(court, device), ...checkNothingLost(court, device)])
}

function checkOrder(court: Court, device: string): Violation[] {
  const found: Violation[] = []
  for (const channel of ["event", "telemetry"] as const) {
    const seen = new Set<number>()
    let highest = Number.NEGATIVE_INFINITY
    for (const { channel: of, device: from, seq } of court.by("one", "receive")) {
      if (of !== channel || from !== device || seen.has(seq)) continue
      seen.add(seq)
      if (seq < highest && !(channel === "event" && court.brokerForgot(device, seq))) {
        const text = `${device}: ${channel} ${seq} was first delivered after ${highest}`
        found.push({ promise: "order", text, pending: false })
      }
      highest = Math.max(highest, seq)
    }
  }
  return found
}

function checkNothingLost(court: Court, device: string): Violation[] {
  const found: Violation[] = []
  const handled = new Set<number>()
  for (const { channel, device: from, seq } of court.by("one", "handled")) {
    if (channel === "event" && from === device) handled.add(seq)
  }
  const accepted = new Map<number, { readonly at: number; readonly how: string }>()
  for (const { channel, seq, at } of court.by(device, "kept")) {
    // A device that is gone takes its store with it.
    if (channel === "event" && !court.isGone(device)) accepted.set(seq, { at, how: "kept in the store" })
  }
  // A broker that comes back without its sessions has nobody to give a message to until the reader has subscribed again:
  // what counts is when it was last sent, and the news of its acknowledgement comes later than that.
  for (const { channel, seq, at: told, ok } of court.by(device, "published")) {
    const at = court.sendings(device, seq).at(-1) ?? told
    if (channel === "event" && ok) accepted.set(seq, { at, how: "acknowledged by the broker" })
  }
  for (const [seq, { at, how }] of accepted) {
    if (handled.has(seq) || court.brokerLost(at)) continue
    found.push({ promise: "durable", text: `${device}: event ${seq}, ${how}, was never handled`, pending: true })
  }
  return found
}
