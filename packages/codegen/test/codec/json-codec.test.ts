import { createDynamicCodec } from "@fleetwire/dynamic"
import { beforeAll, describe, expect, it } from "vitest"
import { carContract } from "./car-contract.js"
import { type LoadedMessage, loadCodecs, printCodecs } from "./load-codecs.js"

const telemetry = {
  device_id: "car-001",
  timestamp: 1706169600,
  battery: 85,
  sensors: {
    distance_front: 45,
    distance_rear: 120,
    temperature: 28.5,
    gps: { latitude: 37.7749, longitude: -122.4194, altitude: 10.5 },
  },
  status: { motors: "idle", wifi_rssi: -45, uptime: 3600 },
}

let loaded: ReadonlyMap<string, LoadedMessage>

beforeAll(async () => {
  ;[loaded] = (await loadCodecs([carContract], () => ["json", "compact", "protobuf"])) as [
    ReadonlyMap<string, LoadedMessage>,
  ]
})

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)

describe("json codec", () => {
  it("reads and writes telemetry", () => {
    if (process.env.SHOW) for (const [path, text] of printCodecs(carContract)) console.log(path, "\n", text)
    const { json } = loaded.get("Telemetry")!.codecs
    const text = JSON.stringify(telemetry)
    expect(json!.decode(octets(text))).toEqual({ ok: true, value: telemetry })
    expect(json!.decode(octets(JSON.stringify(telemetry, null, 2)))).toEqual({ ok: true, value: telemetry })
    const written = json!.encode(telemetry)
    expect(written.ok && new TextDecoder().decode(written.value)).toBe(text)
    const oracle = createDynamicCodec(carContract, "Telemetry", "compact").encode(telemetry)
    const compact = loaded.get("Telemetry")!.codecs.compact!.encode(telemetry)
    expect(compact.ok && new TextDecoder().decode(compact.value)).toBe(
      oracle.ok && new TextDecoder().decode(oracle.value),
    )
  })

  it("agrees with the interpreted codec in protobuf", () => {
    const oracle = createDynamicCodec(carContract, "Telemetry", "protobuf").encode(telemetry)
    const { protobuf } = loaded.get("Telemetry")!.codecs
    const made = protobuf!.encode(telemetry)
    expect(made.ok && [...made.value]).toEqual(oracle.ok && [...oracle.value])
    expect(protobuf!.decode(made.ok ? made.value : octets(""))).toEqual({ ok: true, value: telemetry })
  })

  it("says what is wrong", () => {
    const { json } = loaded.get("Telemetry")!.codecs
    expect(json!.decode(octets('{"battery":101,"device_id":null,"timestamp":1.5}'))).toMatchObject({
      ok: false,
      issues: [
        { path: "/device_id", code: "null" },
        { path: "/timestamp", code: "not_integer" },
        { path: "/battery", code: "maximum" },
        { path: "/sensors", code: "required" },
        { path: "/status", code: "required" },
      ],
    })
  })
})
