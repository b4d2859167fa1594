/*
 * What the generation of a contract costs, from the cold start of the command to the last file written, beside
 * protoc-gen-es of the same messages, run by `buf generate` and, where the machine has it, by `protoc`: each reads a source
 * text, checks it and writes TypeScript. Measured is wall time, and the CPU time of all processes that the command
 * starts; the contenders alternate, figures are medians. Ratios are against the peer that is the faster in the round.
 *
 * What each side does, from an empty output folder, its locks and schemas up to date:
 * - `fleetwire generate`: bundles and runs contract.ts, checks it against its lock, and writes a package: types, guards,
 *   descriptors, both sides' clients, and a codec with its validation for each message and format. Channels are
 *   protobuf alone; in the second row they carry JSON, compact JSON and protobuf.
 * - `buf generate`, `protoc`: parses and checks contract.proto, which the command emitted from the same contract, and writes one
 *   module of types and an encoded descriptor, which the library interprets at run time. No validation, no topics.
 *
 * Everything stands in memory where the machine has a folder for that: ext4 finds a free place for a new file slowly, some
 * tenths of a millisecond for each, for minutes after many files were removed near it, which is what the rounds before did.
 * `--folder` names another place.
 *
 * A contender that takes longer than half a minute is measured once; after a minute it is ended, and what is said of it is
 * a bound.
 *
 *     node tools/bench/generation.mjs                                    # 100 and 1 000, into README.md; five minutes
 *     node tools/bench/generation.mjs [--folder FOLDER] MESSAGES...      # only printed
 */
import { execFileSync, spawnSync } from "node:child_process"
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { bundle } from "./bundle.mjs"
import { MACHINE, publish } from "./publish.mjs"
import { median, spread } from "./statistics.mjs"

const here = fileURLToPath(new URL("./", import.meta.url))
const root = fileURLToPath(new URL("../../", import.meta.url))
const { values, positionals } = parseArgs({ options: { folder: { type: "string" } }, allowPositionals: true })
const sizes = positionals.length > 0 ? positionals.map(Number) : [100, 1000]
const { emitProto } = await import(await bundle("codec/proto.ts"))

/** What takes longer is measured once, or ended. */
const LONG_MS = 30_000
const PATIENCE_SECONDS = 60

// Makes the command from its sources, once.
execFileSync(process.execPath, [`${root}tools/setup/fleetwire.mjs`, "--help"], { stdio: "pipe" })
const made = JSON.parse(readFileSync(`${root}.cache/fleetwire/current.json`, "utf8"))
const own = [process.execPath, `${root}.cache/fleetwire/${made.entry}`, "generate"]
const peer = [`${here}node_modules/.bin/buf`, "generate"]
// What buf itself takes, its plug-in apart.
const parse = [`${here}node_modules/.bin/buf`, "build"]

const OURS = {
  "fleetwire generate": ["protobuf"],
  "fleetwire generate, three formats": ["json", "compact", "protobuf"],
}
const BUF = "buf generate, protoc-gen-es"
const PROTOC = "protoc, protoc-gen-es"
const plugin = `${here}node_modules/.bin/protoc-gen-es`
const hasProtoc = spawnSync("protoc", ["--version"]).status === 0

const place = values.folder ?? (isWritable("/dev/shm") ? "/dev/shm" : tmpdir())
mkdirSync(place, { recursive: true })
const scratch = `${mkdtempSync(join(place, "fleetwire-generation-"))}/`
const lines = [
  "| messages | | wall ms | CPU ms | a message, CPU ms | wall, against protoc-gen-es | CPU, against protoc-gen-es | files, KiB written |",
  "|---:|---|---:|---:|---:|---:|---:|---:|",
]
try {
  for (const size of sizes) lines.push(...measure(size))
} finally {
  rmSync(scratch, { recursive: true })
}
console.log(lines.join("\n"))
if (positionals.length === 0) publish("generation", `${MACHINE}.\n\n${lines.join("\n")}`)

/** The rows of contracts of one size. */
function measure(size) {
  const contenders = contendersOf(size)
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  const outputs = {}
  for (let round = 0; round < (size > 300 ? 5 : 9); round++)
    for (const [name, { folder, args, out }] of Object.entries(contenders)) {
      if (times[name].some(({ wall }) => wall > LONG_MS)) continue
      if (out !== undefined) rmSync(out, { recursive: true, force: true })
      // protoc makes no folder.
      if (name === PROTOC) mkdirSync(out)
      times[name].push(timed(folder, args))
      if (out !== undefined && !times[name].at(-1).ended) outputs[name] = outputOf(name, out)
    }
  const peers = [BUF, PROTOC].filter((name) => times[name] !== undefined)
  const bound = peers.every((name) => times[name].some(({ ended }) => ended))
  const ratioOf = (own, of) =>
    median(
      // A peer that was measured once stands beside every round.
      own.map((time, round) => time[of] / Math.min(...peers.map((name) => (times[name][round] ?? times[name][0])[of]))),
    )
  return Object.entries(times).map(([name, own]) => {
    const column = (of) => own.map((time) => time[of])
    const ended = own.some((time) => time.ended)
    const said = (of) => `${median(column(of)).toFixed(0)} ± ${(spread(column(of)) * 100).toFixed(0)} %`
    const cells = ended
      ? [`> ${PATIENCE_SECONDS * 1000}`, "", "", "", ""]
      : [
          said("wall"),
          said("cpu"),
          (median(column("cpu")) / size).toFixed(2),
          `${bound ? "< " : ""}${ratioOf(own, "wall").toFixed(2)}`,
          // What ended processes had used is not told.
          bound ? "" : ratioOf(own, "cpu").toFixed(2),
        ]
    return `| ${[size, name, ...cells, outputs[name] ?? ""].join(" | ")} |`
  })
}

