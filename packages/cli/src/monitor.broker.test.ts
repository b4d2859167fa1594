import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { brokerForTests, startMosquitto, uniqueName } from "@fleetwire/broker-lab"
import { connectRaw, type RawClient } from "@fleetwire/conformance"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createScratch, type Ran, type Scratch } from "../test/scratch.js"
import { run } from "./run.js"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const CONTRACT = join(root, "schemas/iot-car/contract.lock.json")
const ONLINE = JSON.stringify({ device_id: "car-001", timestamp: 1706169600, status: "online" })
const STOP = JSON.stringify({ id: "a", timestamp: 1706169600, action: "stop" })

let scratch: Scratch
let url: string
let peer: RawClient

beforeAll(async () => {
  url = (await brokerForTests()).url
  scratch = await createScratch()
  peer = await connectRaw({ url, clientId: uniqueName("peer") })
})
afterAll(async () => {
  peer.destroy()
  await scratch.remove()
})

/** Monitors for a moment while `work` goes on, under a prefix of its own. */
async function monitored(more: readonly string[], work: (prefix: string) => Promise<void>): Promise<Ran> {
  const prefix = uniqueName("monitor")
  let out = ""
  let err = ""
  const running = run(
    ["monitor", "--contract", CONTRACT, "--url", url, "--prefix", prefix, "--for", "2500ms", ...more],
    {
      cwd: root,
      color: false,
      input: process.stdin,
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
    },
  )
  await expect.poll(() => err, { timeout: 20_000 }).toContain("listening")
  await work(prefix)
  return { code: await running, out, err }
}

describe.each(["3.1.1", "5"])("fleetwire monitor at MQTT %s", (protocol) => {
  it("exits 0 where everything fits the contract, and counts it", async () => {
    const { code, out } = await monitored(["--protocol", protocol], async (prefix) => {
      await peer.publish(`${prefix}/iot-car/car-001/status`, ONLINE, { qos: 1, retain: true })
      for (let n = 0; n < 5; n++) await peer.publish(`${prefix}/iot-car/car-002/command`, STOP, { qos: 1 })
    })
    expect(out).toMatch(/drive\.request +5 +\d+ +0\n/)
    expect(out).toMatch(/car-001 +1 /)
    expect(out).toContain("6 messages")
    expect(code).toBe(0)
  })

  it("exits 1 with what does not fit, each kind once with an example", async () => {
    const { code, out } = await monitored(["--protocol", protocol, "--wide"], async (prefix) => {
      for (let n = 0; n < 3; n++) await peer.publish(`${prefix}/iot-car/car-001/command`, "faster!", { qos: 1 })
      await peer.publish(`${prefix}/iot-car/car-001/commands`, STOP, { qos: 1 })
    })
    expect(out).toMatch(/payload drive\.request: syntax.*\(3×\)\n {2}\S+iot-car\/car-001\/command faster!/)
    expect(out).toMatch(/topic -: fits no topic of the contract \(1×\)/)
    expect(code).toBe(1)
  })
})

describe("fleetwire monitor", () => {
  it("prints the summary as JSON", async () => {
    const { code, out, err } = await monitored(["--json"], async (prefix) => {
      await peer.publish(`${prefix}/iot-car/car-001/command`, STOP, { qos: 0 })
    })
    expect(JSON.parse(out)).toMatchObject({
      contract: "iot-car",
      total: { messages: 1, faulty: 1 },
      findings: [{ code: "qos", leg: "drive.request", count: 1 }],
    })
    expect(err).toContain("listening")
    expect(code).toBe(1)
  })

  it("exits 2 where there is no broker, and for what it does not understand", async () => {
    const away = await scratch.fleetwire([
      "monitor",
      "--contract",
      CONTRACT,
      "--url",
      "mqtt://127.0.0.1:1",
      "--for",
      "1s",
    ])
    expect(away).toMatchObject({ code: 2 })
    expect(away.err).toContain("no broker answers")
    for (const argv of [["--for", "soon"], ["everything"], ["--bogus"]]) {
      expect((await scratch.fleetwire(["monitor", "--contract", CONTRACT, ...argv])).code).toBe(2)
    }
  })

  it("exits 2 where the broker lets this account read nothing", async () => {
    const broker = await startMosquitto({ users: { watcher: "secret" }, acl: "user watcher\ntopic write x\n" })
    const argv = ["monitor", "--contract", CONTRACT, "--url", broker.url, "--for", "1s"]
    const refused = await scratch.fleetwire([...argv, "--username", "watcher", "--password", "wrong"])
    expect(refused.code).toBe(2)
    expect(refused.err).not.toContain("wrong")
    await broker.stop()
  })

  it("comes back after the broker, and survives a flood of rubbish until Ctrl-C", { timeout: 90_000 }, async () => {
    const broker = await startMosquitto({ settings: { max_queued_messages: 0 } })
    const program = startMonitor(["--contract", CONTRACT, "--url", broker.url, "--wide"])
    await program.says("listening")
    await broker.restart()
    await program.says("listening", 2)
    await sleep(300)
    const hostile = await connectRaw({ url: broker.url, clientId: "hostile" })
    for (let n = 0; n < 20_000; n++) {
      const payload = n % 3 === 0 ? `{"id":"${"[".repeat(200)}` : Buffer.alloc(n % 700, n)
      hostile.send({
        cmd: "publish",
        topic: `iot-car/car-${n}/${n % 2 ? "command" : "\u202e$x"}`,
        payload,
        qos: 0,
        dup: false,
        retain: false,
      })
      if (n % 1_000 === 0) await sleep(5)
    }
    const deep = `{"id":${"[".repeat(50_000)}`
    await hostile.publish("iot-car/car-001/command", deep, { qos: 1 })
    await hostile.publish("iot-car/car-001/command", Buffer.alloc(3_000_000, 0x20), { qos: 1 })
    await sleep(1_500)
    program.child.kill("SIGINT")
    expect(await program.exited).toBe(1)
    expect(program.out()).toMatch(/\d{5} messages/)
    expect(program.out()).toContain("size drive.request")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(program.out()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    hostile.destroy()
    await broker.stop()
  })
})

interface Program {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  out(): string
  /** Resolves once the words were said so many times. */
  says(words: string, times?: number): Promise<void>
}

function startMonitor(argv: readonly string[]): Program {
  const child = spawn(process.execPath, [join(root, "tools/setup/fleetwire.mjs"), "monitor", ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  })
  let out = ""
  let err = ""
  child.stdout.on("data", (chunk) => {
    out += String(chunk)
  })
  child.stderr.on("data", (chunk) => {
    err += String(chunk)
  })
  return {
    child,
    exited: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
    out: () => out,
    says: (words, times = 1) =>
      expect.poll(() => err.split(words).length - 1, { timeout: 20_000 }).toBeGreaterThanOrEqual(times),
  }
}
