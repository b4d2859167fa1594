import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { compile } from "./compile.js"
import { costReport } from "./cost-report.js"
import { formatCost } from "./size.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const { ir } = await compile(join(SCHEMAS, "iot-car/contract.ts"))

describe("fleetwire size", () => {
  const report = costReport(ir!)
  const leg = (id: string) => report.legs.find((one) => one.id === id)!

  it("counts what the vectors have, format by format", () => {
    const sizes = leg("telemetry.message").formats
    expect(sizes.map(({ format }) => format)).toEqual(["compact", "json", "protobuf"])
    const typical = Object.fromEntries(sizes.map(({ format, typical: octets }) => [format, octets]))
    expect(typical.protobuf).toBeLessThan(typical.compact!)
    expect(typical.compact).toBeLessThan(typical.json!)
    for (const { typical: octets, worst } of sizes) expect(worst).toBeGreaterThanOrEqual(octets)
  })

  it("adds topic, header and acknowledgements", () => {
    const { topic, formats } = leg("telemetry.message")
    const json = formats.find(({ format }) => format === "json")!
    expect(topic).toBe("iot-car/car-001/telemetry".length)
    // Fixed header of three octets, two for the topic's length.
    expect(json.wire[0]).toBe(3 + 2 + topic + json.typical)
    expect(json.wire[1]).toBe(json.wire[0] + 2 + 4)
    expect(json.aliased).toBe(json.wire5 - topic + 3)
  })

  it("knows a day at the declared rate", () => {
    const { wire } = leg("telemetry.message").formats.find(({ format }) => format === "json")!
    expect(report.day).toMatchObject({ messages: 86_400, bytes: 86_400 * wire[0] })
  })

  it("grows by a deployment's prefix", () => {
    const more = costReport(ir!, "acme/staging")
    expect(more.legs[0]!.topic).toBe(report.legs[0]!.topic + "acme/staging/".length)
  })

  it("says what a firmware must hold, and what has no bound", () => {
    expect(report.buffers.unbounded).toEqual([])
    expect(report.buffers.write).toBeGreaterThan(report.buffers.read! / 10)
    expect(formatCost(report)).toContain("A firmware's buffers: ")
  })

  it("counts for a reader what the C header reserves: the room that maxBytes leaves to later versions", () => {
    const drive = ir!.channels.find(({ name }) => name === "drive")!.legs[0]!
    expect(leg("drive.request").maxBytes).toBe(drive.maxBytes)
    expect(report.buffers.readLater).toBeGreaterThanOrEqual(drive.maxBytes + leg("drive.request").topicWorst)
    expect(report.buffers.readLater! - report.buffers.read!).toBeGreaterThan(200)
  })
})
