import { readFileSync } from "node:fs"
import type { ContractIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import type { FaultCode, TappedMessage } from "./judge-message.js"
import { createMonitor } from "./monitor.js"
import { formatMonitorReport } from "./monitor-report.js"

const lock = new URL("../../../../schemas/iot-car/contract.lock.json", import.meta.url)
const { ir } = JSON.parse(readFileSync(lock, "utf8")) as { readonly ir: ContractIr }
const text = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value))

const status = { device_id: "car-001", timestamp: 1706169600, status: "online" }
const command = { id: "a", timestamp: 1706169600, action: "stop" }
const good: TappedMessage = { topic: "iot-car/car-001/status", payload: text(status), qos: 1, retain: true }
const order: TappedMessage = { topic: "iot-car/car-001/command", payload: text(command), qos: 1, retain: false }

/** Faults of one message, as `code path`. */
function faults(message: TappedMessage, retainAsPublished = true): string[] {
  const monitor = createMonitor(ir, { retainAsPublished })
  monitor.observe(message)
  return monitor.report().findings.map(({ code, path }) => `${code} ${path}`.trim())
}

describe("a monitor", () => {
  it("finds nothing in what fits the contract", () => {
    const reply = { command_id: "a", timestamp: 1706169600, status: "success", message: "", execution_time_ms: 1 }
    const fine: readonly TappedMessage[] = [
      good,
      order,
      { topic: "iot-car/fleet/broadcast", payload: text(command), qos: 1, retain: false },
      // The topic of replies to commands and to broadcasts.
      { topic: "iot-car/car-001/response", payload: text(reply), qos: 1, retain: false },
      { topic: "iot-car/car-001/sensors/battery", payload: text("85"), qos: 0, retain: true },
      { topic: "iot-car/car-001/config", payload: new Uint8Array(0), qos: 1, retain: true },
      { ...order, contentType: "application/json;v=2", payloadIsUtf8: true },
      { ...order, contentType: 'Application/JSON; charset=utf-8; v="2"' },
    ]
    expect(fine.map((message) => faults(message))).toEqual(fine.map(() => []))
    const monitor = createMonitor(ir, { retainAsPublished: true })
    for (const message of fine) monitor.observe(message)
    const heard = monitor.report().legs.filter(({ messages }) => messages > 0)
    expect(heard.map(({ leg }) => leg)).toContain("drive.reply")
    expect(heard.map(({ leg }) => leg)).not.toContain("broadcast.reply")
  })

  const wrong: readonly (readonly [what: string, message: TappedMessage, faults: readonly string[]])[] = [
    ["a topic of nobody", { ...order, topic: "iot-car/car-001/commands" }, ["topic"]],
    ["a name that is no car's", { ...order, topic: "iot-car/admin/command" }, ["topic"]],
    ["a name that its pattern refuses", { ...order, topic: "iot-car/car-1/command" }, ["topic"]],
    ["a topic with a NUL and an empty level", { ...order, topic: "iot-car//\0/command" }, ["topic"]],
    ["another QoS", { ...order, qos: 0 }, ["qos"]],
    ["a stored command", { ...order, retain: true }, ["retain"]],
    ["a status that is not stored", { ...good, retain: false }, ["retain"]],
    ["more octets than the channel takes", { ...order, payload: new Uint8Array(10_000) }, ["size"]],
    ["a format that the channel does not take", { ...order, contentType: "application/x-protobuf" }, ["content_type"]],
    ["a Content Type of nothing known", { ...order, contentType: "image/png" }, ["content_type"]],
    ["another major version", { ...order, contentType: "application/json;v=3" }, ["version"]],
    ["no JSON", { ...order, payload: text("stop!") }, ["payload"]],
    ["invalid UTF-8", { ...order, payload: Uint8Array.of(0x22, 0xff, 0x22) }, ["payload"]],
    ["a value of no action", { ...order, payload: text({ ...command, action: "fly" }) }, ["payload /action"]],
    ["a missing field", { ...order, payload: text({ id: "a", action: "stop" }) }, ["payload /timestamp"]],
    ["another device's name", { ...good, payload: text({ ...status, device_id: "car-002" }) }, ["identity /device_id"]],
    ["a presence that is taken away", { ...good, payload: new Uint8Array(0) }, ["empty"]],
    ["an empty command", { ...order, payload: new Uint8Array(0) }, ["payload"]],
  ]
  it.each(wrong)("finds %s", (_, message, want) => {
    expect(faults(message)).toEqual(want)
  })

  it("keeps topics of nobody apart by why they are none, not by what they are", () => {
    const monitor = createMonitor(ir, { retainAsPublished: true })
    const topics = ["car-1/command", "car-2/command", "admin/command", "car-001/commands", "car-001/orders"]
    for (const topic of topics) monitor.observe({ ...order, topic: `iot-car/${topic}` })
    const kinds = monitor.report().findings.map(({ words, count, example }) => [example.topic, count, words])
    expect(kinds).toEqual([
      ["iot-car/car-1/command", 2, expect.stringContaining("does not match")],
      ["iot-car/car-001/commands", 2, "fits no topic of the contract"],
      ["iot-car/admin/command", 1, expect.stringContaining("is reserved")],
    ])
  })

  it("counts what takes a wrongly stored message away as cleared, and finds no fault in it", () => {
    const monitor = createMonitor(ir, { retainAsPublished: true })
    monitor.observe({ ...order, retain: true })
    monitor.observe({ ...order, payload: new Uint8Array(0), retain: true })
    expect(monitor.report()).toMatchObject({ cleared: 1, total: { messages: 2, faulty: 1 } })
  })

  it.each([
    ["iot-car/car-1/command", '"car-1" does not match car-[0-9]{3,6}'],
    ["iot-car/admin/command", '"admin" is reserved by the contract'],
    ["iot-car/car-001/commands", "fits no topic of the contract"],
  ])("says why %s is no topic", (topic, words) => {
    const monitor = createMonitor(ir, { retainAsPublished: true, prefix: "acme" })
    monitor.observe({ ...order, topic: `acme/${topic}` })
    expect(monitor.report().findings[0]?.words).toContain(words)
  })

  it("does not take a live message at 3.1.1 for one that was not stored", () => {
    expect(faults({ ...good, retain: false }, false)).toEqual([])
    expect(faults({ ...order, retain: true }, false)).toEqual(["retain"])
  })

  it("keeps the deployment's prefix apart", () => {
    const monitor = createMonitor(ir, { retainAsPublished: true, prefix: "acme/staging" })
    monitor.observe({ ...order, topic: `acme/staging/${order.topic}` })
    monitor.observe(order)
    expect(monitor.report().findings.map(({ code }) => code)).toEqual<FaultCode[]>(["topic"])
    expect(monitor.filters).toContain("acme/staging/iot-car/+/command")
  })

  it("subscribes to each topic once, or to everything below", () => {
    const { filters } = createMonitor(ir, { retainAsPublished: true })
    expect(filters).toContain("iot-car/+/config")
    // `+` selects it already.
    expect(filters).not.toContain("iot-car/fleet/config")
    expect(filters).toContain("iot-car/+/config/reported")
    expect(createMonitor(ir, { retainAsPublished: true, wide: true }).filters).toEqual(["iot-car/#"])
  })

  it("counts by channel, by device and by finding", () => {
    const seen: string[] = []
    const monitor = createMonitor(ir, { retainAsPublished: true, onFinding: ({ code }) => seen.push(code) })
    for (let n = 0; n < 3; n++) monitor.observe(good)
    for (let n = 0; n < 2; n++) monitor.observe({ ...order, topic: "iot-car/car-002/command", qos: 0 })
    monitor.observe({ topic: "iot-car/car-002/config", payload: new Uint8Array(0), qos: 1, retain: true })
    const report = monitor.report()
    expect(report.total).toMatchObject({ messages: 6, faulty: 2 })
    expect(report.cleared).toBe(1)
    expect(report.legs.find(({ leg }) => leg === "status.message")).toMatchObject({ messages: 3, faulty: 0 })
    expect(report.devices.map(({ device, messages, faulty }) => [device, messages, faulty])).toEqual([
      ["car-001", 3, 0],
      ["car-002", 3, 2],
    ])
    expect(report.findings).toMatchObject([{ code: "qos", leg: "drive.request", count: 2 }])
    expect(seen).toEqual(["qos"])
    expect(formatMonitorReport(report)).toContain("6 messages")
  })

  it("holds no more than its bounds, whoever comes", () => {
    const monitor = createMonitor(ir, { retainAsPublished: true, maxDevices: 100, maxFindings: 5 })
    for (let n = 0; n < 5_000; n++) {
      const topic = `iot-car/car-${String(n).padStart(4, "0")}/command`
      monitor.observe({ topic, payload: text({ ...command, [`x${n}`]: 1, action: `fly-${n}` }), qos: 1, retain: false })
      monitor.observe({
        topic: `iot-car/${"x".repeat(n % 300)}/\u001b[2J`,
        payload: new Uint8Array(n % 90),
        qos: 0,
        retain: false,
      })
    }
    const report = monitor.report()
    expect(report.devices).toHaveLength(100)
    expect(report.otherDevices.messages).toBe(4_900)
    expect(report.findings.length).toBeLessThanOrEqual(5)
    expect(report.total.messages).toBe(10_000)
    expect(report.total.faulty).toBe(10_000)
  })

  it("lets nothing through that a terminal would obey", () => {
    const monitor = createMonitor(ir, { retainAsPublished: true })
    const evil = "\u001b]0;owned\u0007\u009b31m\u202e\r\n"
    monitor.observe({ ...order, topic: `iot-car/${evil}/command`, payload: text(evil) })
    monitor.observe({ ...order, payload: text(evil) })
    monitor.observe({ ...order, payload: Uint8Array.of(0xff, 0x1b, 0x00) })
    const shown = formatMonitorReport(monitor.report())
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(shown).toContain("\\u{1b}")
  })
})
