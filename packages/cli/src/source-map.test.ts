import { transform } from "esbuild"
import { expect, it } from "vitest"
import { createSourceMapper } from "./source-map.js"

it("maps positions of generated code back to what was written", async () => {
  const source = [
    "interface Gone {",
    "  readonly a: number",
    "}",
    "",
    "export function double(value: Gone): number {",
    "  return marker(value.a) * 2",
    "}",
    'export const text: string = "ä" + marker(5)',
    "declare function marker(value: unknown): number",
  ].join("\n")
  const { code, map } = await transform(source, { loader: "ts", sourcemap: true, sourcefile: "written.ts" })
  const mapper = createSourceMapper(map)
  const lines = code.split("\n")
  const places = lines.flatMap((line, index) => {
    const column = line.indexOf("marker(")
    return column < 0 ? [] : [mapper(index + 1, column + 1)]
  })
  expect(places).toEqual([
    { source: "written.ts", line: 6, column: 10 },
    { source: "written.ts", line: 8, column: 35 },
  ])
})

it("knows nothing of lines that are not there", () => {
  const mapper = createSourceMapper(JSON.stringify({ sources: ["a.ts"], mappings: "AAAA" }))
  expect(mapper(1, 1)).toEqual({ source: "a.ts", line: 1, column: 1 })
  expect(mapper(7, 1)).toBeUndefined()
})
