import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr, Format } from "@fleetwire/ir"
import type { Codec } from "@fleetwire/runtime"
import { beforeAll, describe, expect, it } from "vitest"
import { contractOf, fields } from "./car-contract.js"
import { type LoadedMessage, loadCodecs } from "./load-codecs.js"
import { sameValue } from "./same-value.js"

interface Vectors {
  readonly message: string
  readonly formats: readonly Format[]
  readonly valid: readonly ({ readonly value: unknown; readonly alsoJson?: string } & {
    readonly [F in Format]?: string
  })[]
  readonly invalid: readonly {
    readonly format: Format
    readonly octets: string
    readonly path: string
    readonly code: string
  }[]
}

interface SyntaxCase {
  readonly name: string
  readonly octets?: string
  readonly repeat?: readonly [string, number]
  readonly verdict: "accept" | "refuse"
}

const root = new URL("../../../../schemas/", import.meta.url)
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), "utf8")) as T
const contracts = readdirSync(new URL("vectors/", root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "topics" && !entry.name.startsWith("."))
  .map(({ name }) => ({
    name,
    ir: read<{ ir: ContractIr }>(`${name}/contract.lock.json`).ir,
    vectors: readdirSync(new URL(`vectors/${name}/`, root)).map((file) => read<Vectors>(`vectors/${name}/${file}`)),
  }))

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

it("every message of every contract has vectors, and nothing else has", () => {
  const locked = readdirSync(root)
    .filter((name) => existsSync(new URL(`${name}/contract.lock.json`, root)))
    .flatMap((name) => {
      const { ir } = read<{ ir: ContractIr }>(`${name}/contract.lock.json`)
      return ir.messages.map((message) => `${name}/${message.name}`)
    })
  const there = contracts.flatMap(({ name, vectors }) => vectors.map(({ message }) => `${name}/${message}`))
  expect(there.sort()).toEqual(locked.sort())
})

let loaded: ReadonlyMap<string, LoadedMessage>[]

beforeAll(async () => {
  loaded = await loadCodecs(
    contracts.map(({ ir }) => ir),
    (ir, message) =>
      contracts.find((contract) => contract.ir === ir)!.vectors.find((own) => own.message === message)!.formats,
  )
}, 60_000)

for (const [index, { name, ir, vectors }] of contracts.entries())
  describe(`vectors of ${name}`, () => {
    for (const { message, formats, valid, invalid } of vectors)
      describe(message, () => {
        const codec = (format: Format): Codec<unknown> => loaded[index]!.get(message)!.codecs[format]!

        it("reads one value from every format, and writes it", () => {
          for (const vector of valid) {
            const want = codec("json").decode(octets(vector.json!))
            if (!want.ok) throw new Error(JSON.stringify(want.issues))
            for (const format of formats) {
              const got = codec(format).decode(octets(vector[format]!))
              expect(got.ok && sameValue(got.value, want.value)).toBe(true)
              const written = codec(format).encode(want.value)
              const back = codec(format).decode(written.ok ? written.value : octets(""))
              expect(back.ok && sameValue(back.value, want.value)).toBe(true)
            }
            if (vector.alsoJson !== undefined) {
              const got = codec("json").decode(octets(vector.alsoJson))
              expect(got.ok && sameValue(got.value, want.value)).toBe(true)
            }
          }
        })

        it("refuses what is invalid, and says where", () => {
          for (const vector of invalid) {
            const got = codec(vector.format).decode(octets(vector.octets))
            expect({ ...vector, ok: got.ok }).toEqual({ ...vector, ok: false })
            const oracle = createDynamicCodec(ir, message, vector.format).decode(octets(vector.octets))
            expect(oracle.ok).toBe(false)
            // Paths in compact JSON may say the short key or the name.
            if (got.ok || vector.format === "compact" || !VALUE_CODES.has(vector.code)) continue
            expect(got.issues.map(({ path, code }) => `${path} ${code}`)).toContain(`${vector.path} ${vector.code}`)
          }
        })

        it("cut off at every octet and with each octet changed, is read as the interpreter reads it", () => {
          for (const format of formats) {
            const oracle = createDynamicCodec(ir, message, format)
            for (const vector of valid.slice(0, 2)) {
              const whole = octets(vector[format]!)
              for (let at = 0; at < whole.length; at++) {
                const changed = [whole.slice(0, at), ...FLIPS.map((flip) => whole.with(at, whole[at]! ^ flip))]
                for (const input of changed) {
                  const got = codec(format).decode(input)
                  const want = oracle.decode(input)
                  if (got.ok !== want.ok || (got.ok && want.ok && !sameValue(got.value, want.value)))
                    expect({ format, input: hex(input), got }).toEqual({ format, input: hex(input), got: want })
                }
              }
            }
          }
        })
      })
  })

/** Codes of issues about a value; those about syntax and wire may be worded by each reader in its own way. */
const VALUE_CODES: ReadonlySet<string> = new Set([
  "required",
  "null",
  "minimum",
  "maximum",
  "max_length",
  "not_integer",
])

const FLIPS = [0xff, 0x01, 0x80, 0x20]

describe("JSON syntax", () => {
  const cases = read<SyntaxCase[]>("vectors/json-syntax.json")
  const ir = contractOf([
    { name: "Any", type: { kind: "object", name: "Any", fields: fields({ known: { kind: "bool" } }, ["known"]) } },
  ])
  const bytesOf = ({ octets: text, repeat }: SyntaxCase): Buffer =>
    text !== undefined ? Buffer.from(text, "hex") : Buffer.from(repeat![0].repeat(repeat![1]), "hex")

  it("is exact where nobody asked for the value", async () => {
    const [messages] = await loadCodecs([ir], () => ["json"])
    const codec = messages!.get("Any")!.codecs.json!
    const oracle = createDynamicCodec(ir, "Any", "json")
    for (const syntax of cases) {
      for (const [before, after] of [
        ['{"unknown":', "}"],
        ['{"a":[],"unknown" : ', ' ,"known":true}'],
      ] as const) {
        const input = Buffer.concat([Buffer.from(before), bytesOf(syntax), Buffer.from(after)])
        const verdicts = [codec.decode(input).ok, oracle.decode(input).ok].map((ok) => (ok ? "accept" : "refuse"))
        expect([syntax.name, ...verdicts]).toEqual([syntax.name, syntax.verdict, syntax.verdict])
      }
    }
  })
})
