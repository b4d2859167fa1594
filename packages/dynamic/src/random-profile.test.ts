import {
  type ContractIr,
  type Format,
  findMessage,
  maxEncodedBytes,
  resolveType,
  type TypeIr,
  walkType,
} from "@fleetwire/ir"
import { expect, it } from "vitest"
import { createDynamicCodec, type DynamicCodec } from "./dynamic-codec.js"
import { mutateOctets, mutateValue } from "./mutate.js"
import { randomContract } from "./random-contract.js"
import { type NextRandom, randomValue } from "./random-value.js"
import { sampleString } from "./sample-string.js"
import { createSeededRandom } from "./seeded-random.js"
import { spellJson } from "./spell-json.js"

interface Subject {
  readonly contract: ContractIr
  readonly codecs: ReadonlyMap<Format, DynamicCodec>
  readonly next: NextRandom
  readonly value: () => unknown
}

/** Random contracts with their codecs in every format that carries the message. */
function subjects(seed: number, count: number): readonly Subject[] {
  const next = createSeededRandom(seed)
  return Array.from({ length: count }, () => {
    const contract = randomContract(next)
    const { type } = findMessage(contract, "M")!
    const { kind } = resolveType(contract, type)
    const formats: Format[] = ["json", "compact", "protobuf"]
    if (kind !== "object" && kind !== "union" && kind !== "bytes") formats.push("text")
    if (kind === "bytes" || kind === "string") formats.push("bytes")
    const codecs = new Map(formats.map((format) => [format, createDynamicCodec(contract, "M", format)]))
    return { contract, codecs, next, value: () => randomValue(contract, type, next, (of) => sampleString(of, next)) }
  })
}

const show = (value: unknown) =>
  JSON.stringify(value, (_, member) => (typeof member === "bigint" ? `${member}n` : member))
const text = (octets: Uint8Array) => new TextDecoder().decode(octets)

it("every valid value has a place in every format, within the size that the contract computes", () => {
  for (const { contract, codecs, value } of subjects(1, 150))
    for (let round = 0; round < 8; round++) {
      const given = value()
      for (const [format, codec] of codecs) {
        const encoded = codec.encode(given)
        if (!encoded.ok)
          throw new Error(`${format}: ${show(given)}: ${show(encoded.issues)}: ${show(contract.messages)}`)
        const bound = maxEncodedBytes(contract, "M", format) ?? Number.POSITIVE_INFINITY
        if (encoded.value.length > bound)
          throw new Error(`${format}: ${encoded.value.length} > ${bound}: ${show(given)}: ${show(contract.messages)}`)
      }
    }
}, 60_000)

it("every format gives the value back, through any other", () => {
  for (const { contract, codecs, value } of subjects(2, 150))
    for (let round = 0; round < 5; round++) {
      const given = value()
      // Decoders fill defaults in, so what the first one gives is the value.
      const whole = through(codecs.get("json")!, given, contract)
      let travelled: unknown = given
      for (const codec of [...codecs.values(), ...codecs.values()]) travelled = through(codec, travelled, contract)
      expect(travelled).toEqual(whole)
    }
}, 60_000)

function through(codec: DynamicCodec, value: unknown, contract: ContractIr): unknown {
  const encoded = codec.encode(value)
  if (!encoded.ok) throw new Error(`${show(value)}: ${show(encoded.issues)}: ${show(contract.messages)}`)
  const decoded = codec.decode(encoded.value)
  if (!decoded.ok) throw new Error(`${show(value)}: ${show(decoded.issues)}: ${show(contract.messages)}`)
  return decoded.value
}

it("reads every spelling of a JSON text as the same value", () => {
  for (const { contract, codecs, value, next } of subjects(3, 150)) {
    const maps = contract.messages.some(({ type }) => hasMap(type))
    for (const format of ["json", "compact"] as const) {
      const codec = codecs.get(format)!
      for (let round = 0; round < 6; round++) {
        const encoded = codec.encode(value())
        if (!encoded.ok) throw new Error(show(encoded.issues))
        const spelled = spellJson(text(encoded.value), next, !maps)
        expect({
          spelled,
          contract: contract.messages,
          result: codec.decode(new TextEncoder().encode(spelled)),
        }).toEqual({
          spelled,
          contract: contract.messages,
          result: codec.decode(encoded.value),
        })
      }
    }
  }
}, 60_000)

function hasMap(type: TypeIr): boolean {
  let found = false
  walkType(type, (inner) => {
    found ||= inner.kind === "map"
  })
  return found
}

it("agrees in every format on what is a value", () => {
  let refused = 0
  for (const { contract, codecs, value, next } of subjects(4, 200))
    for (let round = 0; round < 12; round++) {
      const given = mutateValue(value(), next)
      const verdicts = [...codecs].map(([format, codec]) => ({ format, result: codec.encode(given) }))
      if (isNamedByNobody(verdicts)) continue
      const ok = verdicts[0]!.result.ok
      if (!ok) refused++
      for (const { format, result } of verdicts)
        if (result.ok !== ok)
          throw new Error(`${format}: ${show(given)}: ${show(verdicts)}: ${show(contract.messages)}`)
      if (ok) {
        const read = [...codecs].map(([, codec]) => through(codec, given, contract))
        for (const one of read) expect(one).toEqual(read[0])
      }
    }
  expect(refused).toBeGreaterThan(600)
}, 60_000)

/** A word of an open enum that has no number is the one value that formats with numbers cannot carry. */
function isNamedByNobody(verdicts: readonly { readonly result: { readonly ok: boolean } }[]): boolean {
  return verdicts.some(
    ({ result }) =>
      "issues" in result && (result.issues as { message: string }[]).some((i) => i.message === "has no number"),
  )
}

it("never throws for spoiled octets, and writes again whatever it accepts", () => {
  let accepted = 0
  for (const { contract, codecs, value, next } of subjects(5, 150))
    for (const [format, codec] of codecs)
      for (let round = 0; round < 10; round++) {
        const encoded = codec.encode(value())
        if (!encoded.ok) throw new Error(show(encoded.issues))
        const decoded = codec.decode(mutateOctets(encoded.value, next))
        if (!decoded.ok) {
          expect(decoded.issues.length).toBeGreaterThan(0)
          continue
        }
        accepted++
        const again = codec.encode(decoded.value)
        if (!again.ok)
          throw new Error(`${format}: ${show(decoded.value)}: ${show(again.issues)}: ${show(contract.messages)}`)
        expect(codec.decode(again.value)).toEqual(decoded)
      }
  expect(accepted).toBeGreaterThan(200)
}, 60_000)
