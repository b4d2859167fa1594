import { execFileSync } from "node:child_process"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { contractText, createScratch, type Scratch } from "../test/scratch.js"

let scratch: Scratch
beforeEach(async () => {
  scratch = await createScratch()
})
afterEach(() => scratch.remove())

const manifest = `${JSON.stringify({
  name: "x",
  fleetwire: { targets: { typescript: { out: "./sdk", package: "@acme/demo" } } },
})}\n`

function git(...args: readonly string[]): void {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
  execFileSync("git", [...identity, ...args], { cwd: scratch.folder, stdio: "pipe" })
}

/** A repository whose branch `main` has a contract with the field given, and its lock. */
async function released(field: string): Promise<void> {
  await scratch.write({ "package.json": manifest, "contract.ts": contractText(field), ".gitignore": "sdk\n" })
  expect((await scratch.fleetwire(["generate"])).code).toBe(0)
  git("init", "-q", "-b", "main")
  git("add", "-A")
  git("commit", "-q", "-m", "first")
}

describe("fleetwire diff", () => {
  it("says who breaks, with a witness, and exits 1", async () => {
    await released("level: t.uint8({ max: 100 })")
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 50 })") })
    const { code, out } = await scratch.fleetwire(["diff", "--against", "main"])
    expect(code).toBe(1)
    expect(out).toContain("demo 1.0.0 → 1.0.0: devices first (1 change)")
    expect(out).toContain(
      "devices first channels.reading.message/level: u8 0…100 became u8 0…50 [type/bounds-narrowed]",
    )
    expect(out).toContain("who breaks: new controllers refuse what old devices send")
    expect(out).toContain('witness (json): the old version sends {"level":51}')
    expect(out).toContain("the new one refuses it: /level: above 50 [maximum]")
    expect(out).toContain(
      "version: the contract needs a step of minor; 1.0.0 → 1.0.0 is no step; its SDKs one of patch",
    )
  })

  it("passes what controllers can meet first, and compares with the lock beside the contract by itself", async () => {
    await released("level: t.uint8({ max: 100 })")
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 200 })") })
    const { code, out } = await scratch.fleetwire(["diff"])
    expect(code).toBe(0)
    expect(out).toContain("controllers first")
  })

  it("writes JSON, annotations, a plan and a changeset", async () => {
    await released("level: t.uint8({ max: 100 })")
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 50 })") })
    const json = JSON.parse((await scratch.fleetwire(["diff", "--against", "main", "--json"])).out)
    expect(json).toMatchObject({ verdict: "devices first", passes: false })
    expect(json.comparisons[0].findings[0]).toMatchObject({ code: "type/bounds-narrowed", verdict: "devices first" })
    const github = await scratch.fleetwire(["diff", "--against", "main", "--format", "github"])
    expect(github.out).toMatch(
      /^::error file=contract\.ts,title=devices first%3A channels\.reading\.message\/level::Since 1\.0\.0: .*%0AWho breaks: /,
    )
    expect((await scratch.fleetwire(["diff", "--against", "main", "--plan"])).out).toMatch(/1\. Update devices/)
    expect((await scratch.fleetwire(["diff", "--against", "main", "--changeset"])).out).toMatch(
      /^---\n"@acme\/demo": patch\n---\n/,
    )
  })

  it("records an accepted break in the lock, for this change and this version", async () => {
    await released("level: t.uint8({ max: 100 })")
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 50 })") })
    const early = await scratch.fleetwire(["diff", "--against", "main", "--accept", "all", "--reason", "x"])
    expect(early).toMatchObject({ code: 2, err: expect.stringContaining("run `fleetwire generate` first") })
    await scratch.fleetwire(["generate"])
    const accept = [
      "--accept",
      "type/bounds-narrowed@channels.reading.message/level",
      "--reason",
      "no device sends more",
    ]
    expect(await scratch.fleetwire(["diff", "--against", "main", ...accept])).toMatchObject({ code: 0 })
    const checked = await scratch.fleetwire(["check", "--against", "main"])
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("accepted: no device sends more") })
    const changeset = await scratch.fleetwire(["diff", "--against", "main", "--changeset"])
    expect(changeset.out).toContain("demo 1.0.0 became 1.0.0: devices first, accepted; the rest is safe.\n")
    expect(await scratch.fleetwire(["generate", "--check"])).toMatchObject({ code: 0 })
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 40 })") })
    expect(await scratch.fleetwire(["check", "--against", "main"])).toMatchObject({ code: 1 })
  })

  it("compares with every released version in a folder, and these with each other", async () => {
    await released("level: t.uint8({ max: 100 })")
    await scratch.write({ "released/1.0.0.json": await scratch.read("contract.lock.json") })
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 200 })").replace("1.0.0", "1.1.0") })
    await scratch.fleetwire(["generate"])
    await scratch.write({ "released/1.1.0.json": await scratch.read("contract.lock.json") })
    await scratch.write({ "contract.ts": contractText("level: t.uint8({ max: 210 })").replace("1.0.0", "1.2.0") })
    const { code, out } = await scratch.fleetwire(["diff", "--fleet", "released"])
    expect(code).toBe(0)
    expect(out).toContain("demo 1.1.0 → 1.2.0: controllers first")
    expect(out).toContain("demo 1.0.0 → 1.2.0: controllers first")
    expect(out).toContain("among the released: 1.0.0 and 1.1.0 are controllers first")
  })

  it("says of each thing that it cannot compare with what it is, in one message", async () => {
    await released("level: t.uint8()")
    const lock = await scratch.read("contract.lock.json")
    const cases = [
      { against: "nowhere", code: 2, say: /there is neither a file nor a git ref nowhere; in CI, fetch it first/ },
      { against: "--x", code: 2, say: /./ },
      { file: lock.replace('"demo"', '"dema"'), code: 1, say: /lock\/edited/ },
      { file: lock.replace('"lock": 1', '"lock": 9'), code: 1, say: /lock\/newer/ },
      { file: `<<<<<<< HEAD\n${lock}`, code: 1, say: /lock\/conflict/ },
      { file: '{"ir":7}', code: 1, say: /diff\/unreadable.*version 7/ },
    ]
    for (const { against = "old.json", file, code, say } of cases) {
      if (file !== undefined) await scratch.write({ "old.json": file })
      const result = await scratch.fleetwire(["diff", "--against", against])
      expect(result.err).toMatch(say)
      expect(result.code).toBe(code)
      expect(result.err.match(/(error|fleetwire:)/g)).toHaveLength(1)
    }
    expect(await scratch.read("contract.lock.json")).toBe(lock)
    const empty = await scratch.fleetwire(["diff", "--fleet", "sdk/src"])
    expect(empty).toMatchObject({ code: 2, err: expect.stringContaining("has no released version of demo") })
  })

  it("passes a contract that the ref does not know", async () => {
    await released("level: t.uint8()")
    await scratch.write({ "other/contract.ts": contractText("level: t.uint8()") })
    const { code, out } = await scratch.fleetwire(["diff", "other", "--against", "main"])
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/is new: main \([0-9a-f]{10}\) has no lock of it/),
    })
  })
})

