/*
 * Makes the vectors of payloads: for each message of each contract valid and invalid values in every format, in hex,
 * from the interpreted codecs. What is there is kept: vectors are made once, and every language's tests read them.
 * `node schemas/vectors/make.mjs` makes what is missing; `--renew NAME` makes a contract's anew, after its types changed.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const here = new URL("./", import.meta.url)
const bundle = fileURLToPath(new URL(`.cache/dynamic-${process.pid}.mjs`, here))
await mkdir(new URL(".cache/", here), { recursive: true })
await build({
  entryPoints: [fileURLToPath(new URL("../../packages/dynamic/src/index.ts", here))],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  conditions: ["@fleetwire/source"],
  logLevel: "error",
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
})
const dynamic = await import(pathToFileURL(bundle).href)
await rm(bundle)

const renewed = process.argv.slice(2).filter((arg) => !arg.startsWith("--"))
for (const name of (await readdir(new URL("../", here))).sort()) {
  const lock = await readFile(new URL(`../${name}/contract.lock.json`, here), "utf8").catch(() => undefined)
  if (lock === undefined) continue
  const { ir } = JSON.parse(lock)
  await mkdir(new URL(`${name}/`, here), { recursive: true })
  for (const message of ir.messages) {
    const file = new URL(`${name}/${message.name}.json`, here)
    const there = await readFile(file, "utf8").catch(() => undefined)
    if (there !== undefined && !renewed.includes(name)) continue
    await writeFile(file, `${JSON.stringify(vectorsOf(ir, message), null, 1)}\n`)
    console.log(`${name}/${message.name}.json`)
  }
}

function vectorsOf(ir, message) {
  const next = dynamic.createSeededRandom(message.name.length * 7919 + message.name.charCodeAt(0))
  const codecs = codecsOf(ir, message.name)
  const valid = []
  const values = [...examplesOf(ir, message), ...Array.from({ length: 200 }, () => dynamic.randomValue(ir, message.type, next, (type) => dynamic.sampleString(type, next)))]
  const seen = new Set()
  for (const value of values) {
    if (valid.length >= 16) break
    const vector = validVector(codecs, value, next)
    if (vector === undefined || seen.has(vector.json)) continue
    seen.add(vector.json)
    valid.push(vector)
  }
  return {
    contract: ir.name,
    version: ir.version,
    message: message.name,
    formats: Object.keys(codecs),
    valid,
    invalid: invalidVectors(codecs, values, next),
  }
}

function codecsOf(ir, message) {
  const codecs = {}
  for (const format of ["json", "compact", "protobuf", "text", "bytes"]) {
    try {
      codecs[format] = dynamic.createDynamicCodec(ir, message, format)
    } catch (error) {
      // A format that cannot carry the message, which the interpreter says by this error.
      if (!(error instanceof RangeError)) throw error
    }
  }
  return codecs
}

function examplesOf(ir, message) {
  const codec = dynamic.createDynamicCodec(ir, message.name, "json")
  return (message.examples ?? []).flatMap((example) => {
    const read = codec.decode(new TextEncoder().encode(JSON.stringify(example)))
    return read.ok ? [read.value] : []
  })
}

/** One value in every format; undefined where some format does not carry it, or gives another value back. */
function validVector(codecs, value, next) {
  const vector = {}
  for (const [format, codec] of Object.entries(codecs)) {
    const written = codec.encode(value)
    if (!written.ok) return undefined
    const back = codec.decode(written.value)
    if (!back.ok) return undefined
    const again = codecs.json.encode(back.value)
    if (format !== "json" && hex(again.value) !== (vector.json ?? "")) return undefined
    vector[format] = hex(format === "json" ? again.value : written.value)
  }
  const text = Buffer.from(vector.json, "hex").toString()
  const spelled = dynamic.spellJson(text, next, false)
  const read = codecs.json.decode(Buffer.from(spelled))
  const same = read.ok && hex(codecs.json.encode(read.value).value) === vector.json
  return { value: JSON.parse(text), ...vector, ...(same && spelled !== text && { alsoJson: hex(Buffer.from(spelled)) }) }
}

function invalidVectors(codecs, values, next) {
  const found = new Map()
  const add = (format, octets) => {
    let read
    try {
      read = codecs[format].decode(octets)
    } catch {
      return
    }
    if (read.ok) return
    const { path, code } = read.issues[0]
    const key = `${format} ${path} ${code}`
    const count = [...found.values()].filter((vector) => vector.format === format).length
    if (!found.has(key) && count < 40) found.set(key, { format, octets: hex(octets), path, code })
  }
  for (const value of values) {
    for (let i = 0; i < 12; i++) add("json", Buffer.from(looseText(dynamic.mutateValue(value, next))))
    for (const [format, codec] of Object.entries(codecs)) {
      const written = codec.encode(value)
      if (!written.ok) continue
      for (let i = 0; i < 4; i++) add(format, dynamic.mutateOctets(written.value, next))
      if (format === "json") for (const broken of brokenJson(Buffer.from(written.value))) add(format, broken)
    }
  }
  return [...found.values()].sort((a, b) => (`${a.format}${a.path}${a.code}` < `${b.format}${b.path}${b.code}` ? -1 : 1))
}

/** JSON with the mistakes that parsers let pass: two keys alike, something behind the end, text that is no text. */
function brokenJson(octets) {
  const text = octets.toString()
  const member = /"[^"]*":("[^"]*"|[-0-9.e]+|true|false)/.exec(text)?.[0]
  return [
    Buffer.concat([octets, Buffer.from("x")]),
    Buffer.concat([Buffer.from("\ufeff"), octets]),
    Buffer.from(text.replace(/}$/, ",}")),
    Buffer.from(text.replace(/":"/, '":"\\ud800')),
    Buffer.from(text.replace(/":"/, '":"\u0001')),
    Buffer.concat([octets.subarray(0, -1), Buffer.from(',"x":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}')]),
    Buffer.from(text.replace(/}$/, `,"x":${"[".repeat(80)}${"]".repeat(80)}}`)),
    ...(member === undefined ? [] : [Buffer.from(text.replace(/}$/, `,${member}}`))]),
  ]
}

/** What JSON would say of any value, valid or not. */
function looseText(value) {
  return (
    JSON.stringify(value, (_, item) => {
      if (typeof item === "bigint") return item >= -(2n ** 53n) && item <= 2n ** 53n ? Number(item) : String(item)
      return item instanceof Uint8Array ? Buffer.from(item).toString("base64") : item
    }) ?? "null"
  )
}

function hex(octets) {
  return Buffer.from(octets).toString("hex")
}
