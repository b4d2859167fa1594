import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { emitAsyncApi } from "@fleetwire/codegen"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createScratch, type Scratch } from "../test/scratch.js"
import { compile } from "./compile.js"

const CAR = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas/iot-car/contract.ts")

const lamp = (more = "") => `asyncapi: 3.0.0
info: { title: Street lamps, version: 1.4.0 }
channels:
  lux:
    address: lamps/{lampId}/lux
    parameters: { lampId: { enum: [north, south] } }
    messages: { lux: { $ref: '#/components/messages/Lux' } }
  dim:
    address: lamps/{lampId}/dim
    messages: { dim: { payload: { type: object, required: [id, level], properties: { id: { type: string, maxLength: 40 }, level: { type: integer, minimum: 0, maximum: 100 } } }, correlationId: { location: $message.payload#/id } } }
  dimmed:
    address: lamps/{lampId}/dimmed
    messages: { dimmed: { payload: { type: object, required: [id], properties: { id: { type: string, maxLength: 40 } } }, correlationId: { location: $message.payload#/id } } }
operations:
  measure: { action: receive, channel: { $ref: '#/channels/lux' }, bindings: { mqtt: { qos: 1, retain: true } } }
  dim: { action: send, channel: { $ref: '#/channels/dim' }, reply: { channel: { $ref: '#/channels/dimmed' } } }
components:
  messages:
    Lux: { payload: { $ref: '#/components/schemas/Lux' } }
  schemas:
    Lux: { type: object, required: [lux], properties: { lux: { type: number, minimum: 0 }, at: { type: string, format: date-time } } }
${more}`

let scratch: Scratch
beforeEach(async () => {
  scratch = await createScratch()
})
afterEach(() => scratch.remove())

