import { mkdtemp, rm } from "node:fs/promises"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type HttpApi, serveHttpApi } from "./http-api.js"
import { openSqliteStore } from "./sqlite-store.js"
import type { Store, StoredMessage } from "./store.js"

let directory = ""
let store: Store
let api: HttpApi
let healthy = true

function telemetry(n: number, over: Partial<StoredMessage> = {}): StoredMessage {
  return {
    receivedAt: 1_000 * n,
    device: "car-001",
    channel: "telemetry",
    leg: "telemetry.message",
    topic: "iot-car/car-001/telemetry",
    qos: 0,
    retained: false,
    payload: JSON.stringify({
      battery: 100 - n,
      sensors: { gps: { latitude: 52.5 } },
      note: n === 1 ? '=1+1,"x"' : "-3",
    }),
    digest: String(n),
    ...over,
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-http-"))
  store = await openSqliteStore({ file: join(directory, "a.db") })
  await store.commit({
    messages: [
      ...[1, 2, 3, 4, 5].map((n) => telemetry(n)),
      telemetry(6, { device: "car-002", topic: "iot-car/car-002/telemetry" }),
    ],
    receipts: [],
    presence: [{ device: "car-001", state: "online", since: 900 }],
  })
  api = await serveHttpApi({ store, health: () => ({ ok: healthy, stored: 6 }) })
})
afterAll(async () => {
  await api.close()
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

/** The path goes out as it is written, which `fetch` would tidy up. */
function get(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(api.url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => (text += chunk))
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asked.on("error", reject)
    asked.end()
  })
}

async function json(path: string): Promise<unknown> {
  return JSON.parse((await get(path)).text)
}

describe("serveHttpApi", () => {
  it("lists devices with presence", async () => {
    expect(await json("/devices")).toEqual({
      devices: [
        { device: "car-001", lastSeen: 5_000, presence: "online" },
        { device: "car-002", lastSeen: 6_000, presence: "unknown" },
      ],
    })
    expect(await json("/presence")).toEqual({ presence: [{ device: "car-001", state: "online", since: 900 }] })
  })

  it("shows the latest of one device", async () => {
    expect(await json("/devices/car-001")).toMatchObject({
      device: "car-001",
      presence: { state: "online" },
      latest: [{ channel: "telemetry", receivedAt: 5_000, message: { battery: 95 } }],
    })
  })

  it("pages through a history without a gap", async () => {
    const first = (await json("/devices/car-001/history?limit=3")) as { messages: unknown[]; after: number }
    const second = (await json(`/devices/car-001/history?limit=3&after=${first.after}`)) as { messages: unknown[] }
    expect(first.messages).toHaveLength(3)
    expect(second.messages).toHaveLength(2)
    expect(second).not.toHaveProperty("after")
  })

  it("limits a history by channel and time", async () => {
    const rows = (await json("/devices/car-001/history?channel=telemetry&from=2000&to=4000")) as {
      messages: { receivedAt: number }[]
    }
    expect(rows.messages.map((row) => row.receivedAt)).toEqual([2_000, 3_000])
    expect(await json("/devices/car-001/history?channel=log")).toMatchObject({ messages: [] })
  })

  it("exports the long form, with formulas made harmless and cells quoted", async () => {
    const { text } = await get("/export.csv?device=car-001&limit=1")
    expect(text).toBe(
      [
        "timestamp,device_id,metric,value",
        "1970-01-01T00:00:01.000Z,car-001,telemetry.message.battery,99",
        "1970-01-01T00:00:01.000Z,car-001,telemetry.message.sensors.gps.latitude,52.5",
        '1970-01-01T00:00:01.000Z,car-001,telemetry.message.note,"\'=1+1,""x"""',
        "",
      ].join("\r\n"),
    )
    expect((await get("/export.csv?device=car-001&from=2000&limit=1")).text).toContain("note,-3\r\n")
  })

  it("says 503 when the bridge is not well", async () => {
    healthy = false
    expect((await get("/health")).status).toBe(503)
    healthy = true
    expect(await json("/health")).toEqual({ ok: true, stored: 6 })
  })

  const refused = [
    { given: "/devices/car-009", want: 404 },
    { given: "/devices/..%2f..%2fetc%2fpasswd", want: 400 },
    { given: "/devices/../../etc/passwd", want: 404 },
    { given: "/devices/../history", want: 400 },
    { given: "/devices/car-001/secrets", want: 404 },
    { given: "/devices/car-001/history/x", want: 404 },
    { given: "/devices/car-001/history?limit=100000", want: 400 },
    { given: "/devices/", want: 400 },
    { given: "/presence/x", want: 404 },
    { given: "//", want: 404 },
    { given: "/export.csv?from=x", want: 400 },
  ]
  for (const { given, want } of refused) {
    it(`answers ${want} to ${given}`, async () => {
      const { status, text } = await get(given)
      expect(status).toBe(want)
      expect(JSON.parse(text)).toHaveProperty("error")
    })
  }

  it("answers no other method and no other host name", async () => {
    expect((await get("/devices", {}, "DELETE")).status).toBe(405)
    expect((await get("/devices", { host: "evil.example" })).status).toBe(403)
    expect(await get("/devices", {}, "HEAD")).toEqual({ status: 200, text: "" })
  })
})
