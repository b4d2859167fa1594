import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { contractText, createScratch, type Scratch } from "../test/scratch.js"

let scratch: Scratch
beforeEach(async () => {
  scratch = await createScratch()
})
afterEach(() => scratch.remove())

const manifest = (fleetwire: object) => `${JSON.stringify({ name: "x", fleetwire })}\n`
const withSdk = { targets: { typescript: { out: "./sdk", package: "@acme/demo" } } }

describe("fleetwire generate", () => {
  it("writes lock and SDK, then finds nothing to change", async () => {
    await scratch.write({ "package.json": manifest(withSdk), "contract.ts": contractText("level: t.uint8()") })
    const first = await scratch.fleetwire(["generate"])
    expect(first).toMatchObject({ code: 0, err: "" })
    expect(first.out).toContain("written contract.lock.json")
    expect(JSON.parse(await scratch.read("sdk/package.json"))).toMatchObject({ name: "@acme/demo" })
    const before = await Promise.all((await scratch.files()).map((path) => scratch.read(path)))
    const second = await scratch.fleetwire(["generate"])
    expect(second).toEqual({ code: 0, out: "demo 1.0.0 (contract.ts) -> sdk\nnothing to change\n", err: "" })
    expect(await Promise.all((await scratch.files()).map((path) => scratch.read(path)))).toEqual(before)
  })

  it("compares with --check, writes nothing, and exits 1 with a diff when something is stale", async () => {
    await scratch.write({ "package.json": manifest(withSdk), "contract.ts": contractText("level: t.uint8()") })
    expect((await scratch.fleetwire(["generate", "--check"])).code).toBe(1)
    expect(await scratch.files()).toEqual(["contract.ts", "package.json"])
    await scratch.fleetwire(["generate"])
    expect(await scratch.fleetwire(["generate", "--check"])).toMatchObject({ code: 0, err: "" })
    await scratch.write({ "contract.ts": contractText("level: t.uint8(), more: t.bool()") })
    const files = await scratch.files()
    const stale = await scratch.fleetwire(["generate", "--check"])
    expect(stale.code).toBe(1)
    expect(stale.err).toContain("changed contract.lock.json")
    expect(stale.err).toMatch(/^\+.*"name": "more"/m)
    expect(stale.err).toMatch(/stale: run `fleetwire generate` and commit the result\n$/)
    expect(await scratch.files()).toEqual(files)
  })

  it("writes nothing for a contract with an error, and shows the line", async () => {
    await scratch.write({
      "package.json": manifest(withSdk),
      "contract.ts": contractText("level: t.uint8({ max: 300 })"),
    })
    const { code, err } = await scratch.fleetwire(["generate"])
    expect(code).toBe(1)
    expect(err).toBe(`error[contract/bounds-width] max 300 does not fit uint8
  --> contract.ts:3:47 (Reading.level)
    2 |
  > 3 | const Reading = message("Reading", { level: t.uint8({ max: 300 }) })
      |                                               ^
    4 |
  help: use a wider integer, or a bound from 0 to 255

1 error
`)
    expect(await scratch.files()).toEqual(["contract.ts", "package.json"])
  })

  it("takes every contract of a repository's schemas, from any folder of it", async () => {
    await scratch.write({
      "schemas/one/contract.ts": contractText("a: t.bool()", "one"),
      "schemas/two/contract.ts": contractText("b: t.bool()", "two"),
      "apps/web/readme.txt": "",
    })
    const { code, out } = await scratch.fleetwire(["generate"], { cwd: "apps/web" })
    expect(code).toBe(0)
    expect(out).toMatch(/^one 1\.0\.0 .*\ntwo 1\.0\.0 /)
    expect(await scratch.files()).toContain("schemas/two/contract.lock.json")
  })

  it("refuses a package name that is none, from the command line and from package.json", async () => {
    await scratch.write({ "contract.ts": contractText("level: t.uint8()") })
    const argv = ["generate", "contract.ts", "--out", "there", "--package", "../../e vil"]
    expect(await scratch.fleetwire(argv)).toMatchObject({ code: 2, err: expect.stringContaining('not "../../e vil"') })
    await scratch.write({ "package.json": manifest({ targets: { typescript: { package: "../../e vil" } } }) })
    expect(await scratch.fleetwire(["generate"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("package.json"),
    })
    expect(await scratch.files()).toEqual(["contract.ts", "package.json"])
  })

  it("writes where --out says, under the name that --package says", async () => {
    await scratch.write({ "contract.ts": contractText("level: t.uint8()") })
    expect((await scratch.fleetwire(["generate", "contract.ts", "--out", "there", "--package", "mine"])).code).toBe(0)
    expect(JSON.parse(await scratch.read("there/package.json"))).toMatchObject({ name: "mine" })
  })

  it("makes only the target that --target names, where --out says", async () => {
    await scratch.write({ "package.json": manifest(withSdk), "contract.ts": contractText("level: t.uint8()") })
    const { code, out } = await scratch.fleetwire(["generate", "--target", "typescript", "--out", "there"])
    expect([code, out.split("\n", 1)]).toEqual([0, ["demo 1.0.0 (contract.ts) -> there"]])
    expect(JSON.parse(await scratch.read("there/package.json"))).toMatchObject({ name: "@acme/demo" })
  })

  it.each([
    { targets: { cobol: {} }, argv: [], err: /^fleetwire: there is no target `cobol`; known are typescript/ },
    { targets: {}, argv: ["--target", "cobol"], err: /^fleetwire: there is no target `cobol`; known are typescript/ },
    { targets: { typescript: { outt: "x" } }, argv: [], err: /has no setting `outt`; known are out, package, version/ },
    {
      targets: { typescript: { package: 7 } },
      argv: [],
      err: /^fleetwire: typescript: the setting `package` must be text/,
    },
    { targets: { typescript: { package: null } }, argv: [], err: /`package` of the target `typescript` is no setting/ },
    { targets: { typescript: { out: 7 } }, argv: [], err: /`out` of the target `typescript` must be a folder/ },
    { targets: { typescript: "sdk" }, argv: [], err: /the target `typescript` must be an object/ },
  ])("refuses targets that cannot be meant: $targets $argv", async ({ targets, argv, err }) => {
    await scratch.write({ "package.json": manifest({ targets }), "contract.ts": contractText("level: t.uint8()") })
    const ran = await scratch.fleetwire(["generate", ...argv])
    expect(ran.code).toBe(2)
    expect(ran.err).toMatch(err)
    expect(await scratch.files()).toEqual(["contract.ts", "package.json"])
  })

  it("speaks JSON to programs", async () => {
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 300 })") })
    const { code, out, err } = await scratch.fleetwire(["generate", "--json"])
    expect([code, err]).toEqual([1, ""])
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ code: "contract/bounds-width", target: { line: 3 } }],
      files: [],
    })
  })

  it("keeps the numbers of fields when the contract changes", async () => {
    await scratch.write({ "contract.ts": contractText("b: t.bool()") })
    await scratch.fleetwire(["generate"])
    await scratch.write({ "contract.ts": contractText("a: t.bool(), b: t.bool()") })
    await scratch.fleetwire(["generate"])
    const { ir } = JSON.parse(await scratch.read("contract.lock.json"))
    expect(ir.messages[0].type.fields).toMatchObject([
      { name: "a", number: 2 },
      { name: "b", number: 1 },
    ])
  })
})