describe("fleetwire import", () => {
  it("makes a contract of a document: kinds from retain and reply, params from enums", async () => {
    await scratch.write({ "lamps.yaml": lamp() })
    const { code, out } = await scratch.fleetwire(["import", "lamps.yaml", "--out", "made"])
    expect(out).toContain("written made/contract.ts")
    expect(code).toBe(0)
    const { ir } = await compile(join(scratch.folder, "made/contract.ts"))
    expect(ir!.channels.map(({ name, kind }) => [name, kind])).toEqual([
      ["dim", "command"],
      ["measure", "state"],
    ])
    expect(ir!.params).toEqual([{ name: "lampId", pattern: "north|south", maxLength: 5, reserved: [] }])
    expect(ir!.version).toBe("1.4.0")
    expect((await scratch.fleetwire(["generate", "made"])).code).toBe(0)
  })

  it("gives the contract back that a document was made of, with its numbers", async () => {
    const { ir } = await compile(CAR)
    await scratch.write({ "asyncapi.json": emitAsyncApi(ir!).text })
    const { code } = await scratch.fleetwire(["import", "asyncapi.json"])
    expect(code).toBe(0)
    expect((await compile(join(scratch.folder, "contract.ts"))).ir).toEqual(ir)
  })

  it("overwrites nothing", async () => {
    await scratch.write({ "lamps.yaml": lamp(), "contract.ts": "mine" })
    const { code, err } = await scratch.fleetwire(["import", "lamps.yaml"])
    expect([code, err]).toEqual([2, expect.stringContaining("is there already, and was not touched")])
    expect(await scratch.read("contract.ts")).toBe("mine")
  })

  it("says what it left out and why, with file and line", async () => {
    const odd = lamp(
      "    Odd: { oneOf: [ { type: string }, { type: integer } ] }\n    Sealed: { type: string, pattern: 'a.*' }\n",
    ).replace(
      "at: { type",
      "odd: { $ref: '#/components/schemas/Odd' }, sealed: { $ref: '#/components/schemas/Sealed' }, at: { type",
    )
    await scratch.write({ "lamps.yaml": odd })
    const { code, out } = await scratch.fleetwire(["import", "lamps.yaml", "--json"])
    expect(code).toBe(0)
    const { findings } = JSON.parse(out) as { findings: { code: string; message: string; target: { line: number } }[] }
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: "asyncapi/type-dropped",
        message: "a choice between schemas is left out: no property with a constant tells its branches apart",
        target: expect.objectContaining({ line: 22 }),
      }),
    )
    expect(findings).toContainEqual(expect.objectContaining({ code: "asyncapi/keyword-dropped" }))
  })

  const refused: readonly { readonly given: string; readonly text: string; readonly want: string | RegExp }[] = [
    { given: "an older document", text: "asyncapi: 2.6.0", want: "its version is 2.6.0" },
    { given: "something else", text: "openapi: 3.1.0", want: "it has no `asyncapi`" },
    { given: "no YAML", text: "a: [b", want: /doc\.yaml:1:\d+ is neither YAML nor JSON/ },
    { given: "a list", text: "- 1", want: "it is not an object" },
    { given: "nothing", text: "", want: "this is no AsyncAPI 3 document" },
    {
      given: "aliases that multiply",
      text: `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f", "g"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdef"[i]}`).join(", ")}]`).join("\n")}`,
      want: "cannot be read",
    },
  ]
  it.each(refused)("refuses $given, and writes nothing", async ({ text, want }) => {
    await scratch.write({ "doc.yaml": text })
    const { code, err } = await scratch.fleetwire(["import", "doc.yaml"])
    expect(err).toMatch(want)
    expect(code).not.toBe(0)
    expect(await scratch.files()).toEqual(["doc.yaml"])
  })

  const broken: readonly { readonly given: string; readonly text: string; readonly want: string }[] = [
    {
      given: "a circle of references",
      text: lamp()
        .replace(
          "Lux: { type: object",
          "A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n    Lux: { type: object",
        )
        .replace("lux: { type: number, minimum: 0 }", "lux: { $ref: '#/components/schemas/A' }"),
      want: "leads back to itself",
    },
    {
      given: "a schema that contains itself",
      text: lamp().replace("lux: { type: number, minimum: 0 }", "lux: { $ref: '#/components/schemas/Lux' }"),
      want: "the message Lux is left out: something in it leads back to itself, or nowhere",
    },
    {
      given: "a message that is not there",
      text: lamp().replace("'#/components/messages/Lux'", "'#/components/messages/Lx'"),
      want: "#/components/messages/Lx leads nowhere",
    },
    {
      given: "a payload that is not there",
      text: lamp().replace("Lux: { payload: { $ref: '#/components/schemas/Lux' }", "Lux: { payload: { $ref: '#/x' }"),
      want: "the message lux is left out: its payload refers to nothing",
    },
  ]
  it.each(broken)("leaves out what $given concerns, and writes the rest", async ({ text, want }) => {
    await scratch.write({ "doc.yaml": text })
    const { code, err } = await scratch.fleetwire(["import", "doc.yaml", "--out", "made"])
    expect(err).toContain(want)
    expect(code).toBe(0)
    const { ir } = await compile(join(scratch.folder, "made/contract.ts"))
    expect(ir!.channels.map(({ name }) => name)).toEqual(["dim"])
  })

  it("leaves out a field whose name is none in code", async () => {
    await scratch.write({
      "doc.yaml": lamp().replace("lux: { type: number", "lux-max: { type: boolean }, lux: { type: number"),
    })
    const { code, err } = await scratch.fleetwire(["import", "doc.yaml", "--out", "made"])
    expect(err).toContain('the field "lux-max" is left out')
    expect(code).toBe(0)
    expect((await compile(join(scratch.folder, "made/contract.ts"))).ir).toBeDefined()
  })

  it("shows control characters of a document, and does not obey them", async () => {
    const text = lamp().replace("at: { type: string, format: date-time }", '"\u001b[2Jat": {}')
    await scratch.write({
      "doc.yaml": text.replace("type: object, required: [lux]", "type: object, title: '\u009b2J', required: [lux]"),
    })
    const { err, out } = await scratch.fleetwire(["import", "doc.yaml", "--out", "made"])
    expect(err).toContain("\\u009b2J")
    for (const character of ["\u001b", "\u009b"]) expect(err + out).not.toContain(character)
  })

  it("reads another document only where that is asked for", async () => {
    const apart = lamp().replace("'#/components/messages/Lux'", "'./parts/messages.yaml#/Lux'")
    await scratch.write({
      "lamps.yaml": apart,
      "parts/messages.yaml": "Lux: { payload: { type: object, properties: { lux: { type: number } } } }",
    })
    const without = await scratch.fleetwire(["import", "lamps.yaml", "--out", "a"])
    expect(without.err).toContain("is in another document, which was not read")
    const followed = await scratch.fleetwire(["import", "lamps.yaml", "--out", "b", "--follow"])
    expect(followed.code).toBe(0)
    expect(await scratch.read("b/contract.ts")).toContain("lamps/{lampId}/lux")
  })

  it("fetches no address by itself", async () => {
    const far = lamp().replace("'#/components/messages/Lux'", "'http://127.0.0.1:9/messages.yaml#/Lux'")
    await scratch.write({ "lamps.yaml": far })
    const { err } = await scratch.fleetwire(["import", "lamps.yaml"])
    expect(err).toContain("which was not read")
    const asked = await scratch.fleetwire(["import", "lamps.yaml", "--out", "b", "--fetch"])
    expect(asked.err).toContain("http://127.0.0.1:9/messages.yaml could not be fetched")
    expect(asked.code).toBe(2)
  })
})
