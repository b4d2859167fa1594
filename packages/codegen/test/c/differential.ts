import { createDynamicCodec, createSeededRandom, mutateOctets, randomValue, spellJson } from "@fleetwire/dynamic"
import type { ContractIr, Format } from "@fleetwire/ir"
import { formatsFor } from "../codec/differential.js"
import { loadCodecs } from "../codec/load-codecs.js"
import { buildHarness, type HarnessOptions } from "./harness.js"
import { disagreement } from "./judge.js"

/** What a run of random payloads found. */
export interface Found {
  readonly cases: number
  /** How many payloads were valid: a fuzzer that meets only refusals proves little. */
  readonly valid: number
  readonly differences: readonly string[]
}

const CHUNK = 4000

/** Random payloads of a contract, whole and damaged, read by C under sanitizers and by TypeScript. One seed, one run. */
export async function runCDifferential(
  ir: ContractIr,
  seed: number,
  cases: number,
  options: HarnessOptions = {},
): Promise<Found> {
  const next = createSeededRandom(seed)
  const formatsOf = (message: string): readonly Format[] =>
    formatsFor(ir, ir.messages.find(({ name }) => name === message)!.type).filter(
      (format) => format !== "bytes" && (options.formats?.includes(format) ?? true),
    )
  const codecs = (await loadCodecs([ir], (_, message) => formatsOf(message)))[0]!
  const harness = await buildHarness(ir, options)
  const differences: string[] = []
  let valid = 0
  let done = 0
  const below = (n: number): number => Math.floor(next() * n)
  try {
    while (done < cases && differences.length < 20) {
      const payloads: { message: string; format: Format; octets: Uint8Array }[] = []
      while (payloads.length < Math.min(CHUNK, cases - done)) {
        const { name, type } = ir.messages[below(ir.messages.length)]!
        const value = randomValue(ir, type, next)
        const formats = formatsOf(name)
        const format = formats[below(formats.length)]!
        const encoded = createDynamicCodec(ir, name, format).encode(value)
        if (!encoded.ok) continue
        let octets: Uint8Array = encoded.value
        if ((format === "json" || format === "compact") && below(2) === 0)
          octets = new TextEncoder().encode(spellJson(new TextDecoder().decode(octets), next))
        for (let damage = below(4); damage > 1; damage--) octets = mutateOctets(octets, next)
        payloads.push({ message: name, format, octets })
      }
      harness.judge(payloads).forEach((judged, index) => {
        const payload = payloads[index]!
        if (judged.status === 0) valid++
        const found = disagreement(ir, payload.message, codecs.get(payload.message)!.codecs, payload, judged)
        if (found !== undefined)
          differences.push(
            `${payload.message} ${payload.format} ${Buffer.from(payload.octets).toString("hex")}: ${found}`,
          )
      })
      done += payloads.length
    }
  } finally {
    harness.remove()
  }
  return { cases: done, valid, differences }
}