describe("fleetwire check", () => {
  it("compares a contract with those that it says stand beside it", async () => {
    const manifest = (fleetwire: object) => JSON.stringify({ type: "module", fleetwire })
    await scratch.write({
      "old/contract.ts": contractText("celsius: t.float32()"),
      "old/package.json": manifest({ beside: ["../new"] }),
      "new/contract.ts": contractText("kelvin: t.float32()"),
    })
    const { code, err } = await scratch.fleetwire(["check", "old"])
    expect({ code, found: /compose\/untold/.test(err) }).toEqual({ code: 1, found: true })
    expect(await scratch.fleetwire(["check", "new"])).toMatchObject({ code: 0 })
    await scratch.write({ "old/package.json": manifest({ beside: ["../gone"] }) })
    expect((await scratch.fleetwire(["check", "old"])).err).toMatch(/there is no \.\.\/gone to stand beside/)
  })

  it("says what a contract holds", async () => {
    await scratch.write({ "contract.ts": contractText("level: t.uint8()") })
    const { code, out } = await scratch.fleetwire(["check"])
    expect([code, out]).toEqual([0, "demo 1.0.0: 1 channel, 1 message, 1 role\n"])
    expect(await scratch.files()).toEqual(["contract.ts"])
  })

  it("shows warnings and still exits 0", async () => {
    await scratch.write({ "contract.ts": contractText("words: t.string()") })
    const { code, err } = await scratch.fleetwire(["check"])
    expect(code).toBe(0)
    expect(err).toContain("warning[contract/unbounded] the text has no maxLength")
    expect(err).toMatch(/\n1 warning\n$/)
  })
})

