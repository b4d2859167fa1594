import type { Client, Counters } from "../surface.js"
import type { ClientCore } from "./client-core.js"

/** What users see of one or two connections: the first is the client, the second only carries its calls. */
export function createClientFace(main: ClientCore, second: () => ClientCore | undefined = () => undefined): Client {
  const close = async (options?: { readonly deadlineMs?: number }): Promise<void> => {
    await Promise.all([second()?.close(options), main.close(options)])
  }
  return {
    get state() {
      return main.state
    },
    get counters() {
      const calls = second()
      return calls === undefined ? main.counters.snapshot() : sum(main.counters.snapshot(), calls.counters.snapshot())
    },
    get clientId() {
      return main.clientId
    },
    connect: () => main.connect(),
    close,
    abort() {
      main.abort()
      second()?.abort()
    },
    [Symbol.asyncDispose]: () => close(),
  }
}

function sum(a: Counters, b: Counters): Counters {
  return {
    in: a.in + b.in,
    out: a.out + b.out,
    invalid: a.invalid + b.invalid,
    unroutable: a.unroutable + b.unroutable,
    otherVersion: a.otherVersion + b.otherVersion,
    duplicate: a.duplicate + b.duplicate,
    late: a.late + b.late,
    redelivered: a.redelivered + b.redelivered,
    aliasFaults: a.aliasFaults + b.aliasFaults,
    queueDepth: a.queueDepth + b.queueDepth,
    dropped: {
      bound: a.dropped.bound + b.dropped.bound,
      expired: a.dropped.expired + b.dropped.expired,
      "session-lost": a.dropped["session-lost"] + b.dropped["session-lost"],
      "offline-qos0": a.dropped["offline-qos0"] + b.dropped["offline-qos0"],
      closed: a.dropped.closed + b.dropped.closed,
    },
  }
}
