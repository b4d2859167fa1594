import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import type { Codec } from "@fleetwire/runtime"
import fastJsonStringify from "fast-json-stringify"
import { messageSchema } from "../../../packages/codegen/src/json-schema/message-schema.js"
import { loadCodecs } from "../../../packages/codegen/test/codec/load-codecs.js"
import { bundleSizes } from "./bundle-size.js"
import { type Contender, measure, median, type Ratio, ratioOf, type Samples } from "./measure.js"
import { contract, shuffled, values } from "./messages.js"
import { plot } from "./plot.js"
import { type BinaryPeer, binaryPeers } from "./protobuf-peers.js"
import { typiaChecks } from "./typia-peer.js"
import { type Check, strictCheck, validatorsOf } from "./validators.js"
import { worstCases } from "./worst-cases.js"

const OURS = "Fleetwire"

interface Cell {
  readonly message: string
  readonly work: string
  /** What the cell is compared with: one that does the work without validation. */
  readonly base: string
  readonly samples: Samples
  /** Peers that validate as strictly. */
  readonly strict: readonly string[]
}

/**
 * Measures every cell, prints the table and writes it where it is published. `only`: the messages to measure, printed and
 * not published.
 */
export async function run(options: { readonly rounds: number; readonly only: readonly string[] }): Promise<void> {
  const typia = await typiaChecks()
  const checksOf = (message: string): ReadonlyMap<string, Check> =>
    new Map([...validatorsOf(message), ["typia", typia.get(message)!]])
  const [loaded] = await loadCodecs([contract], () => ["json", "protobuf"])
  const peers = await binaryPeers()
  const cells: Cell[] = []
  for (const message of Object.keys(values)) {
    if (options.only.length > 0 && !options.only.includes(message)) continue
    const { json, protobuf } = loaded!.get(message)!.codecs as { json: Codec<unknown>; protobuf: Codec<unknown> }
    const own = values[message]!
    const inputs = own.length
    const spelled = own.map((value) => Buffer.from(JSON.stringify(value)))
    const checks = checksOf(message)
    cells.push(jsonDecode(message, "JSON decode", spelled, json, { ...options, inputs, checks }))
    const loose = own.map((value) => Buffer.from(JSON.stringify(shuffled(value), null, 1)))
    cells.push(
      jsonDecode(message, "JSON decode, keys shuffled, white space", loose, json, { ...options, inputs, checks }),
    )
    cells.push(jsonEncode(message, own, json, { ...options, inputs, checks }))
    cells.push(...binary(message, own, protobuf, { ...options, inputs, peers }))
    console.error(`measured ${message}`)
  }
  if (options.only.length > 0) {
    console.log([...summary(cells), "", ...table(cells)].join("\n"))
    return
  }
  const sizes = await bundleSizes()
  const worst = worstCases(loaded!.get("Items")!.codecs.json!, options.rounds)
  const text = [
    `Node ${process.version}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${options.rounds} rounds a cell, contenders alternating; CPU time of the process.`,
    "A ratio is the median over rounds, with its 99 % bootstrap interval. `alone` does not validate.",
    "",
    ...summary(cells),
    "",
    ...table(cells),
    "",
    "| bundle (esbuild --minify) | minified | gzip -9 |",
    "|---|---:|---:|",
    ...sizes.map(({ what, minified, gzipped }) => `| ${what} | ${minified} B | ${gzipped} B |`),
    "",
    "| 1 MiB of JSON, against a valid one of equal size | time |",
    "|---|---:|",
    ...worst.map(({ name, ratio }) => `| ${name} | ${ratio.toFixed(2)} × |`),
  ].join("\n")
  console.log(text)
  publish(text)
  const chart = plot(
    cells
      .filter(({ message }) => message === "Telemetry")
      .map((cell) => ({
        title: `${cell.work} (${cell.base} = 1)`,
        bars: [...cell.samples.keys()].map((name) => ({ name, value: ratio(cell, name).median, own: name === OURS })),
      })),
  )
  writeFileSync(new URL("../../../apps/docs/public/bench-codec.svg", import.meta.url), chart)
}

