import { describe, expect, it } from "vitest"
import type { Happening, HistoryRecord } from "../history.js"
import type { Plan } from "../plan/plan.js"
import { checkRun } from "./check-run.js"
import type { WireMessage } from "./evidence.js"
import type { Promised } from "./promise.js"

const plan: Plan = {
  seed: 0,
  protocol: "5",
  workMs: 100,
  semantics: {
    journal: "required",
    eventQos: 1,
    durableOutbox: true,
    concurrency: 1,
    queueBound: 1,
    executionTimeoutMs: 400,
  },
  snapshot: false,
  actors: [
    {
      kind: "device",
      name: "car-001",
      deaths: [{ cause: { kind: "at", ms: 1 }, restartMs: 0, tornOctets: 0 }],
      work: [],
    },
    {
      kind: "controller",
      name: "one",
      role: "backend",
      concurrency: 1,
      slow: { every: 1, ms: 1 },
      deaths: [{ cause: { kind: "at", ms: 1 }, restartMs: 0, tornOctets: 0 }],
      work: [],
    },
  ],
  faults: [],
}

type Line = readonly [by: "car" | "one" | "run", life: number, happening: Happening]

const NAMES = { car: "car-001", one: "one", run: "run" } as const

/** Both are there, and know of each other. */
const peace: readonly Line[] = [
  ["car", 1, { what: "state", state: "ready" }],
  ["one", 1, { what: "state", state: "ready" }],
  ["one", 1, { what: "presence", device: "car-001", state: "online" }],
]

function verdict(lines: readonly Line[], wire: readonly WireMessage[] = [], changed: Partial<Plan> = {}): string[] {
  const records = [...peace, ...lines].map(
    ([by, life, happening], at): HistoryRecord => ({ ...happening, at, by: NAMES[by], life }),
  )
  return checkRun({ plan: { ...plan, ...changed }, records, wire }).map(({ promise }) => promise)
}

const begin = (id: string, action = "forward", safe = false): Happening => ({
  what: "begin",
  id,
  action,
  broadcast: false,
  safe,
})
const call = (id: string, action = "forward", number = 1): Happening => ({
  what: "call",
  call: number,
  id,
  device: "car-001",
  action,
})
const success = (id: string, token = `${id} car-001`, number = 1): Happening => ({
  what: "outcome",
  call: number,
  id,
  ok: true,
  token,
})
const failure = (id: string, code: string, sent: boolean, mayHaveRun: boolean, number = 1): Happening => ({
  what: "outcome",
  call: number,
  id,
  ok: false,
  code,
  origin: "local",
  sent,
  mayHaveRun,
})
const event = (what: "receive" | "handled", seq: number): Happening => ({
  what,
  channel: "event",
  device: "car-001",
  seq,
  dup: false,
  retained: false,
})
const accepted = (seq: number): Happening => ({ what: "published", channel: "event", seq, ok: true })
const carKilled: readonly Line[] = [
  ["run", 0, { what: "killed", name: "car-001", ofLife: 1 }],
  ["car", 2, { what: "state", state: "ready" }],
]

