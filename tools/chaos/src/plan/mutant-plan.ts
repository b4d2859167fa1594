import type { MutantName } from "../actor/mutant.js"
import type { ControllerPlan, ControllerWork, Death, DevicePlan, Fault, Plan, Semantics } from "./plan.js"

interface Changes {
  readonly semantics?: Partial<Semantics>
  readonly calls?: readonly ControllerWork[]
  readonly device?: readonly Death[]
  readonly controller?: readonly Death[]
  readonly slow?: ControllerPlan["slow"]
  readonly faults?: readonly Fault[]
}

/** The shortest plan in which a broken actor shows. What is not broken gets through it. */
export function mutantPlan(mutant: MutantName): Plan {
  const { semantics, calls = [], device = [], controller = [], slow, faults = [] } = changesFor(mutant)
  const car: DevicePlan = {
    kind: "device",
    name: "car-001",
    deaths: device,
    work: [
      ...Array.from({ length: 50 }, (_, n) => ({ kind: "event", at: n * 24 }) as const),
      ...Array.from({ length: 5 }, (_, n) => ({ kind: "state", at: n * 200 }) as const),
    ].sort((a, b) => a.at - b.at),
  }
  const one: ControllerPlan = {
    kind: "controller",
    name: "one",
    role: "backend",
    concurrency: 1,
    slow: slow ?? { every: 1_000, ms: 1 },
    deaths: controller,
    work: calls,
  }
  return {
    seed: 0,
    protocol: "5",
    workMs: 1_400,
    semantics: {
      journal: "required",
      eventQos: 1,
      durableOutbox: true,
      concurrency: 1,
      queueBound: 4,
      executionTimeoutMs: 2_000,
      ...semantics,
    },
    snapshot: false,
    actors: [car, one],
    faults,
  }
}

function changesFor(mutant: MutantName): Changes {
  switch (mutant) {
    case "journal-forgets":
      return { calls: [call("a", 30), call("a", 900), call("a", 1_150)], device: [atPoint("handler-end", 1)] }
    case "table-forgets":
      return {
        semantics: { journal: "none" },
        calls: [call("a", 30), call("b", 300), call("a", 600), call("b", 800), call("a", 1_000)],
      }
    case "resolves-twice":
    case "never-resolves":
    case "denies-having-run":
      // The first call subscribes to replies, so that the second one has all of its time for itself.
      return { calls: [call("w", 30), call("a", 400, { durationMs: 750, timeoutMs: 500, queueOffline: false })] }
    case "answers-crossed":
      return { calls: [call("a", 30), call("b", 600)] }
    case "reorders":
      return {}
    case "outbox-forgets":
      return { device: [atPoint("outbox-after", 12)] }
    case "acknowledges-early":
      return { slow: { every: 1, ms: 60 }, controller: [{ cause: { kind: "at", ms: 800 }, ...anew }] }
    case "says-hello-once":
      return { faults: [{ kind: "cut", at: 150, actor: "car-001" }] }
    case "has-no-will":
      return { device: [{ cause: { kind: "at", ms: 900 }, restartMs: undefined, tornOctets: 0 }] }
    case "stop-queues":
      return {
        semantics: { queueBound: 1 },
        calls: [
          call("a", 30, { durationMs: 1_600, timeoutMs: 3_000 }),
          call("s", 900, { action: "stop", retryBusy: false, timeoutMs: 2_000 }),
        ],
      }
    case "applies-old-config":
      return {
        calls: [
          { kind: "config", at: 50, device: "car-001", version: 1 },
          { kind: "config", at: 700, device: "car-001", version: 2 },
        ],
      }
  }
}

const anew = { restartMs: 0, tornOctets: 0 } as const

function atPoint(point: "handler-end" | "outbox-after", nth: number): Death {
  return { cause: { kind: "point", point, nth }, ...anew }
}

type Call = ControllerWork & { readonly kind: "call" }

function call(id: string, at: number, more: Partial<Call> = {}): Call {
  return {
    kind: "call",
    at,
    device: "car-001",
    id,
    action: "forward",
    durationMs: 0,
    timeoutMs: 400,
    retryBusy: true,
    queueOffline: true,
    cancelMs: undefined,
    ...more,
  }
}