/** A folder for each contender with what it reads, and its command line. */
function contendersOf(size) {
  const base = `${scratch}${size}/`
  const contenders = {}
  for (const [name, formats] of Object.entries(OURS)) {
    const folder = `${base}${formats.join("-")}/`
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}package.json`, JSON.stringify(project(size)))
    writeFileSync(`${folder}contract.ts`, contractOf(size, formats))
    timed(folder, own)
    contenders[name] = { folder, args: own, out: `${folder}out` }
  }
  const folder = `${base}buf/`
  mkdirSync(`${folder}proto`, { recursive: true })
  const { ir } = JSON.parse(readFileSync(`${base}protobuf/contract.lock.json`, "utf8"))
  writeFileSync(`${folder}proto/contract.proto`, emitProto(ir)[0].text)
  writeFileSync(`${folder}buf.yaml`, "version: v2\nmodules:\n  - path: proto\n")
  const plugins = [{ local: plugin, out: "es", opt: ["target=ts"] }]
  writeFileSync(`${folder}buf.gen.yaml`, JSON.stringify({ version: "v2", plugins }))
  contenders[BUF] = { folder, args: peer, out: `${folder}es` }
  if (hasProtoc) {
    const options = [
      `--plugin=protoc-gen-es=${plugin}`,
      "--es_opt=target=ts",
      "--es_out=es-of-protoc",
      "--proto_path=proto",
    ]
    contenders[PROTOC] = { folder, args: ["protoc", ...options, "contract.proto"], out: `${folder}es-of-protoc` }
  }
  contenders["buf build alone"] = { folder, args: parse }
  return contenders
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** How many files a command wrote, and their size. */
function outputOf(name, folder) {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  const sizes = files.filter((file) => file.isFile()).map((file) => statSync(`${file.parentPath}/${file.name}`).size)
  if (sizes.length === 0) throw new Error(`${name} wrote nothing`)
  return `${sizes.length}, ${(sizes.reduce((sum, size) => sum + size, 0) / 1024).toFixed(0)}`
}

/** Milliseconds of a command: on the clock, and of all processors, with the processes that it starts and waits for. */
function timed(folder, args) {
  const from = performance.now()
  // With its whole group, so that a plug-in does not go on alone.
  const script = `TIMEFORMAT="%U %S"; time timeout ${PATIENCE_SECONDS} "$@" >/dev/null 2>"$0"`
  const { status, stderr } = spawnSync("bash", ["-c", script, `${folder}said.log`, ...args], {
    cwd: folder,
    encoding: "utf8",
  })
  const wall = performance.now() - from
  const ended = status === 124
  if (status !== 0 && !ended)
    throw new Error(`${args.join(" ")} ended with ${status}: ${readFileSync(`${folder}said.log`, "utf8")}`)
  const [user, system] = stderr.trim().split(" ").map(Number)
  return { cpu: (user + system) * 1000, wall, ended }
}

function project(size) {
  return {
    name: `generation-${size}`,
    private: true,
    type: "module",
    fleetwire: {
      contract: "./contract.ts",
      targets: { typescript: { out: "./out", package: `@bench/generation-${size}`, version: "0.0.0" } },
    },
  }
}

/** A contract of as many messages as asked for, a channel each. */
function contractOf(size, formats) {
  const numbers = Array.from({ length: size }, (_, i) => i)
  // Compact JSON without any short key is warned of.
  const short = formats.includes("compact") ? ', short: "d"' : ""
  const message = (i) => `const Message${i} = message("Message${i}", {
  device: t.string({ maxLength: 32${short} }),
  sequence: t.uint32(),
  value${i}: t.float64({ min: -${i + 1}, max: ${i + 1} }),
  level: t.uint8({ max: 100 }),
  state: t.enum(["idle", "running", "state${i}"]),
  note: t.optional(t.string({ maxLength: 80 })),
  samples: t.list(t.int16(), { maxItems: 16 }),
  place: t.object({ latitude: t.float64({ min: -90, max: 90 }), longitude: t.float64({ min: -180, max: 180 }) }),
})`
  return `import { defineContract, message, t, telemetry } from "@fleetwire/contract"
${numbers.map(message).join("\n")}
export default defineContract({
  name: "generation",
  version: "1.0.0",
  device: "id",
  params: { id: t.param({ maxLength: 16 }) },
  channels: {
${numbers.map((i) => `    channel${i}: telemetry("generation/{id}/channel${i}", Message${i}, { formats: ${JSON.stringify(formats)} }),`).join("\n")}
  },
  roles: { app: { read: "*" } },
})
`
}
