import { isSdkError } from "@fleetwire/runtime"
import type { DemoFleet } from "./demo-fleet.js"
import { drawTable } from "./fleet-row.js"
import type { FleetView } from "./fleet-view.js"
import { type KeyAction, parseKeys } from "./keys.js"
import type { Screen } from "./screen.js"

type Action = "forward" | "backward" | "left" | "right" | "stop"

/** The keyboard of the terminal. */
export interface Keyboard {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
  setEncoding(encoding: "utf8"): unknown
  on(event: "data", listener: (chunk: string) => void): unknown
  off(event: "data", listener: (chunk: string) => void): unknown
  resume(): unknown
  pause(): unknown
}

export interface LiveOptions {
  readonly fleet: DemoFleet
  readonly view: FleetView
  readonly screen: Screen
  readonly keyboard: Keyboard
  readonly colour: boolean
  /** Milliseconds after which the last car is cut off. */
  readonly cutAfterMs: number
  /** Resolves when the process is asked to stop. */
  readonly stopRequested: Promise<string>
}

const KEYS = "1-3 select · arrows or wasd drive · space stop · x cut off · q quit"
const ROUTE: readonly Action[] = ["forward", "left", "forward", "right", "backward"]

/** Shows the fleet until somebody quits: cars drive by themselves until a key takes them over. */
export async function runLive(options: LiveOptions): Promise<void> {
  const { fleet, view, screen, keyboard } = options
  const cut = new Set<string>()
  const taken = new Set<string>()
  let selected = 0
  let legs = 0
  const interactive = keyboard.isTTY === true

  const draw = (): void => {
    const table = drawTable(view.rows(), interactive ? selected : -1, options.colour)
    // Else the table would stand still, and look as if the fleet did.
    const here = fleet.app.state.kind === "ready" ? table : [...table, "no connection to the broker; trying again"]
    screen.draw(interactive ? [...here, "", KEYS] : here)
  }
  const drive = async (car: string, action: Action): Promise<void> => {
    const began = performance.now()
    view.noteCommand(car, `${action} …`)
    try {
      await fleet.app.car(car).drive({ action, parameters: { duration: 900, speed: 80 } })
      // The call lasts as long as the drive: the way there and back is what is left of it.
      const roundTrip = performance.now() - began - (action === "stop" ? 0 : 900)
      view.noteCommand(car, `${action}: done`, Math.max(0, roundTrip))
    } catch (error) {
      view.noteCommand(car, `${action}: ${isSdkError(error) ? error.code : String(error)}`)
    }
  }
  const cutOff = (car: string): void => {
    if (cut.has(car)) return
    cut.add(car)
    const began = performance.now()
    view.noteCut(car)
    const off = fleet.app.presence.on("change", ({ device, state }) => {
      if (device !== car || state !== "offline") return
      off()
      screen.say(
        `${car} was cut off without goodbye; its last will came after ${(performance.now() - began).toFixed(0)} ms`,
      )
    })
    fleet.cut(car)
  }

  await new Promise<void>((resolve) => {
    const act = (key: KeyAction): void => {
      const car = fleet.cars[selected]!
      if (key.kind === "quit") resolve()
      else if (key.kind === "select" && key.index < fleet.cars.length) selected = key.index
      else if (key.kind === "cut") cutOff(car)
      else if (key.kind === "drive") {
        taken.add(car)
        void drive(car, key.action)
      }
      draw()
    }
    const onKeys = (chunk: string): void => {
      for (const key of parseKeys(chunk)) act(key)
    }
    const redraw = setInterval(draw, interactive ? 200 : 2_000)
    const autopilot = setInterval(() => {
      for (const car of fleet.cars) if (!cut.has(car) && !taken.has(car)) void drive(car, ROUTE[legs % ROUTE.length]!)
      legs += 1
    }, 2_500)
    const cutTimer = setTimeout(() => cutOff(fleet.cars.at(-1)!), options.cutAfterMs)
    if (interactive) {
      keyboard.setRawMode?.(true)
      keyboard.setEncoding("utf8")
      keyboard.on("data", onKeys)
      keyboard.resume()
    }
    const finish = (): void => {
      clearInterval(redraw)
      clearInterval(autopilot)
      clearTimeout(cutTimer)
      if (!interactive) return
      keyboard.off("data", onKeys)
      keyboard.setRawMode?.(false)
      keyboard.pause()
    }
    const end = resolve
    resolve = () => {
      finish()
      end()
    }
    void options.stopRequested.then(() => resolve())
    draw()
  })
}
