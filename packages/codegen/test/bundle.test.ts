import { posix } from "node:path"
import { build } from "esbuild"
import { describe, expect, it } from "vitest"
import { emitTypescript } from "../src/index.js"
import { cars } from "./fixture/cars.js"

const files = new Map(emitTypescript(cars, { packageName: "@acme/cars" }).map((file) => [file.path, file.text]))

/** What remains of the generated package behind an entry that uses part of it. */
async function bundle(entry: string): Promise<string> {
  const result = await build({
    stdin: { contents: entry, loader: "ts", sourcefile: "entry.ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    treeShaking: true,
    plugins: [
      {
        name: "in-memory",
        setup(setup) {
          // As the packages themselves declare it.
          setup.onResolve({ filter: /^@fleetwire\// }, ({ path }) => ({ path, external: true, sideEffects: false }))
          setup.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => ({
            path: posix.join(posix.dirname(importer), path).replace(/\.js$/, ".ts"),
            namespace: "memory",
          }))
          setup.onLoad({ filter: /./, namespace: "memory" }, ({ path }) => ({
            contents: files.get(path)!,
            loader: "ts",
          }))
        },
      },
    ],
  })
  return result.outputFiles[0]!.text
}

describe("a bundle", () => {
  it("holds nothing when nothing is used: no module has a side effect", async () => {
    for (const entry of ["device", "controller", "messages", "contract"]) {
      const text = await bundle(`import "./src/${entry}.js"`)
      expect(text.replace(/^\s*\/\/.*$/gm, "").trim(), entry).toBe("")
    }
  })

  it("holds only the channels of the role that it uses", async () => {
    const viewer = await bundle(
      `import { createViewerFleet } from "./src/controller.js"; console.log(createViewerFleet)`,
    )
    expect(viewer).toContain("cars/{carId}/telemetry")
    for (const topic of ["cars/{carId}/command", "cars/{carId}/config", "cars/{carId}/wheels/{wheel}"])
      expect(viewer).not.toContain(topic)
    expect(viewer).not.toContain("src/codecs/command.json.ts")
    const any = await bundle(`import { createFleet } from "./src/controller.js"; console.log(createFleet)`)
    expect(any).toContain("cars/{carId}/command")
  })

  it("holds only the codec that it uses, and no engine", async () => {
    const text = await bundle(`import { statusJson } from "./src/messages.js"; console.log(statusJson)`)
    expect(text).toContain("src/codecs/status.json.ts")
    expect(text).not.toContain("src/codecs/telemetry")
    expect(text).not.toMatch(/codegen-v1|@fleetwire\/mqtt/)
  })

  it("needs no code from text: it runs under a strict content security policy", () => {
    for (const [path, text] of files)
      if (path.startsWith("src/"))
        expect(text, path).not.toMatch(/\beval\(|\bFunction\(|\bimport\(|[:<] ?any\b|\bas any\b/)
  })
})
