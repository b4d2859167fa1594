import { describe, expect, it } from "vitest"
import { formatManifest, isInside, MANIFEST_FILE, OutputPathError, parseManifest, planOutput } from "./manifest.js"

describe("planOutput", () => {
  const existing = (files: { readonly [path: string]: string }) => (path: string) => files[path]

  it("writes what is new or differs, and keeps the rest", () => {
    const there = { "a.ts": "a\n", "b.ts": "old\n", [MANIFEST_FILE]: formatManifest(["a.ts", "b.ts", "c.ts"]) }
    const files = [
      { path: "a.ts", text: "a\n" },
      { path: "b.ts", text: "b\n" },
      { path: "c.ts", text: "c\n" },
    ]
    expect(planOutput(files, existing(there))).toEqual({
      write: [
        { path: "b.ts", text: "b\n" },
        { path: "c.ts", text: "c\n" },
      ],
      remove: [],
      keep: [MANIFEST_FILE, "a.ts"],
      foreign: [],
    })
  })

  it("names files that would be overwritten although they were not generated, and none that are equal already", () => {
    const there = { "mine.ts": "mine\n", "same.ts": "same\n" }
    const files = [
      { path: "mine.ts", text: "generated\n" },
      { path: "same.ts", text: "same\n" },
    ]
    expect(planOutput(files, existing(there)).foreign).toEqual(["mine.ts"])
  })

  it("removes only what the previous manifest lists and what is still there", () => {
    const there = { "gone.ts": "", "mine.ts": "", [MANIFEST_FILE]: formatManifest(["gone.ts", "vanished.ts"]) }
    expect(planOutput([], existing(there)).remove).toEqual(["gone.ts"])
  })

  it("never removes outside the folder, whatever a manifest says", () => {
    const text = JSON.stringify({
      files: ["../x", "/etc/x", "a/../../x", "C:/x", "a\\b", "", ".", 1, MANIFEST_FILE, "ok/x"],
    })
    expect(parseManifest(text)).toEqual(["ok/x"])
  })

  it.each([undefined, "", "null", "[]", "{", '{"files":1}'])("takes %j for no manifest", (text) => {
    expect(parseManifest(text)).toEqual([])
  })

  it("refuses a file outside the folder and a path that is generated twice", () => {
    const file = (path: string) => ({ path, text: "" })
    expect(() => planOutput([file("../a")], () => undefined)).toThrow(OutputPathError)
    expect(() => planOutput([file("a"), file("a")], () => undefined)).toThrow('generated twice: "a"')
  })

  it("knows what is inside a folder", () => {
    for (const path of ["a", "a/b.ts", ".hidden", "a..b"]) expect(isInside(path)).toBe(true)
    for (const path of ["", "/a", "a//b", "./a", "..", "a/", "a\0"]) expect(isInside(path)).toBe(false)
  })
})
