import type { ContractIr, FieldIr, TypeIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { emitDocs } from "./emit.js"

const hostile = "a <b>bold</b> | {{ 1 + 1 }} `tick` *star*\nand more"

const field = (name: string, number: number, type: TypeIr, more: Partial<FieldIr> = {}): FieldIr => ({
  name,
  number,
  required: true,
  type,
  ...more,
})

const message: TypeIr = {
  kind: "object",
  name: "Reading",
  fields: [
    field("id", 1, { kind: "string", pattern: "p-[0-9]|q", maxLength: 4 }, { short: "i", auto: "identity" }),
    field("level", 2, { kind: "int", bits: 8, signed: false, min: 0, max: 100 }, { unit: "%", doc: hostile }),
    field("total", 3, { kind: "int", bits: 64, signed: false, min: "0", max: "18446744073709551615" }),
    field("mode", 4, {
      kind: "enum",
      name: "Mode",
      open: false,
      values: [
        { name: "idle", number: 0 },
        { name: "running", number: 3 },
      ],
    }),
    field("track", 5, {
      kind: "list",
      maxItems: 4,
      item: {
        kind: "object",
        name: "Point",
        fields: [field("x", 1, { kind: "float", bits: 64, min: -1, max: 1 }, { required: false })],
      },
    }),
    field("shape", 6, {
      kind: "union",
      name: "Shape",
      tag: "kind",
      branches: [
        {
          value: "circle",
          number: 7,
          type: { kind: "object", name: "Circle", fields: [field("r", 1, { kind: "float", bits: 32, min: 0 })] },
        },
      ],
    }),
    field("names", 7, { kind: "map", value: { kind: "bool" }, maxProperties: 2, keyPattern: "[a-z]+" }),
  ],
}

const contract: ContractIr = {
  ir: 1,
  name: "probe",
  version: "1.2.0",
  doc: hostile,
  params: [{ name: "id", maxLength: 4, reserved: ["all"], examples: ["p-1"], pattern: "p-[0-9]|q" }],
  device: { param: "id", session: { kind: "clean" }, reconnectSpreadSeconds: 30, keepAliveSeconds: 20 },
  messages: [{ name: "Reading", type: message, doc: hostile }],
  channels: [
    {
      name: "level",
      kind: "telemetry",
      from: "device",
      everyMs: 1500,
      doc: hostile,
      legs: [
        {
          name: "message",
          from: "device",
          topic: "probe/{id}/level",
          message: "Reading",
          qos: 1,
          retain: false,
          expiryMs: 60_000,
          accepts: ["compact", "json"],
          sends: "json",
          maxBytes: 300,
          acknowledge: "on-receipt",
          queue: { bound: 10, drop: "oldest" },
          outbox: { bound: 10, drop: "oldest", durable: false },
        },
      ],
    },
  ],
  roles: [
    {
      name: "watcher",
      publish: [],
      read: ["level.message"],
      bind: [],
      session: { kind: "persistent", expirySeconds: 3600 },
      reconnectSpreadSeconds: 1,
      keepAliveSeconds: 60,
    },
  ],
}

const page = (path: string): string => emitDocs(contract, { digest: "d" }).find((file) => file.path === path)!.text

describe("the pages", () => {
  it("are the same whatever order the contract comes in", () => {
    const shuffled = Object.fromEntries(Object.entries(contract).reverse()) as unknown as ContractIr
    expect(emitDocs(shuffled, { digest: "d" })).toEqual(emitDocs(contract, { digest: "d" }))
  })

  it("show text of the contract as text, never as markup or as a template", () => {
    for (const { text } of emitDocs(contract)) {
      expect(text).not.toContain("<b>")
      expect(text).not.toContain("{{")
    }
    expect(page("index.md")).toContain("a &#60;b&#62;bold&#60;/b&#62; &#124; &#123;&#123; 1 + 1 &#125;&#125;")
  })

  it("keep every table in its columns", () => {
    for (const { path, text } of emitDocs(contract)) {
      const lines = text.split("\n")
      lines.forEach((line, index) => {
        if (!line.startsWith("|")) return
        const head = lines[index - 1]?.startsWith("|") ? lines[index - 1]! : line
        expect(line.split("|").length, `${path}:${index + 1} ${line}`).toBe(head.split("|").length)
      })
    }
  })
})

const rows: readonly { given: string; want: string }[] = [
  {
    given: "a field that the sender's SDK fills in, with a pattern that has a bar",
    want: "| `id` | `string` |   | ≤ 4 characters, <code>p-&#91;0-9&#93;&#124;q</code> | the device's id, unless given | `i` | 1 |   |",
  },
  {
    given: "an unsigned integer of 64 bits",
    want: "| `total` | `uint64` |   | 0 … 18446744073709551615 | required |   | 3 |",
  },
  { given: "an enum with its numbers", want: "| `mode` | `enum` |   | `idle` = 0, `running` = 3 | required |   | 4 |" },
  { given: "a field inside a list", want: "| `track[].x` | `float64` |   | -1 … 1 | optional |   | 5.1 |" },
  { given: "a field inside a branch", want: "| `shape(circle).r` | `float32` |   | ≥ 0 | required |   | 6.7.1 |" },
]

for (const { given, want } of rows) {
  it(`describes ${given}`, () => expect(page("messages.md")).toContain(want))
}

it("draws who says what to whom", () => {
  expect(page("channels.md")).toContain(
    [
      "device                                                    controller",
      "  |                                                        |",
      "  |  probe/p-1/level                                       |",
      "  |  Reading · QoS 1 · every 1500 ms                       |",
      "  |------------------------------------------------------->|",
    ].join("\n"),
  )
})

it("gives a payload that the contract allows", () => {
  const [, json] = /```json\n([\s\S]*?)\n```/.exec(page("messages.md"))!
  expect(JSON.parse(json!)).toEqual({
    id: "p-1",
    level: 50,
    total: 42,
    mode: "idle",
    track: [{ x: 0 }],
    shape: { kind: "circle", r: 21.5 },
    names: { a: true },
  })
})

it("says what a role may do and how it connects", () => {
  const text = page("roles.md")
  expect(text).toContain("| `probe/{id}/level` |   | yes |")
  expect(text).toContain("Session kept for 1 h. Keep-alive 60 s; the first attempt after a loss comes within 1 s.")
  expect(text).toContain("Clean session, for its own `id` only.")
})
