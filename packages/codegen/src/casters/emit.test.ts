import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr, FieldIr, TypeIr } from "@fleetwire/ir"
import { build } from "esbuild"
import ts from "typescript"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { emitTypescript } from "../typescript/emit.js"
import { emitCasters } from "./emit.js"

const u8 = (max: number): TypeIr => ({ kind: "int", bits: 8, signed: false, min: 0, max })
const text = (maxLength: number): TypeIr => ({ kind: "string", maxLength })
const choice = (...names: readonly string[]): TypeIr => ({
  kind: "enum",
  name: "Mode",
  open: false,
  values: names.map((name, index) => ({ name, number: index, ...(name === "halt" && { was: ["stop"] }) })),
})
const object = (name: string, fields: readonly Omit<FieldIr, "number">[]): TypeIr => ({
  kind: "object",
  name,
  fields: fields.map((field, index) => ({ number: index + 1, ...field })),
})

function contract(version: string, type: TypeIr): ContractIr {
  return {
    ir: 1,
    name: "demo",
    version,
    params: [{ name: "unit", maxLength: 8, reserved: [] }],
    device: { param: "unit", session: { kind: "clean" }, reconnectSpreadSeconds: 30, keepAliveSeconds: 30 },
    messages: [{ name: "Reading", type }],
    channels: [],
    roles: [],
  }
}

const old = contract(
  "1.0.0",
  object("Reading", [
    { name: "speed", required: true, type: u8(100) },
    { name: "mode", required: true, type: choice("go", "stop") },
    { name: "note", required: false, type: text(8) },
    {
      name: "points",
      required: true,
      type: { kind: "list", item: object("Point", [{ name: "x", required: true, type: u8(9) }]), maxItems: 3 },
    },
    { name: "gone", required: true, type: { kind: "bool" } },
    { name: "hint", required: false, type: text(8) },
    { name: "range", required: true, type: u8(200), unit: "cm" },
  ]),
)
const next = contract(
  "2.0.0",
  object("Reading", [
    { name: "velocity", required: true, type: u8(120), was: ["speed"] },
    { name: "mode", required: true, type: choice("go", "halt") },
    { name: "note", required: true, type: text(8) },
    {
      name: "points",
      required: true,
      type: {
        kind: "list",
        item: object("Spot", [
          { name: "x", required: true, type: { ...u8(9), bits: 64, min: "0", max: "9" } as TypeIr },
        ]),
        maxItems: 3,
      },
    },
    { name: "level", required: false, type: u8(5), default: 3 },
    { name: "serial", required: true, type: text(8) },
    { name: "advice", required: false, type: object("Advice", [{ name: "words", required: true, type: text(8) }]) },
    { name: "range", required: true, type: u8(200), unit: "mm" },
  ]),
)

const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), "..", "..", ".casters-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const USE = `import { downReading, upReading } from "./casters.js"
import type { Reading as Old } from "demo-v1/messages"
declare const value: Old
export const up = upReading(value, {
  "note?": () => "none",
  serial: (from) => String(from.gone),
  range: (centimetres) => centimetres * 10,
  advice: ({ hint }) => (hint === undefined ? undefined : { words: hint }),
})
// @ts-expect-error What is lost may be what is new: leaving it out is said, too.
upReading(value, { "note?": () => "none", serial: () => "x", range: (n) => n })
// @ts-expect-error A function is missing that the contracts do not replace.
upReading(value, { "note?": () => "none", range: (n) => n, advice: () => undefined })
// @ts-expect-error It gives another type than is wanted.
upReading(value, { "note?": () => 5, serial: () => "x", range: (n) => n, advice: () => undefined })
downReading(up, {
  speed: (n) => Math.min(n, 100),
  gone: () => true,
  range: (n) => n / 10,
  hint: ({ advice }) => advice?.words,
})
`

type Casters = Record<string, (from: object, supply: object) => object>
let casters: Casters
beforeAll(async () => {
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const { path, text: body } of emitCasters(old, next, { package: "demo-v2", predecessorPackage: "demo-v1" }))
    write(path, body)
  for (const [name, ir] of [
    ["demo-v1", old],
    ["demo-v2", next],
  ] as const)
    for (const { path, text: body } of emitTypescript(ir, { packageName: name }))
      if (/messages/.test(path)) write(`${name}/${path}`, body)
  write("use.ts", USE)
  const { outputFiles } = await build({
    entryPoints: [join(folder, "casters.ts")],
    bundle: true,
    write: false,
    format: "esm",
  })
  casters = (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)) as Casters
})

describe("casters", () => {
  it("compile strictly, and demand what the contracts do not decide", () => {
    const program = ts.createProgram([join(folder, "use.ts")], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
      paths: {
        "demo-v1/messages": [`${folder}/demo-v1/src/messages/reading.ts`],
        "demo-v2/messages": [`${folder}/demo-v2/src/messages/reading.ts`],
      },
    })
    const found = ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n"))
    expect(found).toEqual([])
  })

  it("carry what stays, name what was renamed, fill in what has a default", () => {
    const value = { speed: 7, mode: "stop", points: [{ x: 1 }, { x: 2 }], gone: true, range: 20 }
    const supply = { "note?": () => "none", serial: () => "s1", range: (n: number) => n * 10, advice: () => undefined }
    expect(casters.upReading!(value, supply)).toEqual({
      velocity: 7,
      mode: "halt",
      note: "none",
      points: [{ x: 1n }, { x: 2n }],
      level: 3,
      serial: "s1",
      range: 200,
    })
    expect(casters.upReading!({ ...value, note: "hi" }, supply)).toMatchObject({ note: "hi" })
    const advised = { ...supply, advice: ({ hint }: { hint?: string }) => hint && { words: hint } }
    expect(casters.upReading!({ ...value, hint: "left" }, advised)).toMatchObject({ advice: { words: "left" } })
  })

  it("go down as well", () => {
    const value = { velocity: 110, mode: "halt", note: "hi", points: [{ x: 3n }], level: 3, serial: "s1", range: 200 }
    const supply = { speed: () => 100, gone: () => false, range: (n: number) => n / 10, hint: () => undefined }
    expect(casters.downReading!(value, supply)).toEqual({
      speed: 100,
      mode: "stop",
      note: "hi",
      points: [{ x: 3 }],
      gone: false,
      range: 20,
    })
  })
})
