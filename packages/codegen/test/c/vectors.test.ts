import { readdirSync, readFileSync } from "node:fs"
import type { ContractIr, Format } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type LoadedMessage, loadCodecs } from "../codec/load-codecs.js"
import { buildHarness, type Harness } from "./harness.js"
import { disagreement } from "./judge.js"

interface Vectors {
  readonly message: string
  readonly formats: readonly Format[]
  readonly valid: readonly ({ readonly alsoJson?: string } & { readonly [F in Format]?: string })[]
  readonly invalid: readonly { readonly format: Format; readonly octets: string; readonly path: string }[]
}

const root = new URL("../../../../schemas/", import.meta.url)
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), "utf8")) as T
const contracts = ["iot-car", "home", "smart-building", "gpio"].map((name) => ({
  name,
  ir: read<{ ir: ContractIr }>(`${name}/contract.lock.json`).ir,
  vectors: readdirSync(new URL(`vectors/${name}/`, root)).map((file) => read<Vectors>(`vectors/${name}/${file}`)),
}))
const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))

for (const { name, ir, vectors } of contracts)
  describe(`C codecs of ${name}`, () => {
    let harness: Harness
    let codecs: ReadonlyMap<string, LoadedMessage>
    beforeAll(async () => {
      harness = await buildHarness(ir)
      codecs = (
        await loadCodecs([ir], (_, message) => vectors.find((own) => own.message === message)?.formats ?? ["json"])
      )[0]!
    })
    afterAll(() => harness?.remove())

    const check = (message: string, payloads: readonly { format: Format; octets: Uint8Array }[]): void => {
      const judged = harness.judge(payloads.map((payload) => ({ message, ...payload })))
      payloads.forEach((payload, index) => {
        const found = disagreement(ir, message, codecs.get(message)!.codecs, payload, judged[index]!)
        expect({
          message,
          format: payload.format,
          input: Buffer.from(payload.octets).toString("latin1"),
          found,
        }).toMatchObject({ found: undefined })
      })
    }

    it("read and write every valid vector as TypeScript does, octet for octet", () => {
      for (const { message, formats, valid } of vectors)
        check(
          message,
          valid.flatMap((vector) => [
            ...formats.map((format) => ({ format, octets: octets(vector[format]!) })),
            ...(vector.alsoJson === undefined ? [] : [{ format: "json" as const, octets: octets(vector.alsoJson) }]),
          ]),
        )
    })

    it("refuse every invalid vector", () => {
      for (const { message, invalid } of vectors) {
        const judged = harness.judge(
          invalid.map(({ format, octets: hex }) => ({ message, format, octets: octets(hex) })),
        )
        invalid.forEach((vector, index) => {
          expect({
            message,
            ...vector,
            text: Buffer.from(vector.octets, "hex").toString("latin1"),
            refused: judged[index]!.status !== 0,
          }).toMatchObject({ refused: true })
        })
      }
    })

    it("cut off at every octet and with each octet changed, are read as TypeScript reads them", () => {
      for (const { message, formats, valid } of vectors)
        check(
          message,
          formats.flatMap((format) =>
            valid.slice(0, 1).flatMap((vector) => {
              const whole = octets(vector[format]!)
              return [...whole].flatMap((_, at) => [
                { format, octets: whole.slice(0, at) },
                ...[0xff, 0x01, 0x80, 0x20].map((flip) => ({ format, octets: whole.with(at, whole[at]! ^ flip) })),
              ])
            }),
          ),
        )
    })
  })
