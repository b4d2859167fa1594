import type { FaultProxy, LabPacket, Mosquitto } from "@fleetwire/broker-lab"
import type { HistoryWriter } from "../history.js"
import type { Fault } from "../plan/plan.js"

interface Scene {
  readonly proxy: FaultProxy
  readonly broker: Mosquitto
  readonly history: HistoryWriter
}

/** Does the plan's faults at their time. `heal` ends them all and waits for the broker, whose directory must outlive a stop. */
export interface Wreck {
  begin(): void
  heal(): Promise<void>
}

export function createWreck(scene: Scene, faults: readonly Fault[]): Wreck {
  const { proxy, broker, history } = scene
  const timers = new Set<NodeJS.Timeout>()
  // What is done to the broker is done in turn: it cannot be paused while it starts.
  let brokerWork: Promise<void> = Promise.resolve()
  let healed = false
  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
  }
  const toBroker = (work: () => Promise<void>): void => {
    brokerWork = brokerWork.then(async () => {
      if (!healed) await work()
    })
  }
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  const act = (fault: Fault): void => {
    history.write({ what: "fault", text: JSON.stringify(fault) })
    switch (fault.kind) {
      case "broker-kill":
      case "broker-restart":
        toBroker(async () => {
          if (fault.kind === "broker-kill") {
            history.write({ what: "broker", how: "killed" })
            await broker.kill()
          } else {
            await broker.stop()
            history.write({ what: "broker", how: "stopped" })
          }
          await pause(fault.downMs)
          await broker.restart()
          history.write({ what: "broker", how: "up" })
        })
        break
      case "broker-pause":
        toBroker(async () => {
          history.write({ what: "broker", how: "paused" })
          await broker.pause()
          await pause(fault.forMs)
          await broker.resume()
          history.write({ what: "broker", how: "resumed" })
        })
        break
      case "cut":
        if (fault.actor === undefined) proxy.reset()
        else for (const connection of connectionsOf(proxy, fault.actor)) proxy.reset(connection)
        break
      case "half-open":
        proxy.halfOpen()
        break
      case "black-hole":
        proxy.blackHole(fault.direction)
        later(fault.forMs, () => proxy.heal())
        break
      case "refuse":
        proxy.refuse()
        later(fault.forMs, () => proxy.refuse(false))
        break
      case "shape":
        proxy.shape(fault.shape)
        later(fault.forMs, () => proxy.shape({}))
        break
      case "packet": {
        const { direction, cmd, nth, commandsOnly, action } = fault
        const ofCommands = (packet: LabPacket): boolean =>
          /\/(command|response)$/.test(String((packet.packet as { topic?: unknown } | undefined)?.topic))
        proxy.fault({ direction, cmd, nth, action, ...(commandsOnly ? { where: ofCommands } : {}) })
      }
    }
  }

  return {
    begin() {
      for (const fault of faults) later(fault.at, () => act(fault))
    },
    async heal() {
      healed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await brokerWork
      proxy.heal()
      history.write({ what: "healed" })
    },
  }
}

/** Open and closed connections of one actor, by the client id of their CONNECT: `iot-car.device.car-001`. */
function connectionsOf(proxy: FaultProxy, actor: string): readonly number[] {
  const found: number[] = []
  for (const packet of proxy.log) {
    if (packet.cmd !== "connect") continue
    const id = String((packet.packet as { clientId?: unknown } | undefined)?.clientId)
    if (id.split(".").includes(actor)) found.push(packet.connection)
  }
  return found
}
