import { join } from "node:path"
import { brokerForTests, uniqueName } from "@fleetwire/broker-lab"
import { mqttTransport } from "@fleetwire/mqtt"
import { createDevice, type DeviceEngine } from "@fleetwire/runtime/codegen-v1"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"
import { compile } from "./compile.js"
import { describeContract } from "./describe-contract.js"

let scratch: Scratch
let device: DeviceEngine
let shell: readonly string[]
const heard: string[] = []

beforeAll(async () => {
  const { url } = await brokerForTests()
  const topicPrefix = uniqueName("cli")
  scratch = await createScratch()
  await scratch.write({ "contract.ts": LAMP })
  shell = ["--url", url, "--prefix", topicPrefix, "-p", "lampId=lamp-1"]
  const { ir } = await compile(join(scratch.folder, "contract.ts"))
  const described = describeContract(ir!)
  const channels = ir!.channels.map(({ name }) => described.channel(name)!)
  const options = { url, topicPrefix, transport: mqttTransport(), clientId: uniqueName("lamp") }
  device = createDevice({ contract: described.contract, channels }, "lamp-1", options)
  for (const channel of channels) {
    if (channel.kind === "command") {
      device.commandServer<{ brightness: number; serial?: bigint }, object>(channel).handle((request) => {
        heard.push(`light ${request.brightness}`)
        if (request.brightness === 13) throw new Error("not this one")
        const serial = request.serial === undefined ? {} : { serial: request.serial }
        return { status: "success", message: `at ${request.brightness}`, ...serial }
      })
    }
    if (channel.kind === "action") device.actionServer(channel).handle((word) => void heard.push(`toggle ${word}`))
    if (channel.kind === "config") {
      device.configReader<{ level?: number }>(channel).handle(({ level }) => void heard.push(`level ${level}`))
    }
    if (channel.kind === "telemetry") {
      device.stream<{ words: string }, { lampId: string }>(channel).handle(({ message }) => {
        heard.push(`hint ${message.words}`)
      })
    }
    if (channel.kind === "broadcast") {
      device.broadcastServer<{ brightness: number }, undefined>(channel).handle((request) => {
        heard.push(`all ${request.brightness}`)
        return undefined
      })
    }
  }
  await device.client.connect()
})
afterAll(async () => {
  await device.client.close()
  await scratch.remove()
})

const arrived = (what: string) => expect.poll(() => heard, { timeout: 5_000 }).toContain(what)

describe("fleetwire call", () => {
  it("prints the reply as one line of JSON", async () => {
    const { code, out, err } = await scratch.fleetwire(["call", "setLight", '{"brightness": 40}', ...shell])
    expect([code, err]).toEqual([0, ""])
    expect(JSON.parse(out)).toMatchObject({ status: "success", message: "at 40" })
  })

  it("takes a line each from standard input, and 64 bits exactly", async () => {
    const input = '{"brightness": 1}\n\n{"brightness": 2, "serial": "18446744073709551615"}\n'
    const { code, out } = await scratch.fleetwire(["call", "setLight", ...shell], { input })
    expect(code).toBe(0)
    const replies = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(replies).toMatchObject([{ message: "at 1" }, { message: "at 2", serial: "18446744073709551615" }])
  })

  it("goes on after a failure, says what failed, and exits 1", async () => {
    const input = '{"brightness": 101}\n{"brightness": 13}\n{"brightness": 3}\n'
    const { code, out, err } = await scratch.fleetwire(["call", "setLight", ...shell], { input })
    expect(code).toBe(1)
    expect(out.trimEnd().split("\n")).toHaveLength(1)
    expect(err).toContain("[invalid_argument]")
    expect(err).toContain(
      "line 1: [invalid_argument] setLight.request does not fit the contract\n  /brightness: above 100; expected u8 0…100, received 101\n",
    )
    expect(err).toContain("[command_failed]")
    expect(heard).not.toContain("light 101")
  })

  it("uses a lock alone, without TypeScript", async () => {
    await scratch.fleetwire(["generate"])
    const argv = ["call", "setLight", '{"brightness": 5}', "--contract", "contract.lock.json", ...shell]
    expect(await scratch.fleetwire(argv)).toMatchObject({ code: 0, out: expect.stringContaining("at 5") })
  })
})

describe("fleetwire send", () => {
  it.each([
    { argv: ["toggle", "on"], want: "toggle on" },
    { argv: ["config", '{"version": 1, "level": 7}'], want: "level 7" },
    { argv: ["hint", '{"words": "hello"}', "--role", "guest"], want: "hint hello" },
    { argv: ["all", '{"brightness": 9}'], want: "all 9" },
  ])("publishes $argv", async ({ argv, want }) => {
    const { code, err } = await scratch.fleetwire(["send", ...argv, ...shell])
    expect([code, err]).toEqual([0, ""])
    await arrived(want)
  })
})

describe("wrong use", () => {
  it.each([
    { argv: ["call", "toggle", "on"], err: "toggle is no command that controllers call: known are setLight" },
    { argv: ["send", "setLight", "{}"], err: "setLight is a command: use `fleetwire call setLight`" },
    { argv: ["send", "status", "{}"], err: "controllers do not publish status.message" },
    { argv: ["send", "hint", "{}", "--role", "nobody"], err: "there is no role nobody: known are app, guest" },
    {
      argv: ["call", "setLight", "{}", "--role", "guest"],
      err: "role guest may not publish setLight.request; these may: app",
    },
    { argv: ["send", "hint", "{}", "--format", "text"], err: "hint does not speak text: it accepts json" },
  ])("exits 2: $err", async ({ argv, err }) => {
    expect(await scratch.fleetwire([...argv, ...shell])).toEqual({ code: 2, out: "", err: `fleetwire: ${err}\n` })
  })

  it("refuses a param that does not fit, before anything is sent", async () => {
    const argv = ["call", "setLight", '{"brightness": 4}', ...shell, "-p", "lampId=all"]
    const { code, err } = await scratch.fleetwire(argv)
    expect(code).toBe(2)
    expect(err).toContain("lampId: ")
  })

  it("says that the broker is not there", async () => {
    const argv = ["call", "setLight", "{}", "-p", "lampId=lamp-1", "--url", "mqtt://127.0.0.1:1", "--timeout", "1s"]
    const { code, err } = await scratch.fleetwire(argv)
    expect(code).toBe(1)
    expect(err).toMatch(/^\[unavailable\] no connection within \d+ ms to mqtt:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/)
  })
})
