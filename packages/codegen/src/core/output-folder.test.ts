import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { MANIFEST_FILE } from "./manifest.js"
import { checkFiles, writeFiles } from "./output-folder.js"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleetwire-output-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const files = [
  { path: "src/a.ts", text: "a\n" },
  { path: "b.json", text: "{}\n" },
]

describe("writeFiles", () => {
  it("writes files with their manifest, and nothing the second time", async () => {
    expect(await writeFiles(folder, files)).toEqual({
      written: [MANIFEST_FILE, "b.json", "src/a.ts"],
      removed: [],
      unchanged: [],
    })
    const before = statSync(join(folder, "src/a.ts")).ino
    expect(await writeFiles(folder, [...files].reverse())).toEqual({
      written: [],
      removed: [],
      unchanged: [MANIFEST_FILE, "b.json", "src/a.ts"],
    })
    expect(statSync(join(folder, "src/a.ts")).ino).toBe(before)
    expect(readdirSync(folder).sort()).toEqual([MANIFEST_FILE, "b.json", "src"])
  })

  it("removes what is generated no more with its empty folder, and never what it did not write", async () => {
    await writeFiles(folder, [...files, { path: "src/deep/c.ts", text: "c\n" }])
    writeFileSync(join(folder, "src/mine.ts"), "mine\n")
    mkdirSync(join(folder, "dist"))
    const result = await writeFiles(folder, files.slice(1))
    expect(result.removed).toEqual(["src/a.ts", "src/deep/c.ts"])
    expect(readdirSync(folder).sort()).toEqual([MANIFEST_FILE, "b.json", "dist", "src"])
    expect(readdirSync(join(folder, "src"))).toEqual(["mine.ts"])
  })

  it("refuses to overwrite what it did not write, and writes nothing", async () => {
    writeFileSync(join(folder, "b.json"), "mine\n")
    await expect(writeFiles(folder, files)).rejects.toThrow("not generated and would be overwritten: b.json")
    expect(readdirSync(folder)).toEqual(["b.json"])
    expect(readFileSync(join(folder, "b.json"), "utf8")).toBe("mine\n")
  })

  it("refuses a path outside the folder before it writes anything", async () => {
    await expect(writeFiles(folder, [...files, { path: "../x", text: "" }])).rejects.toThrow("not a place")
    expect(readdirSync(folder)).toEqual([])
  })
})

describe("checkFiles", () => {
  it("finds every file that is not as it should be, and changes nothing", async () => {
    await writeFiles(folder, [...files, { path: "old.ts", text: "old\n" }])
    writeFileSync(join(folder, "b.json"), "{ }\n")
    const check = await checkFiles(folder, [...files, { path: "new.ts", text: "new\n" }])
    expect(check.fresh).toBe(false)
    expect(check.stale.map(({ path, change }) => [path, change])).toEqual([
      [MANIFEST_FILE, "changed"],
      ["b.json", "changed"],
      ["new.ts", "missing"],
      ["old.ts", "superfluous"],
    ])
    expect(check.stale[1]!.diff).toBe("--- a/b.json\n+++ b/b.json\n@@ -1 +1 @@\n-{ }\n+{}\n")
    expect(readFileSync(join(folder, "b.json"), "utf8")).toBe("{ }\n")
  })

  it("is content after writing", async () => {
    await writeFiles(folder, files)
    expect(await checkFiles(folder, files)).toEqual({ fresh: true, stale: [] })
  })
})
