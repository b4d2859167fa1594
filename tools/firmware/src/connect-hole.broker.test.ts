import { type ChildProcess, fork, spawn } from "node:child_process"
import { rm } from "node:fs/promises"
import { connect, type Socket } from "node:net"
import { startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/iot-car/controller"
import { afterEach, describe, expect, it } from "vitest"
import { buildLinuxCar, type CarLink } from "./build-linux-car.js"
import { provideOrSkip } from "./provide-or-skip.js"

/** `onLinkLost` of the contract: the safe action is due so long after the link is lost. */
const LINK_LOST_MS = 2000
const HOLE_MS = 8000

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

/** A relay to the broker that can drop SYNs; see the file. */
async function startRelay(brokerPort: number): Promise<{ readonly port: number; readonly relay: ChildProcess }> {
  const relay = fork(new URL("./relay-with-hole.mjs", import.meta.url), [`${brokerPort}`])
  undo.push(() => relay.kill("SIGKILL"))
  const port = await new Promise<number>((resolve) =>
    relay.once("message", (said) => resolve((said as { port: number }).port)),
  )
  return { port, relay }
}

/** Fills the backlog of a listener that accepts nothing. */
function fillBacklog(port: number): void {
  const sockets: Socket[] = [1, 2, 3, 4].map(() => connect(port, "127.0.0.1").on("error", () => {}))
  undo.push(() => {
    for (const socket of sockets) socket.destroy()
  })
}

describe.each<CarLink>(["libmosquitto", "coremqtt"])("a car on %s whose broker drops every SYN", (link) => {
  it("stops in time, and comes back", { timeout: 120_000 }, async (test) => {
    const car = await provideOrSkip(test, () => buildLinuxCar(link))
    undo.push(() => rm(car.program, { force: true }))
    const broker = await startMosquitto()
    undo.push(() => broker.stop())
    const { port, relay } = await startRelay(Number(new URL(broker.url).port))
    const args = ["--host", "127.0.0.1", "--port", `${port}`, "--id", "car-001", "--spread", "0"]
    const child = spawn(car.program, args, { env: { ...process.env, ...car.env }, stdio: "ignore" })
    undo.push(() => child.kill("SIGKILL"))
    const fleet = await connectFleet({ url: broker.url, protocol: "3.1.1", role: "backend", instance: "test" })
    undo.push(() => fleet.close())
    await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("online")

    const parameters = { duration: 600_000, speed: 30 }
    const driving = fleet.car("car-001").drive({ action: "left", parameters }, { timeoutMs: 60_000 })
    const ended = driving.then(
      () => undefined,
      (error: {
        readonly code: string
        readonly details: { readonly reply: { readonly execution_time_ms: number } }
      }) => error,
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    relay.send({ hole: HOLE_MS })
    await new Promise((resolve) => setTimeout(resolve, 100))
    fillBacklog(port)

    // It is said when the connection is back, and tells how long the car drove: 0.8 s until the cut, and what the contract allows.
    const error = await ended
    expect(error?.code).toBe("preempted")
    const drove = error!.details.reply.execution_time_ms
    expect(drove).toBeGreaterThanOrEqual(LINK_LOST_MS)
    expect(drove).toBeLessThan(LINK_LOST_MS + 2000)
    await expect.poll(() => fleet.presence.get("car-001").state, { timeout: 10_000 }).toBe("online")
  })
})
