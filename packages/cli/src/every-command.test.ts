import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"
import { COMMANDS } from "./command-list.js"

let scratch: Scratch
// Every command is loaded here, which takes a while where much else runs.
beforeAll(async () => {
  for (const load of Object.values(COMMANDS)) await load()
  scratch = await createScratch()
  await scratch.write({
    "lamp/contract.ts": LAMP,
    "wrong/contract.ts": "export default 5\n",
    "asyncapi.yaml": "asyncapi: 3.0.0\n",
  })
  await scratch.fleetwire(["generate"], { cwd: "lamp" })
}, 240_000)
afterAll(() => scratch.remove())

const NOBODY = ["--url", "mqtt://127.0.0.1:1"]
/** A line of each command that comes to an end without a broker, well or badly. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  init: ["../made", "--name", "made"],
  import: ["../asyncapi.yaml", "--out", "../imported"],
  generate: ["--check"],
  check: [],
  diff: ["--against", "contract.lock.json"],
  lock: ["resolve", "--onto", "main"],
  explain: ["contract/qos-2"],
  size: [],
  send: ["config", '{ "version": 1 }', "-p", "lampId=lamp-1", ...NOBODY],
  call: ["setLight", '{ "brightness": 4 }', "-p", "lampId=lamp-1", ...NOBODY],
  monitor: [...NOBODY, "--for", "1s"],
  access: ["--principal", "ada", "--role", "app"],
  "broker-settings": ["--devices", "5"],
  doctor: ["--offline"],
  certs: ["../pki"],
  verify: ["device", ...NOBODY],
}
/** What speaks of each line of its input says a line of JSON for each. */
const LINE_BY_LINE = ["send", "call"]

function readJson(name: string, out: string): unknown {
  const texts = LINE_BY_LINE.includes(name) && !out.startsWith("{\n") ? out.trim().split("\n") : [out]
  expect(texts.length).toBeGreaterThan(0)
  return texts.map((text) => JSON.parse(text) as unknown)
}

describe("every command", () => {
  it("has a line here, but completion, which prints a script", () => {
    expect(Object.keys(LINES)).toEqual(Object.keys(COMMANDS).filter((name) => name !== "completion"))
  })

  it.each(Object.entries(LINES))("%s says JSON where it is asked to, and nothing else", async (name, argv) => {
    const { out } = await scratch.fleetwire([name, ...argv, "--json"], { cwd: "lamp" })
    readJson(name, out)
  })

  it.each(Object.keys(COMMANDS))("%s says JSON of wrong use, too", async (name) => {
    const { code, out, err } = await scratch.fleetwire([name, "--no-such-option", "--json"], { cwd: "lamp" })
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: { kind: "misuse", message: expect.stringContaining("no-such-option") },
    })
    expect(err).toContain("there is no option --no-such-option")
  })

  it.each(["generate", "check", "diff", "size"])("%s says JSON of a contract that is none", async (name) => {
    const more = name === "diff" ? ["--against", "../lamp/contract.lock.json"] : []
    const { code, out } = await scratch.fleetwire([name, ...more, "--json"], { cwd: "wrong" })
    expect(code).toBe(1)
    expect(out).toContain("contract/not-a-contract")
    JSON.parse(out)
  })

  // Whoever finds no broker waits for it, and has said so above.
  it.each(Object.entries(LINES).filter(([, argv]) => !argv.includes("--url")))(
    "%s prints no colours where nobody sees them",
    async (name, argv) => {
      const fresh = argv.map((word) => word.replace(/^\.\.\/(made|imported|pki)$/, "../again-$1"))
      const { out, err } = await scratch.fleetwire([name, ...fresh], { cwd: "lamp" })
      expect(out + err).not.toContain("\u001b")
    },
  )

  it("has no colours and no progress in a pipe", () => {
    const command = join(fileURLToPath(import.meta.url), "../../../../tools/setup/fleetwire.mjs")
    const { stdout, stderr } = spawnSync(process.execPath, [command, "check"], {
      cwd: join(scratch.folder, "wrong"),
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "1" },
    })
    expect(stderr).toContain("error[contract/not-a-contract]")
    expect(stdout + stderr).not.toContain("\u001b")
  })
})
