import type { Direction, LabCommand } from "@fleetwire/broker-lab"
import type { Dice } from "./dice.js"
import type { Fault } from "./plan.js"

/** Faults of broker and wire within the time of work. */
export function makeFaults(
  dice: Dice,
  about: {
    readonly workMs: number
    readonly broker: "none" | "restart" | "kill"
    readonly actors: readonly string[]
  },
): readonly Fault[] {
  const { workMs, broker, actors } = about
  const faults: Fault[] = []
  const at = (): number => dice.between(20, workMs)
  if (broker !== "none") {
    faults.push({
      kind: broker === "kill" ? "broker-kill" : "broker-restart",
      at: at(),
      downMs: dice.pick([0, 50, 400]),
    })
  }
  const count = dice.pick([0, 1, 1, 1, 2, 2, 2, 3, 3, 5])
  for (let n = 0; n < count; n++) {
    const kind = dice.weighted({ cut: 4, packet: 6, "half-open": 1, "black-hole": 2, shape: 3, refuse: 1, pause: 1 })
    switch (kind) {
      case "cut":
        faults.push({ kind, at: at(), actor: dice.chance(0.2) ? undefined : dice.pick(actors) })
        break
      case "half-open":
        faults.push({ kind, at: at() })
        break
      case "black-hole": {
        const direction = dice.pick([undefined, "to-broker", "to-client"] as const)
        faults.push({ kind, at: at(), forMs: dice.between(50, 1_500), direction })
        break
      }
      case "refuse":
        faults.push({ kind, at: at(), forMs: dice.between(100, 800) })
        break
      case "pause":
        faults.push({ kind: "broker-pause", at: at(), forMs: dice.between(50, 1_800) })
        break
      case "shape":
        faults.push({
          kind,
          at: at(),
          forMs: dice.between(100, workMs),
          shape: dice.pick([
            { latencyMs: 15, jitterMs: 30 },
            { latencyMs: 80, jitterMs: 120 },
            { sliceOctets: 1 },
            { sliceOctets: 7, jitterMs: 4 },
            { octetsPerSecond: 12_000 },
          ]),
        })
        break
      case "packet":
        faults.push(packetFault(dice, at()))
    }
  }
  return faults.sort((a, b) => a.at - b.at)
}

function packetFault(dice: Dice, at: number): Fault {
  const direction = dice.pick<Direction>(["to-broker", "to-client"])
  const how = dice.weighted({ drop: 4, repeat: 3, delay: 2, reset: 4 })
  const nth = dice.between(1, dice.pick([1, 4, 12]))
  const acknowledgements: readonly LabCommand[] = ["puback", "puback", "pubrec", "pubrel", "pubcomp"]
  const setUp: readonly LabCommand[] = direction === "to-client" ? ["suback", "connack"] : ["subscribe"]
  switch (how) {
    case "drop": {
      // A lost PUBREC or PUBREL lets what came after the message overtake it, as no TCP does.
      const cmd = dice.pick<LabCommand>(["publish", "publish", "puback", "puback", "pubcomp", ...setUp])
      return { kind: "packet", at, direction, cmd, nth, commandsOnly: cmd === "publish", action: { kind: how } }
    }
    case "repeat": {
      const action = { kind: how, times: dice.between(1, 3) } as const
      return { kind: "packet", at, direction, cmd: "publish", nth, commandsOnly: dice.chance(0.5), action }
    }
    case "delay": {
      const blocking = dice.chance(0.6)
      const action = { kind: how, ms: dice.between(20, 600), blocking } as const
      return { kind: "packet", at, direction, cmd: "publish", nth, commandsOnly: !blocking, action }
    }
    case "reset": {
      const cmd = dice.pick<LabCommand>(["publish", "publish", ...acknowledgements, ...setUp])
      const action = { kind: how, after: dice.chance(0.6) } as const
      return { kind: "packet", at, direction, cmd, nth, commandsOnly: dice.chance(0.4), action }
    }
  }
}
