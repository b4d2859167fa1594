import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { bundleEntry, bundleText, workspaceSource } from "./run-ts.mjs"

const root = join(import.meta.dirname, "../..")
const folder = mkdtempSync(join(tmpdir(), "fleetwire-run-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const entry = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe("bundleEntry", () => {
  it("takes workspace packages from their sources", async () => {
    const file = entry(
      "a.ts",
      'import { canonicalJson } from "@fleetwire/ir"\nconsole.log(canonicalJson({ b: 1, a: 2 }))',
    )
    expect(execFileSync(process.execPath, [await bundleEntry(file)], { encoding: "utf8" })).toBe('{"a":2,"b":1}\n')
  })

  it("gives equal sources the same path and other sources another", async () => {
    const first = await bundleEntry(entry("b.ts", "console.log(1)"))
    expect(await bundleEntry(entry("b.ts", "console.log(1)"))).toBe(first)
    expect(await bundleEntry(entry("b.ts", "console.log(2)"))).not.toBe(first)
  })

  it("lets a source know where it lies", async () => {
    const file = entry("c.ts", "console.log(import.meta.url)")
    const said = execFileSync(process.execPath, [await bundleEntry(file)], { encoding: "utf8" })
    expect(said.trim()).toBe(pathToFileURL(file).href)
  })

  it("finds packages of a registry where the importing package has them", async () => {
    const text = 'import { connect } from "mqtt"\nconsole.log(typeof connect)'
    const file = await bundleText({ text, folder: join(root, "packages/mqtt"), name: "mqtt-probe" })
    expect(execFileSync(process.execPath, [file], { encoding: "utf8" })).toBe("function\n")
  })

  it("says where an error is", async () => {
    const file = entry("d.ts", '\nimport { nothing } from "@fleetwire/ir"\nnothing()')
    await expect(bundleEntry(file)).rejects.toThrow(/d\.ts:2: No matching export/)
  })
})

const imports: readonly { given: string; want: string | undefined }[] = [
  { given: "@fleetwire/ir", want: "packages/ir/src/index.ts" },
  { given: "@fleetwire/runtime/codegen-v1", want: "packages/runtime/src/codegen-v1.ts" },
  { given: "@fleetwire/runtime/no-such-path", want: undefined },
  { given: "mqtt", want: undefined },
]

for (const { given, want } of imports) {
  it(`resolves ${given} to ${want ?? "nothing"}`, () => {
    expect(workspaceSource(given)).toBe(want === undefined ? undefined : join(root, want))
  })
}