describe("a contract that is not where the ref has it", () => {
  const two = async () => {
    await scratch.write({
      "schemas/a/package.json": manifest,
      "schemas/a/contract.ts": contractText('level: t.uint16({ unit: "cm" })', "a"),
      "schemas/b/package.json": manifest,
      "schemas/b/contract.ts": contractText("level: t.uint8()", "b"),
      ".gitignore": "sdk\n",
    })
    expect((await scratch.fleetwire(["generate"])).code).toBe(0)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
  }

  it("is compared with the lock that is gone from its place", async () => {
    await two()
    git("mv", "schemas/a", "schemas/moved")
    await scratch.write({ "schemas/moved/contract.ts": contractText('level: t.uint16({ unit: "mm" })', "a") })
    for (const command of ["check", "diff"]) {
      const { code, out, err } = await scratch.fleetwire([command, "--against", "main"])
      expect({ code, out, err }).toMatchObject({
        code: 1,
        out: expect.stringContaining("field/unit-changed"),
        err: expect.stringContaining(
          "schemas/moved/contract.ts was moved: compared with schemas/a/contract.lock.json\n",
        ),
      })
      expect(err).not.toContain("contract-removed")
    }
    const json = JSON.parse((await scratch.fleetwire(["check", "--against", "main", "--json"])).out)
    expect(json.comparisons[1]).toMatchObject({ movedFrom: "schemas/a/contract.lock.json", verdict: "silent" })
  })

  it("is an error where two of its name are gone", async () => {
    await two()
    await scratch.write({ "schemas/copy/contract.lock.json": await scratch.read("schemas/a/contract.lock.json") })
    git("add", "schemas/copy")
    git("commit", "-q", "-m", "second")
    git("branch", "base")
    git("mv", "schemas/a", "schemas/moved")
    git("rm", "-q", "-r", "schemas/copy")
    const { code, err } = await scratch.fleetwire(["check", "--against", "base"])
    expect(code).toBe(1)
    expect(err).toContain(
      "several that are gone from theirs: schemas/a/contract.lock.json, schemas/copy/contract.lock.json",
    )
  })

  it("is a removal where there is none any more, which a reason accepts", async () => {
    await two()
    git("rm", "-q", "-r", "schemas/b")
    for (const command of ["check", "diff"]) {
      const { code, err } = await scratch.fleetwire([command, "--against", "main"])
      expect(code).toBe(1)
      expect(err).toMatch(
        /error\[diff\/contract-removed\] main \([0-9a-f]{10}\) has the contract b 1\.0\.0 in schemas\/b/,
      )
      expect(await scratch.fleetwire([command, "schemas/a", "--against", "main"])).toMatchObject({ code: 0 })
    }
    await scratch.write({ "package.json": JSON.stringify({ fleetwire: { retired: { b: "never shipped" } } }) })
    for (const command of ["check", "diff"])
      expect(await scratch.fleetwire([command, "--against", "main"])).toMatchObject({ code: 0 })
  })
})

