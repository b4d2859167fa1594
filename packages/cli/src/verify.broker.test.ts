import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { startMosquitto } from "@fleetwire/broker-lab"
import { mqttTransport } from "@fleetwire/mqtt"
import { createDevice } from "@fleetwire/runtime/codegen-v1"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"
import { compile } from "./compile.js"
import { describeContract } from "./describe-contract.js"

let scratch: Scratch
const ends: (() => Promise<unknown>)[] = []

/** A lamp that is there already, on a broker of its own. */
async function lamp(serve: boolean): Promise<readonly string[]> {
  const broker = await startMosquitto({ settings: { max_queued_messages: 0 } })
  const { ir } = await compile(join(scratch.folder, "contract.ts"))
  const described = describeContract(ir!)
  const channels = ir!.channels.map(({ name }) => described.channel(name)!)
  const options = { url: broker.url, transport: mqttTransport() }
  const presence = channels.find(({ kind }) => kind === "presence")
  const device = createDevice(
    { contract: described.contract, channels, ...(presence?.kind === "presence" && { presence }) },
    "lamp-1",
    options,
  )
  const light = channels.find(({ name }) => name === "setLight")!
  if (serve && light.kind === "command") device.commandServer(light).handle(() => ({ message: "done" }))
  await device.client.connect()
  ends.push(() => device.client.close().then(() => broker.stop()))
  return ["--url", broker.url, "--id", "lamp-1", "--mqtt", "5"]
}

beforeAll(async () => {
  scratch = await createScratch()
  await scratch.write({ "contract.ts": LAMP })
})
afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
  await scratch.remove()
})

describe("fleetwire verify", () => {
  it("prints a score card of a device that is attached, as text and as JUnit XML, and exits 0", async () => {
    const at = await lamp(true)
    const { code, out } = await scratch.fleetwire([
      "verify",
      "device",
      ...at,
      "--clause",
      "C-2",
      "--clause",
      "T-3",
      "--junit",
      "card.xml",
    ])
    expect(out).toMatch(/^T-3 {3}5 {6}not observable {2}the subject must come through the kit's proxy: --exec$/m)
    expect(out).toMatch(/^C-2 {3}5 {6}pass {12}reply-place$/m)
    expect(code).toBe(0)
    const xml = await readFile(join(scratch.folder, "card.xml"), "utf8")
    expect(xml).toContain('<testcase classname="lamp.device.C-2" name="reply-place: ')
  })

  it("exits 1 where nothing could be seen to hold", async () => {
    const at = await lamp(true)
    const { code, out } = await scratch.fleetwire(["verify", "device", ...at, "--clause", "S-5", "--json"])
    expect(JSON.parse(out)).toMatchObject({
      contract: "lamp",
      side: "device",
      sums: { pass: 0, fail: 0, "not-observable": 1 },
    })
    expect(code).toBe(1)
  })

  it("exits 1, with what came instead, where a device does not answer as it must", async () => {
    const at = await lamp(false)
    const { code, out } = await scratch.fleetwire(["verify", "device", ...at, "--scenario", "reply-place"])
    expect(out).toMatch(/^FAIL reply-place at MQTT 5: /m)
    expect(code).toBe(1)
  })

  const misuse = [
    { given: ["verify"], want: "verify what?" },
    { given: ["verify", "bridge"], want: "verify what?" },
    { given: ["verify", "device"], want: "--exec, or --url" },
    { given: ["verify", "device", "--url", "mqtt://127.0.0.1"], want: "--id" },
    { given: ["verify", "controller", "--url", "mqtt://127.0.0.1"], want: "--exec" },
    { given: ["verify", "device", "--exec", "true", "--mqtt", "4"], want: "5 or 3.1.1" },
    { given: ["verify", "device", "--exec", "true", "--capabilities", "flying"], want: "flying is none of" },
    { given: ["verify", "device", "--exec", "true", "--clause", "Q-1"], want: "no scenario of a device is for Q-1" },
  ]
  for (const { given, want } of misuse)
    it(`refuses \`fleetwire ${given.join(" ")}\``, async () => {
      const { code, err } = await scratch.fleetwire(given)
      expect([code, err]).toEqual([2, expect.stringContaining(want)])
    })
})