describe("fleetwire init", () => {
  it("makes a package that compiles, generates and is up to date at once", async () => {
    const { code, out, err } = await scratch.fleetwire(["init", "my lamps"])
    expect([code, err], out).toEqual([0, ""])
    expect(await scratch.files()).toEqual(
      expect.arrayContaining(["my lamps/contract.ts", "my lamps/contract.lock.json", "my lamps/sdk/src/device.ts"]),
    )
    expect(await scratch.fleetwire(["check", "my lamps"])).toMatchObject({ code: 0, err: "" })
    expect(await scratch.fleetwire(["generate", "--check"], { cwd: "my lamps" })).toMatchObject({ code: 0, err: "" })
    expect(await scratch.read("my lamps/contract.ts")).toContain('name: "my-lamps"')
  })

  it("fits itself into the repository of Fleetwire", async () => {
    await scratch.write({ "packages/contract/package.json": "{}" })
    expect(await scratch.fleetwire(["init", "schemas/lamp"])).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("run `npx pnpm install --no-frozen-lockfile` once"),
    })
    expect(JSON.parse(await scratch.read("schemas/lamp/package.json"))).toMatchObject({
      name: "@fleetwire/schema-lamp",
      dependencies: { "@fleetwire/contract": "workspace:*" },
    })
    expect(JSON.parse(await scratch.read("packages/sdks/lamp/typescript/package.json"))).toMatchObject({
      name: "@fleetwire/lamp",
      dependencies: { "@fleetwire/runtime": "workspace:*" },
    })
  })

  it("leaves a folder alone that holds something", async () => {
    await scratch.write({ "there/file.txt": "mine" })
    expect(await scratch.fleetwire(["init", "there"])).toEqual({
      code: 2,
      out: "",
      err: "fleetwire: there is not empty: it has file.txt\n",
    })
    expect(await scratch.files()).toEqual(["there/file.txt"])
  })

  it("writes a contract that every target carries, C too", async () => {
    await scratch.fleetwire(["init", "lamp"])
    const { code, err } = await scratch.fleetwire(["generate", "lamp", "--target", "c", "--out", "lamp-c"])
    expect({ code, err }).toEqual({ code: 0, err: "" })
  })

  it("takes a folder that git has just made, and its licence", async () => {
    await scratch.write({ "fresh/.git/HEAD": "ref: refs/heads/main\n", "fresh/LICENSE": "as you like\n" })
    expect(await scratch.fleetwire(["init", "fresh"])).toMatchObject({ code: 0 })
    expect(await scratch.read("fresh/LICENSE")).toBe("as you like\n")
  })
})

describe("wrong use", () => {
  it.each([
    { argv: ["fly"], err: /^fleetwire: there is no command `fly`; known are init, / },
    { argv: ["check"], err: /^fleetwire: no contract here: name one, or run `fleetwire init <folder>`\n$/ },
    { argv: ["check", "nowhere"], err: /^fleetwire: there is no nowhere\n$/ },
    { argv: ["check", "--fast"], err: /^fleetwire: there is no option --fast/ },
    { argv: ["init"], err: /^fleetwire: init needs one folder/ },
    { argv: [], err: /^fleetwire: one contract for an MQTT fleet\n/ },
  ])("exits 2 and says what is wrong: $argv", async ({ argv, err }) => {
    const ran = await scratch.fleetwire(argv)
    expect(ran.code).toBe(2)
    expect(ran.err).toMatch(err)
    expect(ran.out).toBe("")
  })

  it.each([["--help"], ["help"], ["generate", "--help"], ["-h"]])("explains itself when asked: %s", async (...argv) => {
    expect(await scratch.fleetwire(argv)).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("fleetwire generate"),
    })
  })

  it("knows its version", async () => {
    expect((await scratch.fleetwire(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