describe("fleetwire lock resolve", () => {
  it("keeps the numbers of the other branch, and numbers what it does not have anew", async () => {
    await released("level: t.uint8()")
    git("checkout", "-q", "-b", "mine")
    await scratch.write({ "contract.ts": contractText("level: t.uint8(), mine: t.bool()") })
    await scratch.fleetwire(["generate"])
    git("commit", "-q", "-am", "mine")
    git("checkout", "-q", "main")
    await scratch.write({ "contract.ts": contractText("level: t.uint8(), theirs: t.bool()") })
    await scratch.fleetwire(["generate"])
    git("commit", "-q", "-am", "theirs")
    git("checkout", "-q", "mine")
    expect(() => git("merge", "main")).toThrow()
    await scratch.write({ "contract.ts": contractText("level: t.uint8(), theirs: t.bool(), mine: t.bool()") })
    const stuck = await scratch.fleetwire(["generate"])
    expect(stuck).toMatchObject({ code: 1, err: expect.stringContaining("lock/conflict") })
    const { code, out } = await scratch.fleetwire(["lock", "resolve", "--onto", "main"])
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("numbered onto main") })
    const { fields } = JSON.parse(await scratch.read("contract.lock.json")).ir.messages[0].type
    expect(fields.map(({ name, number }: { name: string; number: number }) => [name, number])).toEqual([
      ["level", 1],
      ["theirs", 2],
      ["mine", 3],
    ])
    expect(await scratch.fleetwire(["generate"])).toMatchObject({ code: 0 })
    expect((await scratch.fleetwire(["lock", "resolve", "--onto", "main"])).out).toContain("nothing to settle")
  })

  it.each([
    { name: "edited by hand", spoil: (text: string) => text.replace('"max": 255', '"max": 254'), say: /lock\/edited/ },
    { name: "of a newer version", spoil: (text: string) => text.replace('"lock": 1', '"lock": 2'), say: /lock\/newer/ },
    { name: "that is no JSON", spoil: (text: string) => text.slice(5), say: /lock\/json/ },
  ])("leaves a lock $name as it is", async ({ spoil, say }) => {
    await released("level: t.uint8()")
    const spoiled = spoil(await scratch.read("contract.lock.json"))
    await scratch.write({ "contract.lock.json": spoiled })
    const { code, err } = await scratch.fleetwire(["lock", "resolve", "--onto", "main"])
    expect(code).toBe(1)
    expect(err).toMatch(say)
    expect(await scratch.read("contract.lock.json")).toBe(spoiled)
  })

  it("names a ref that is not there, and one without a lock", async () => {
    await released("level: t.uint8()")
    const missing = await scratch.fleetwire(["lock", "resolve", "--onto", "nowhere"])
    expect(missing).toMatchObject({ code: 2, err: "fleetwire: there is no git ref nowhere: fetch it first\n" })
    await scratch.write({ "other/contract.ts": contractText("level: t.uint8()") })
    const bare = await scratch.fleetwire(["lock", "resolve", "other", "--onto", "main"])
    expect(bare).toMatchObject({ code: 2, err: expect.stringContaining("has no lock of this contract") })
  })
})
