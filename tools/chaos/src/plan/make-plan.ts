import { createDice, type Dice } from "./dice.js"
import { makeFaults } from "./make-faults.js"
import type {
  ControllerPlan,
  ControllerWork,
  CrashPoint,
  Death,
  DevicePlan,
  DeviceWork,
  Plan,
  Semantics,
} from "./plan.js"

/** The plan of a seed; the same one always. */
export function makePlan(seed: number): Plan {
  const dice = createDice(seed)
  const protocol = dice.pick(["3.1.1", "5"] as const)
  const workMs = dice.between(900, 1_800)
  const semantics: Semantics = {
    journal: dice.pick(["required", "required", "none"] as const),
    eventQos: dice.pick([1, 1, 1, 2] as const),
    durableOutbox: dice.chance(0.6),
    concurrency: dice.pick([1, 1, 2] as const),
    queueBound: dice.pick([1, 4, 4] as const),
    executionTimeoutMs: dice.pick([400, 2_000] as const),
  }
  const devices = ["car-001", "car-002"].slice(0, dice.between(1, 2))
  const broker = dice.weighted({ none: 5, restart: 3, kill: 2 })
  const faults = makeFaults(dice, { workMs, broker, actors: [...devices, "one", "two"] })
  // What nobody may believe of a device that is gone for good is only known where the broker kept its state.
  const mayStayDead = broker === "none" && dice.chance(0.2)
  const people = dice.chance(0.35) ? (["one", "two"] as const) : (["one"] as const)
  return {
    seed,
    protocol,
    workMs,
    semantics,
    snapshot: broker === "kill" && dice.chance(0.5),
    actors: [
      ...devices.map((name, index) => device(dice, name, workMs, semantics, mayStayDead && index === 1)),
      ...people.map((name) => controller(dice, name, devices, workMs)),
    ],
    faults,
  }
}

function device(dice: Dice, name: string, workMs: number, semantics: Semantics, staysDead: boolean): DevicePlan {
  const work: DeviceWork[] = []
  const eventsEvery = dice.pick([8, 20, 45] as const)
  for (let at = dice.between(0, 40); at < workMs; at += dice.between(1, eventsEvery * 2))
    work.push({ kind: "event", at })
  for (let at = dice.between(0, 60); at < workMs; at += dice.between(20, 120)) work.push({ kind: "telemetry", at })
  for (let at = dice.between(0, 90); at < workMs; at += dice.between(60, 300)) work.push({ kind: "state", at })
  const points: CrashPoint[] = ["handler-begin", "handler-end", "config-apply"]
  if (semantics.journal === "required") points.push("journal-before", "journal-after", "journal-after")
  if (semantics.durableOutbox) points.push("outbox-before", "outbox-after")
  const stored = semantics.journal === "required" || semantics.durableOutbox
  const deaths = someDeaths(dice, dice.pick([0, 0, 1, 1, 2]), workMs, points, stored)
  if (staysDead) deaths.push({ cause: { kind: "at", ms: workMs - 50 }, restartMs: undefined, tornOctets: 0 })
  return { kind: "device", name, deaths, work: work.sort((a, b) => a.at - b.at) }
}

function controller(dice: Dice, name: "one" | "two", devices: readonly string[], workMs: number): ControllerPlan {
  const work: ControllerWork[] = []
  const ids: { id: string; device: string; action: "forward" | "backward" | "left" | "stop"; durationMs: number }[] = []
  const callsEvery = dice.pick([20, 50, 120] as const)
  for (let at = dice.between(0, 80); at < workMs; at += dice.between(5, callsEvery * 2)) {
    const again = ids.length > 0 && dice.chance(0.3)
    const one = again
      ? // Who asks again asks soon.
        dice.pick(ids.slice(-4))
      : {
          id: `${name}-${ids.length + 1}`,
          device: dice.pick(devices),
          action: dice.weighted({ forward: 5, backward: 3, left: 1, stop: 2 }),
          durationMs: dice.pick([0, 0, 5, 20, 60, 150, 400, 900] as const),
        }
    if (!again) ids.push(one)
    work.push({
      kind: "call",
      at,
      ...one,
      timeoutMs: dice.pick([300, 900, 2_000] as const),
      retryBusy: dice.chance(0.6),
      queueOffline: dice.chance(0.3),
      cancelMs: dice.chance(0.08) ? dice.between(0, 300) : undefined,
    })
  }
  if (name === "one") {
    for (let at = dice.between(100, 500), n = 1; at < workMs; at += dice.between(200, 900), n++) {
      const stop = dice.chance(0.3)
      work.push({
        kind: "broadcast",
        at,
        id: `all-${n}`,
        action: stop ? "stop" : "forward",
        durationMs: stop ? 0 : dice.pick([0, 40, 200] as const),
        timeoutMs: dice.pick([500, 1_200] as const),
      })
    }
    for (const device of devices) {
      for (let at = dice.between(50, 400), version = 1; at < workMs; at += dice.between(100, 700), version++) {
        work.push({ kind: "config", at, device, version })
      }
    }
  }
  return {
    kind: "controller",
    name,
    role: name === "one" ? "backend" : "app",
    concurrency: dice.pick([1, 1, 3] as const),
    slow: { every: dice.between(3, 40), ms: dice.pick([2, 15, 60] as const) },
    deaths: someDeaths(dice, dice.pick([0, 0, 0, 1, 1, 2]), workMs, ["receive", "handled", "call"], false),
    work: work.sort((a, b) => a.at - b.at),
  }
}

function someDeaths(
  dice: Dice,
  count: number,
  workMs: number,
  points: readonly CrashPoint[],
  stored: boolean,
): Death[] {
  const deaths: Death[] = []
  let after = 0
  for (let n = 0; n < count; n++) {
    const ms = dice.between(after, workMs)
    after = ms
    deaths.push({
      cause: dice.chance(0.5)
        ? { kind: "at", ms }
        : { kind: "point", point: dice.pick(points), nth: dice.between(1, dice.pick([2, 6, 20] as const)) },
      restartMs: dice.pick([0, 30, 150, 600] as const),
      tornOctets: stored && dice.chance(0.3) ? dice.between(1, 40) : 0,
    })
  }
  return deaths
}