const broken: readonly { readonly of: Promised; readonly what: string; readonly lines: readonly Line[] }[] = [
  {
    of: "once",
    what: "an id begins twice",
    lines: [
      ["car", 1, begin("a")],
      ["car", 1, begin("a")],
    ],
  },
  {
    of: "once",
    what: "an id begins again after a kill",
    lines: [["car", 1, begin("a")], ...carKilled, ["car", 2, begin("a")]],
  },
  {
    of: "one-outcome",
    what: "a call ends twice",
    lines: [
      ["car", 1, begin("a")],
      ["one", 1, call("a")],
      ["one", 1, success("a")],
      ["one", 1, success("a")],
    ],
  },
  { of: "one-outcome", what: "a call does not end", lines: [["one", 1, call("a")]] },
  {
    of: "one-outcome",
    what: "a device answers a broadcast twice",
    lines: [
      ["one", 1, { what: "broadcast", id: "b" }],
      ["one", 1, { what: "broadcast-outcome", id: "b", device: "car-001", kind: "silent" }],
      ["one", 1, { what: "broadcast-outcome", id: "b", device: "car-001", kind: "silent" }],
      ["one", 1, { what: "broadcast-end", id: "b" }],
    ],
  },
  {
    of: "own-answer",
    what: "another call's reply",
    lines: [
      ["one", 1, call("a")],
      ["car", 1, begin("a")],
      ["one", 1, success("a", "b car-001")],
    ],
  },
  {
    of: "own-answer",
    what: "success of what never ran",
    lines: [
      ["one", 1, call("a")],
      ["one", 1, success("a")],
    ],
  },
  {
    of: "may-have-run",
    what: "it ran, and that is denied",
    lines: [
      ["one", 1, call("a")],
      ["car", 1, begin("a")],
      ["one", 1, failure("a", "timeout", true, false)],
    ],
  },
  {
    of: "may-have-run",
    what: "it runs after that was denied",
    lines: [
      ["one", 1, call("a")],
      ["one", 1, failure("a", "timeout", true, false)],
      ["car", 1, begin("a")],
    ],
  },
  {
    of: "order",
    what: "an event overtakes",
    lines: [
      ["one", 1, event("receive", 2)],
      ["one", 1, event("receive", 1)],
    ],
  },
  { of: "durable", what: "an acknowledged event is lost", lines: [["car", 1, accepted(1)]] },
  {
    of: "durable",
    what: "a stored event is lost with its process",
    lines: [["car", 1, { what: "kept", channel: "event", seq: 1 }], ...carKilled],
  },
  {
    of: "presence",
    what: "a device that is there is taken to be away",
    lines: [["one", 1, { what: "presence", device: "car-001", state: "offline" }]],
  },
  {
    of: "presence",
    what: "who connects anew sees nothing",
    lines: [["one", 1, { what: "view", presence: {}, states: {} }]],
  },
  {
    of: "state",
    what: "an old state is believed",
    lines: [
      ["car", 1, { what: "published", channel: "state", seq: 3, ok: true }],
      ["one", 1, { what: "receive", channel: "state", device: "car-001", seq: 2, dup: false, retained: true }],
    ],
  },
  {
    of: "config",
    what: "an old version is applied",
    lines: [
      ["car", 1, { what: "apply", version: 2, restored: false }],
      ["car", 1, { what: "apply", version: 1, restored: false }],
    ],
  },
  {
    of: "config",
    what: "the last version is not applied",
    lines: [["one", 1, { what: "config-accepted", device: "car-001", version: 2, ok: true }]],
  },
  {
    of: "stop",
    what: "a stop ends as busy",
    lines: [
      ["one", 1, call("s", "stop")],
      ["one", 1, failure("s", "busy", true, true)],
    ],
  },
  {
    of: "stop",
    what: "what a stop should end goes on",
    lines: [
      ["car", 1, begin("a")],
      ["car", 1, begin("s", "stop")],
      ["car", 1, { what: "end", id: "a", how: "done" }],
    ],
  },
  {
    of: "recovery",
    what: "a client does not come back",
    lines: [["car", 1, { what: "state", state: "disconnected" }]],
  },
  { of: "crash", what: "a process throws", lines: [["car", 1, { what: "trouble", text: "TypeError" }]] },
]

