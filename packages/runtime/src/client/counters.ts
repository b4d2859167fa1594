import type { Counters, DropCause } from "../surface.js"

/** Running totals of one client. Plain numbers that engines add to; `snapshot` is what users see. */
export class ClientCounters {
  in = 0
  out = 0
  invalid = 0
  unroutable = 0
  otherVersion = 0
  duplicate = 0
  late = 0
  redelivered = 0
  aliasFaults = 0
  queueDepth = 0
  readonly dropped: Record<DropCause, number> = {
    bound: 0,
    expired: 0,
    "session-lost": 0,
    "offline-qos0": 0,
    closed: 0,
  }

  snapshot(): Counters {
    return {
      in: this.in,
      out: this.out,
      invalid: this.invalid,
      unroutable: this.unroutable,
      otherVersion: this.otherVersion,
      duplicate: this.duplicate,
      late: this.late,
      redelivered: this.redelivered,
      aliasFaults: this.aliasFaults,
      dropped: { ...this.dropped },
      queueDepth: this.queueDepth,
    }
  }
}
