import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { compile } from "./compile.js"
import { loadContract } from "./load.js"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleetwire-load-"))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function given(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return join(folder, "contract.ts")
}

const contract = (
  fields: string,
  imports = "",
) => `import { defineContract, message, t, telemetry } from "@fleetwire/contract"
${imports}
const Reading = message("Reading", {
  ${fields}
})

export default defineContract({
  name: "demo",
  version: "1.0.0",
  params: { unit: t.param({ maxLength: 8 }) },
  device: "unit",
  channels: { reading: telemetry("demo/{unit}/reading", Reading) },
  roles: { app: { read: "*" } },
})
`

describe("compile", () => {
  it("loads TypeScript, imports of the contract's own files included, and leaves nothing behind", async () => {
    const file = await given({
      "contract.ts": contract("level: Percent,", 'import { Percent } from "./parts/percent.js"'),
      "parts/percent.ts":
        'import { t } from "@fleetwire/contract"\nexport const Percent = t.uint8({ max: 100 as number })\n',
    })
    const { ir, findings } = await compile(file)
    expect(findings).toEqual([])
    expect(ir?.messages[0]?.type).toMatchObject({ fields: [{ name: "level", number: 1, type: { max: 100 } }] })
    expect((await readdir(folder)).sort()).toEqual(["contract.ts", "parts"])
  })

  it("points at the line and column of the builder in the source", async () => {
    const file = await given({ "contract.ts": contract("fine: t.bool(),\n  wrong: t.uint8({ max: 300 }),") })
    const { findings, ir } = await compile(file)
    expect(ir).toBeUndefined()
    expect(findings).toMatchObject([
      { code: "contract/bounds-width", target: { file, line: 5, column: 12, path: "Reading.wrong" } },
    ])
  })

  it("points into the file that a mistake is in", async () => {
    const file = await given({
      "contract.ts": contract("level: Percent,", 'import { Percent } from "./parts/percent.js"'),
      "parts/percent.ts": 'import { t } from "@fleetwire/contract"\n\nexport const Percent = t.uint8({ max: 300 })\n',
    })
    const { findings } = await compile(file)
    expect(findings[0]?.target).toMatchObject({
      file: join(folder, "parts/percent.ts"),
      line: 3,
      path: "Reading.level",
    })
  })

  it("imports packages from where the contract stands", async () => {
    const file = await given({
      "contract.ts": contract("level: t.uint8({ max }),", 'import { max } from "limits"'),
      "node_modules/limits/package.json": '{ "name": "limits", "type": "module", "exports": "./index.js" }',
      "node_modules/limits/index.js": "export const max = 7\n",
    })
    const { ir, findings } = await compile(file)
    expect(findings).toEqual([])
    expect(ir?.messages[0]?.type).toMatchObject({ fields: [{ type: { max: 7 } }] })
  })

  it.each([
    {
      what: "source that does not parse",
      text: "export default {\n  name: ,\n}\n",
      code: "load/syntax",
      message: 'Unexpected ","',
      target: { line: 2, column: 9 },
    },
    {
      what: "an import that is not there",
      text: 'import { x } from "./nowhere.js"\nexport default x\n',
      code: "load/syntax",
      message: 'Could not resolve "./nowhere.js"',
      target: { line: 1, column: 19 },
    },
    {
      what: "a module that throws",
      text: "const limits: string[] = []\n\nthrow new Error('no limits: ' + limits.length)\n",
      code: "load/threw",
      message: "the contract threw: no limits: 0",
      target: { line: 3, column: 7 },
    },
    {
      what: "a module without a default",
      text: "export const contract = 5\n",
      code: "load/no-default",
      message: "the module does not export a contract as default",
      target: {},
    },
    {
      what: "a default that is no contract",
      text: "export default 5\n",
      code: "contract/not-a-contract",
      message: "this is not a contract",
      target: {},
    },
  ])("reports $what, and leaves nothing behind", async ({ text, code, message, target }) => {
    const file = await given({ "contract.ts": text })
    const { ir, findings } = await compile(file)
    expect(ir).toBeUndefined()
    expect(findings).toMatchObject([{ code, message, severity: "error", target }])
    expect(await readdir(folder)).toEqual(["contract.ts"])
  })

  it.each([
    { what: "loops without end", text: "for (;;) {}", code: "load/never-ended" },
    { what: "waits without end", text: "await new Promise(() => {})", code: "load/never-ended" },
    { what: "ends the process", text: "process.exit(0)", code: "load/exited" },
    {
      what: "ends the process, and swallows what that throws",
      text: "try { process.exit(0) } catch {}",
      code: "load/exited",
    },
  ])("gives up a contract that $what, and names the file", async ({ text, code }) => {
    const file = await given({ "contract.ts": contract("a: t.bool(),", text) })
    const { exit } = process
    expect(await loadContract(file, { deadlineMs: 300 })).toMatchObject({ findings: [{ code, target: { file } }] })
    expect(process.exit).toBe(exit)
  })

  it("writes no file, not even for a moment", async () => {
    const look = `import { readdirSync } from "node:fs"
const beside = readdirSync(import.meta.dirname)
if (beside.join() !== "contract.ts") throw new Error(beside.join())`
    const file = await given({ "contract.ts": contract("a: t.bool(),", look) })
    expect((await compile(file)).findings).toEqual([])
  })

  it("leaves standard output to the command: what a contract prints goes to standard error", async () => {
    const file = await given({
      "contract.ts": contract("a: t.bool(),", 'process.stdout.write("printed by a contract")'),
    })
    const printed: string[] = []
    const [out, err] = [process.stdout.write, process.stderr.write]
    process.stdout.write = (text) => printed.push(`out ${text}`) > 0
    process.stderr.write = (text) => printed.push(`err ${text}`) > 0
    try {
      await compile(file)
    } finally {
      process.stdout.write = out
      process.stderr.write = err
    }
    expect(printed.join("")).toMatch(/^err printed by a contract/)
  })

  it("names the files that import each other where a contract comes out wrong", async () => {
    const circle = {
      "contract.ts": contract("level: Percent,", 'import { Percent } from "./percent.js"\nexport const max = 7'),
      "percent.ts":
        'import { t } from "@fleetwire/contract"\nimport { max } from "./contract.js"\nexport const Percent = t.uint8({ max })\nif (max === undefined) throw new Error("no max")\n',
    }
    const { findings } = await compile(await given(circle))
    expect(findings.map(({ code }) => code)).toEqual(["load/threw", "load/circular-import"])
    expect(findings[1]?.message).toContain("contract.ts → percent.ts → contract.ts")
  })

  it("takes the numbers of the lock beside the contract, and refuses one that was edited", async () => {
    const file = await given({ "contract.ts": contract("b: t.bool(),") })
    const { lock } = await compile(file)
    const { formatLock } = await import("@fleetwire/contract")
    const text = formatLock(lock!)
    await given({ "contract.ts": contract("a: t.bool(),\n  b: t.bool(),"), "contract.lock.json": text })
    const next = await compile(file)
    expect(next.ir?.messages[0]?.type).toMatchObject({
      fields: [
        { name: "a", number: 2 },
        { name: "b", number: 1 },
      ],
    })
    await given({ "contract.lock.json": text.replace('"number": 1', '"number": 5') })
    const edited = await compile(file)
    expect(edited.ir).toBeUndefined()
    expect(edited.findings).toMatchObject([
      { code: "lock/edited", target: { file: join(folder, "contract.lock.json") } },
    ])
  })
})