describe("the checker", () => {
  it("finds nothing where all is well", () => {
    expect(verdict([])).toEqual([])
  })

  it.each(broken)("$of: $what", ({ of, lines }) => {
    expect(verdict(lines)).toEqual([of])
  })

  it("stop: a refusal on the wire, whatever the caller was told", () => {
    const on = { at: 1, client: undefined, device: "car-001", id: "s" } as const
    const wire: WireMessage[] = [
      { ...on, kind: "request", text: "stop" },
      { ...on, kind: "reply", text: "[busy retry_after_ms=250] queue full" },
    ]
    expect(verdict([], wire)).toEqual(["stop"])
  })

  it("durable: who is told late of an acknowledgement may have been acknowledged while the broker knew no reader", () => {
    // The reader's "ready" is at 5, the news at 6.
    const lines: readonly Line[] = [
      ["run", 0, { what: "broker", how: "killed" }],
      ["run", 0, { what: "broker", how: "up" }],
      ["one", 1, { what: "state", state: "ready" }],
      ["car", 1, accepted(1)],
    ]
    const event = { client: undefined, kind: "event", device: "car-001", id: "1", text: "1" } as const
    expect(verdict(lines, [{ ...event, at: 4.9 }])).toEqual([])
    expect(verdict(lines, [{ ...event, at: 5.1 }])).toEqual(["durable"])
    // It was lost on the way once, and sent again to a broker that knew its reader.
    const again = [
      { ...event, at: 4.9 },
      { ...event, at: 5.1 },
    ]
    expect(verdict(lines, again)).toEqual(["durable"])
  })

  it("order: what a killed broker forgot may come late, if it was sent again", () => {
    const lines: readonly Line[] = [
      ["run", 0, { what: "broker", how: "killed" }],
      ["run", 0, { what: "broker", how: "up" }],
      ["one", 1, { what: "state", state: "ready" }],
      ["one", 1, event("receive", 2)],
      ["one", 1, event("receive", 1)],
    ]
    const sent = { client: undefined, kind: "event", device: "car-001", id: "1", text: "1" } as const
    const before = { ...sent, at: 2.9 }
    expect(verdict(lines, [before, { ...sent, at: 6.5 }])).toEqual([])
    expect(verdict(lines, [before])).toEqual(["order"])
    expect(
      verdict(lines, [
        { ...sent, at: 6.1 },
        { ...sent, at: 6.5 },
      ]),
    ).toEqual(["order"])
  })

  it("may-have-run: what was on the wire was sent", () => {
    const wire: WireMessage[] = [
      { at: 4, kind: "request", client: undefined, device: "car-001", id: "a", text: "forward" },
    ]
    expect(
      verdict(
        [
          ["one", 1, call("a")],
          ["one", 1, failure("a", "unavailable", false, false)],
        ],
        wire,
      ),
    ).toEqual(["may-have-run"])
  })

  const allowed: readonly { readonly what: string; readonly lines: readonly Line[]; readonly plan?: Partial<Plan> }[] =
    [
      {
        what: "an id begins again in a new process where there is no journal",
        lines: [["car", 1, begin("a")], ...carKilled, ["car", 2, begin("a")]],
        plan: { semantics: { ...plan.semantics, journal: "none" } },
      },
      {
        what: "a safe action runs twice",
        lines: [
          ["car", 1, begin("a", "stop", true)],
          ["car", 1, begin("a", "stop", true)],
        ],
      },
      {
        what: "a call of a killed process has no outcome",
        lines: [
          ["one", 1, call("a")],
          ["run", 0, { what: "killed", name: "one", ofLife: 1 }],
          ["one", 2, { what: "state", state: "ready" }],
          ["one", 2, { what: "presence", device: "car-001", state: "online" }],
        ],
      },
      {
        what: "a redelivery repeats what was seen",
        lines: [
          ["one", 1, event("receive", 1)],
          ["one", 1, event("receive", 2)],
          ["one", 1, event("receive", 1)],
        ],
      },
      {
        what: "a killed broker loses what it had acknowledged",
        lines: [
          ["car", 1, accepted(1)],
          ["run", 0, { what: "broker", how: "killed" }],
        ],
      },
    ]

  it.each(allowed)("allows that $what", ({ lines, plan: changed }) => {
    expect(verdict(lines, [], changed)).toEqual([])
  })
})