interface Options {
  readonly rounds: number
  readonly inputs: number
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

function jsonDecode(
  message: string,
  work: string,
  spelled: readonly Buffer[],
  codec: Codec<unknown>,
  options: Options & { readonly checks: ReadonlyMap<string, Check> },
): Cell {
  const contenders = new Map<string, Contender>()
  contenders.set("JSON.parse alone", (i) => JSON.parse(spelled[i]!.toString()))
  for (const [name, check] of options.checks) {
    must(name, check(JSON.parse(spelled[0]!.toString())))
    contenders.set(`JSON.parse + ${name}`, (i) => {
      const value = JSON.parse(strictUtf8.decode(spelled[i]!))
      return check(value) ? value : undefined
    })
  }
  must(OURS, codec.decode(spelled[0]!).ok)
  contenders.set(OURS, (i) => codec.decode(spelled[i]!))
  return {
    message,
    work,
    base: "JSON.parse alone",
    samples: measure(contenders, options),
    strict: strictNames(contenders),
  }
}

function jsonEncode(
  message: string,
  own: readonly unknown[],
  codec: Codec<unknown>,
  options: Options & { readonly checks: ReadonlyMap<string, Check> },
): Cell {
  const contenders = new Map<string, Contender>()
  contenders.set("JSON.stringify alone", (i) => Buffer.from(JSON.stringify(own[i])))
  const stringify = fastJsonStringify(messageSchema(contract, message) as never)
  for (const [name, check] of options.checks)
    contenders.set(`${name} + JSON.stringify`, (i) => (check(own[i]) ? Buffer.from(JSON.stringify(own[i])) : undefined))
  const check = options.checks.get("TypeBox compiled")!
  contenders.set("TypeBox compiled + fast-json-stringify", (i) =>
    check(own[i]) ? Buffer.from(stringify(own[i])) : undefined,
  )
  must(OURS, codec.encode(own[0]).ok)
  contenders.set(OURS, (i) => codec.encode(own[i]))
  return {
    message,
    work: "JSON encode",
    base: "JSON.stringify alone",
    samples: measure(contenders, options),
    strict: strictNames(contenders),
  }
}

function binary(
  message: string,
  own: readonly unknown[],
  codec: Codec<unknown>,
  options: Options & { readonly peers: readonly BinaryPeer[] },
): readonly Cell[] {
  const bytes = own.map((value) => {
    const written = codec.encode(value)
    if (!written.ok) throw new Error(JSON.stringify(written.issues))
    return Buffer.from(written.value)
  })
  const decode = new Map<string, Contender>()
  const encode = new Map<string, Contender>()
  for (const peer of options.peers) {
    const decoders = own.map((value, i) => peer.decode(message, bytes[i]!, value))
    const encoders = own.map((value, i) => peer.encode(message, bytes[i]!, value))
    const check = strictCheck(message, peer.form)
    must(`${peer.name}, decoding`, check(decoders[0]!()))
    must(`${peer.name}, encoding`, check(encoders[0]!.own))
    decode.set(`${peer.name} alone`, (i) => decoders[i]!())
    encode.set(`${peer.name} alone`, (i) => encoders[i]!.run())
    decode.set(`${peer.name} + TypeBox compiled`, (i) => {
      const value = decoders[i]!()
      return check(value) ? value : undefined
    })
    encode.set(`${peer.name} + TypeBox compiled`, (i) => (check(encoders[i]!.own) ? encoders[i]!.run() : undefined))
  }
  decode.set(OURS, (i) => codec.decode(bytes[i]!))
  encode.set(OURS, (i) => codec.encode(own[i]))
  const base = "protobufjs reflection alone"
  return [
    { message, work: "protobuf decode", base, samples: measure(decode, options), strict: strictNames(decode) },
    { message, work: "protobuf encode", base, samples: measure(encode, options), strict: strictNames(encode) },
  ]
}

function strictNames(contenders: ReadonlyMap<string, Contender>): readonly string[] {
  return [...contenders.keys()].filter((name) => name !== OURS && !name.endsWith(" alone"))
}

function must(name: string, valid: boolean): void {
  if (!valid) throw new Error(`${name} refuses a valid message`)
}

function ratio(cell: Cell, name: string): Ratio {
  return ratioOf(cell.samples.get(name)!, cell.samples.get(cell.base)!)
}

/** The best peer that validates; without one, the fastest that does not. */
function best(cell: Cell): string {
  const names = cell.strict.length > 0 ? cell.strict : [...cell.samples.keys()].filter((name) => name !== OURS)
  return names.reduce((a, b) => (median(cell.samples.get(a)!) <= median(cell.samples.get(b)!) ? a : b))
}

function summary(cells: readonly Cell[]): readonly string[] {
  const against = cells.map((cell) => ratioOf(cell.samples.get(OURS)!, cell.samples.get(best(cell))!).median)
  const mean = Math.exp(against.reduce((sum, value) => sum + Math.log(value), 0) / against.length)
  return [
    `Against the best peer of each cell: geometric mean ${mean.toFixed(2)}, best ${Math.min(...against).toFixed(2)}, worst ${Math.max(...against).toFixed(2)}.`,
  ]
}

function table(cells: readonly Cell[]): readonly string[] {
  const rows = cells.flatMap((cell) => {
    const peer = best(cell)
    const close = ratioOf(cell.samples.get(OURS)!, cell.samples.get(peer)!)
    const lines = [...cell.samples.keys()].map((name) => {
      const samples = cell.samples.get(name)!
      const against = name === OURS ? `**${words(close)}** (${peer})` : ""
      return `| ${cell.message} | ${cell.work} | ${name} | ${Math.round(median(samples))} | ${words(ratio(cell, name))} | ${against} |`
    })
    return lines
  })
  return [
    "| message | work | with | ns | against the one alone | against the best peer |",
    "|---|---|---|---:|---:|---|",
    ...rows,
  ]
}

function words({ median: middle, low, high }: Ratio): string {
  return `${middle.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
}

const BEGIN = "<!-- codec: written by codec.mjs -->"
const END = "<!-- end of codec -->"

function publish(text: string): void {
  const file = new URL("../README.md", import.meta.url)
  const before = readFileSync(file, "utf8")
  const from = before.indexOf(BEGIN)
  const to = before.indexOf(END)
  if (from < 0 || to < from) throw new Error(`README.md has no place between ${BEGIN} and ${END}`)
  writeFileSync(file, `${before.slice(0, from)}${BEGIN}\n\n${text}\n\n${before.slice(to)}`)
}
