import { type Mosquitto, startMosquitto } from "@fleetwire/broker-lab"
import { connectFleet } from "@fleetwire/sensor-station/controller"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"
import { type ByHand, byHand, first, until } from "../test/by-hand.js"
import { createAlertMonitor } from "./alert-monitor.js"
import { createEmulatedStation, type EmulatedStation } from "./emulated-station.js"

let broker: Mosquitto
let hand: ByHand
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  broker = await startMosquitto()
  hand = byHand(broker)
})
afterEach(async () => {
  await hand.end()
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => broker.stop())

for (const protocol of ["3.1.1", "5"] as const) {
  const prefix = `p${protocol.replaceAll(".", "")}`
  const reach = () => ({ url: broker.url, protocol, topicPrefix: prefix })

  async function station(deviceId: string): Promise<EmulatedStation> {
    const made = createEmulatedStation({ ...reach(), deviceId, seed: 3 })
    closing.push(() => made.stop())
    await made.start()
    return made
  }
  async function fleet<R extends "backend" | "dashboard" | "fleetMonitor" | "logger">(role: R, instance?: string) {
    const made = await connectFleet({ ...reach(), role, ...(instance !== undefined && { instance }) })
    closing.push(() => made.close())
    return made
  }

  describe(`a sensor station on Mosquitto at MQTT ${protocol}`, () => {
    it("says its readings as plain text, and its data as JSON with an ISO time", async () => {
      const ear = await hand.listen(`${prefix}/sensors/plain/#`)
      await station("plain")
      const line = (end: string) => ear.line((text) => text.includes(`/plain/${end} `))
      for (const scalar of ["temperature", "humidity", "pressure"]) {
        expect(await line(scalar)).toMatch(new RegExp(`^1 1 ${prefix}/sensors/plain/${scalar} \\d+(\\.\\d{1,2})?$`))
      }
      expect(await line("data")).toMatch(
        /^1 0 \S+\/data \{"timestamp":"20\d\d-\d\d-\d\dT[\d:.]+Z","temperature":[\d.]+,"humidity":[\d.]+,"pressure":[\d.]+\}$/,
      )
    })

    it("is present in plain text: birth, goodbye and last will", async () => {
      const ear = await hand.listen(`${prefix}/devices/present/status`)
      const one = await station("present")
      await one.stop()
      const other = await station("present")
      other.cut()
      const said = (word: string) => `1 1 ${prefix}/devices/present/status ${word}`
      await until(() => ear.lines.length >= 4)
      expect(ear.lines).toEqual([said("online"), said("offline"), said("online"), said("offline")])
    })

    it("raises its own alarm above 35 °C, and the monitor a retained one at QoS 2 above 27 °C", async () => {
      const ear = await hand.listen(`${prefix}/#`)
      const monitor = createAlertMonitor(reach())
      closing.push(() => monitor.stop())
      await monitor.start()
      const one = await station("hot")
      const word = (text: string) => ear.line((line) => line.includes(text))
      await word("/hot/temperature ")
      one.warm(6)
      expect(await word("alerts/hot/high_temp {")).toMatch(/^2 1 \S+ \{"type":"high_temp","value":\d+(\.\d+)?\}$/)
      expect(ear.lines.some((line) => line.includes("sensors/hot/alert"))).toBe(false)
      one.warm(20)
      expect(await word("sensors/hot/alert ")).toMatch(/^1 0 \S+ \{"type":"high_temp","value":4\d(\.\d+)?\}$/)

      const late = await fleet("dashboard")
      expect(await first(late.highTemp())).toMatchObject({
        kind: "value",
        deviceId: "hot",
        message: { type: "high_temp" },
        meta: { retained: true, qos: 2 },
      })
      const cleared = first(late.highTemp({ deviceId: "hot" }), ({ kind }) => kind === "cleared")
      one.warm(0)
      expect(await cleared).toMatchObject({ kind: "cleared", deviceId: "hot" })
      await until(() => monitor.hot.size === 0)
    })

    it("asks the backend, is answered on a topic that names the request, and says `timeout` where nobody answers", async () => {
      const ear = await hand.listen(`${prefix}/#`)
      const one = await station("curious")
      // Where nobody has answered by the contract's time; shorter once, since time is dear.
      const asked = performance.now()
      const patience = protocol === "3.1.1" ? {} : { timeoutMs: 300 }
      const silent = one.ask("anybody there?", patience).catch((error: unknown) => error)
      await ear.line((line) => line.includes("anybody there?"))
      const backend = await fleet("backend", `answers-${prefix}`)
      backend.ask.handle(({ data }) =>
        data === "fail" ? { status: "failed", data: "no" } : { data: `heard: ${data}` },
      )
      expect(await one.ask("what time is it?")).toEqual({ status: "ok", data: "heard: what time is it?" })
      const question = await ear.line((line) => line.includes("what time") && line.includes(`${prefix}/request `))
      const id = /"request_id":"([^"]+)"/.exec(question)?.[1]
      await ear.line((line) => line.startsWith(`1 0 ${prefix}/response/${id} {"status":"ok"`))
      await expect(one.ask("fail")).rejects.toMatchObject({ code: "command_failed" })
      // The backend came after the first question; a clean session had nothing for it.
      expect(await silent).toMatchObject({ code: "timeout", mayHaveRun: true })
      if (protocol === "3.1.1") expect(performance.now() - asked).toBeGreaterThanOrEqual(4_990)
    })

    it("obeys plain words: a reboot takes it off and on, an interval changes its pace", async () => {
      const ear = await hand.listen(`${prefix}/devices/plain-words/status`)
      const one = await station("plain-words")
      await hand.publish(`${prefix}/commands/plain-words/config`, '{"interval":1}')
      await until(() => one.everyMs === 1_000)
      await hand.publish(`${prefix}/commands/plain-words/reboot`, "later")
      await hand.publish(`${prefix}/commands/plain-words/reboot`, "now")
      await until(() => one.reboots === 1 && one.station.state.kind === "ready")
      await until(() => ear.lines.length >= 3)
      expect(ear.lines.map((line) => line.split(" ").at(-1))).toEqual(["online", "offline", "online"])
      expect(one.everyMs).toBe(5_000)
      const backend = await fleet("backend", `words-${prefix}`)
      await backend.device("plain-words").config({ interval: 2 })
      await until(() => one.everyMs === 2_000)
    })

    it("tells of a door by the contact's id", async () => {
      const logger = await fleet("logger", `door-${prefix}`)
      const doors = logger.doorOpened({ sensorId: "door-7" })
      await doors.ready
      const one = createEmulatedStation({ ...reach(), deviceId: "doorman", sensorId: "door-7" })
      closing.push(() => one.stop())
      await one.start()
      await one.openDoor()
      expect(await first(doors)).toMatchObject({
        sensorId: "door-7",
        message: { timestamp: expect.stringMatching(/^20.*Z$/) },
      })
    })
  })
}

describe("a fleet of stations as processes of their own", () => {
  it("shows one as offline after kill -9, and all others as online to whoever comes late, at once", async () => {
    const entry = await bundleEntry("apps/emulator/src/main.ts")
    const topicPrefix = "kill"
    const options = ["--contract", "sensor-station", "--topic-prefix", topicPrefix, "--keep-alive", "20"]
    const ids = ["station-1", "station-2", "station-3"]
    const programs = ids.map((id) =>
      hand.run(process.execPath, [entry, "--url", broker.url, "--device", id, ...options]),
    )
    const reach = { url: broker.url, topicPrefix, role: "fleetMonitor" } as const
    const monitor = await connectFleet(reach)
    closing.push(() => monitor.close())
    const state = (id: string) => monitor.presence.get(id).state
    await until(() => ids.every((id) => state(id) === "online"), 30_000)

    programs[1]!.child.kill("SIGKILL")
    const killed = performance.now()
    await until(() => state("station-2") === "offline")
    expect(performance.now() - killed).toBeLessThan(2_000)

    const late = await connectFleet(reach)
    closing.push(() => late.close())
    await late.presence.ready
    expect(ids.map((id) => late.presence.get(id).state)).toEqual(["online", "offline", "online"])
  })
})
