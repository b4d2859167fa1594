import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { fromBinary, toBinary } from "@bufbuild/protobuf"
import { build } from "esbuild"
import { Packr, Unpackr } from "msgpackr"
import protobuf from "protobufjs"
import { emitProto } from "../../../packages/codegen/src/proto/emit.js"
import { contract } from "./messages.js"
import type { Form } from "./validators.js"

/** A binary format's peer: both directions of one message, without validation. */
export interface BinaryPeer {
  readonly name: string
  /** How it holds messages. */
  readonly form: Form
  /** The value as the peer holds it, and what writes that. */
  encode(message: string, protobufBytes: Uint8Array, value: unknown): { readonly own: unknown; run(): Uint8Array }
  decode(message: string, protobufBytes: Uint8Array, value: unknown): () => unknown
}

const cache = fileURLToPath(new URL("../.cache/protobuf/", import.meta.url))
const bin = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url))

/** The peers that are installed here; a line on standard error for each that is not. */
export async function binaryPeers(): Promise<readonly BinaryPeer[]> {
  const { text } = emitProto(contract)[0]!
  const root = protobuf.parse(text, { keepCase: true }).root
  const reflected = (message: string): protobuf.Type => root.lookupType(message)
  const packr = new Packr({ useRecords: false })
  const unpackr = new Unpackr({ useRecords: false })
  const peers: BinaryPeer[] = [
    {
      name: "protobufjs reflection",
      form: "numbers",
      encode(message, bytes) {
        const type = reflected(message)
        const plain = type.toObject(type.decode(bytes))
        return { own: plain, run: () => type.encode(plain).finish() }
      },
      decode(message, bytes) {
        const type = reflected(message)
        return () => type.decode(bytes)
      },
    },
    {
      name: "msgpackr",
      form: "names",
      encode: (_, _bytes, value) => ({ own: value, run: () => packr.pack(value) }),
      decode: (_, _bytes, value) => {
        const packed = packr.pack(value)
        return () => unpackr.unpack(packed)
      },
    },
  ]
  try {
    peers.push(await staticPeer(text), ...(await generatedPeers(text)))
  } catch (error) {
    console.error(`no generated peers of protobuf: ${error instanceof Error ? error.message.split("\n")[0] : error}`)
  }
  return peers
}

/** What protobufjs generates beforehand. */
async function staticPeer(proto: string): Promise<BinaryPeer> {
  mkdirSync(`${cache}static`, { recursive: true })
  writeFileSync(`${cache}static/bench.proto`, proto)
  const args = ["-t", "static-module", "-w", "es6", "--keep-case", "-o", "made.js", "bench.proto"]
  execFileSync(`${bin}pbjs`, args, { cwd: `${cache}static`, stdio: "pipe" })
  const outfile = `${cache}static/bundle.mjs`
  await build({
    entryPoints: [`${cache}static/made.js`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  })
  const made = ((await import(pathToFileURL(outfile).href)) as { readonly default: Namespace }).default
  const types = /^package (.*);$/m
    .exec(proto)![1]!
    .split(".")
    .reduce((at, name) => at[name] as Namespace, made)
  const typeOf = (message: string): protobuf.Type => types[message] as unknown as protobuf.Type
  return {
    name: "protobufjs static",
    form: "numbers",
    encode(message, bytes) {
      const type = typeOf(message)
      const own = type.toObject(type.decode(bytes))
      return { own, run: () => type.encode(own).finish() }
    },
    decode(message, bytes) {
      const type = typeOf(message)
      return () => type.decode(bytes)
    },
  }
}

interface Namespace {
  readonly [name: string]: unknown
}

interface TsProto {
  encode(message: unknown): { finish(): Uint8Array }
  decode(bytes: Uint8Array): unknown
}

/** What protoc-gen-es and ts-proto generate from our .proto, bundled. */
async function generatedPeers(proto: string): Promise<readonly BinaryPeer[]> {
  mkdirSync(`${cache}proto`, { recursive: true })
  writeFileSync(`${cache}proto/bench.proto`, proto)
  writeFileSync(`${cache}buf.yaml`, "version: v2\nmodules:\n  - path: proto\n")
  const plugins = [
    { local: `${bin}protoc-gen-es`, out: "es", opt: ["target=ts", "import_extension=js"] },
    {
      local: `${bin}protoc-gen-ts_proto`,
      out: "ts-proto",
      opt: ["snakeToCamel=false", "esModuleInterop=true", "importSuffix=.js"],
    },
  ]
  writeFileSync(`${cache}buf.gen.yaml`, JSON.stringify({ version: "v2", plugins }))
  execFileSync(`${bin}buf`, ["generate"], { cwd: cache, stdio: "pipe" })
  const load = async (folder: string, suffix: string): Promise<{ readonly [name: string]: unknown }> => {
    const file = readdirSync(`${cache}${folder}`).find((name) => name.endsWith(suffix))!
    const outfile = `${cache}${folder}/bundle.mjs`
    await build({
      entryPoints: [`${cache}${folder}/${file}`],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      external: ["@bufbuild/*"],
      logLevel: "error",
    })
    return (await import(pathToFileURL(outfile).href)) as { readonly [name: string]: unknown }
  }
  const es = await load("es", "_pb.ts")
  const tsProto = await load("ts-proto", ".ts")
  return [
    {
      name: "@bufbuild/protobuf",
      form: "camel",
      encode(message, bytes) {
        const schema = es[`${message}Schema`] as Parameters<typeof toBinary>[0]
        const decoded = fromBinary(schema, bytes)
        return { own: decoded, run: () => toBinary(schema, decoded) }
      },
      decode(message, bytes) {
        const schema = es[`${message}Schema`] as Parameters<typeof fromBinary>[0]
        return () => fromBinary(schema, bytes)
      },
    },
    {
      name: "ts-proto",
      form: "numbers",
      encode(message, bytes) {
        const own = tsProto[message] as TsProto
        const decoded = own.decode(bytes)
        return { own: decoded, run: () => own.encode(decoded).finish() }
      },
      decode(message, bytes) {
        const own = tsProto[message] as TsProto
        return () => own.decode(bytes)
      },
    },
  ]
}
