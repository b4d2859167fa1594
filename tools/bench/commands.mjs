/*
 * How long cold commands of `fleetwire` take beside a bare start of Node, and `diff` of two contracts with a hundred messages and a
 * hundred changes: medians of 7 (`--rounds n`, `--main file`), alternating; wall time and CPU of the child.
 * Needs the built command: `npx turbo run build --filter @fleetwire/cli`. Writes the table into README.md, unless an option
 * is given.
 *
 *     node tools/bench/commands.mjs
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { MACHINE, publish } from "./publish.mjs"
import { median } from "./statistics.mjs"

const root = fileURLToPath(new URL("../../", import.meta.url))
const built = join(root, "packages/cli/dist/main.js")
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, main: { type: "string", default: built } },
})
const main = resolve(values.main)
if (!existsSync(main)) throw new Error("not built: npx turbo run build --filter @fleetwire/cli")
const rounds = Number(values.rounds)
const MESSAGES = 100

/** A hundred messages of three fields; in the second version each has one change, of ten kinds. */
function contract(version) {
  const after = version === "2.0.0"
  const changes = [
    ["n: t.uint8({ max: 100 })", "n: t.uint8({ max: 50 })"],
    ["n: t.uint8({ max: 50 })", "n: t.uint8({ max: 100 })"],
    ["n: t.string({ maxLength: 20 })", "n: t.string({ maxLength: 8 })"],
    ["n: t.uint16({ unit: 'cm' })", "n: t.uint16({ unit: 'mm' })"],
    ["n: t.enum(['a', 'b', 'c'])", "n: t.enum(['a', 'b'])"],
    ["n: t.bool()", "m: t.bool()"],
    ["n: t.float64()", "n: t.float32()"],
    ["n: t.string({ maxLength: 8, pattern: '[a-z]*' })", "n: t.string({ maxLength: 8, pattern: '[a-f]*' })"],
    ["n: t.optional(t.uint8())", "n: t.uint8()"],
    ["n: t.list(t.uint8(), { maxItems: 9 })", "n: t.list(t.uint8(), { maxItems: 3 })"],
  ]
  const messages = Array.from({ length: MESSAGES }, (_, at) => {
    const changed = changes[at % changes.length][after ? 1 : 0]
    return `const M${at} = message("M${at}", { a: t.uint32(), ${changed}, z: t.string({ maxLength: 16 }) })`
  })
  const channels = Array.from({ length: MESSAGES }, (_, at) =>
    at % 2 === 0
      ? `c${at}: telemetry("big/{id}/c${at}", M${at}, { formats: ["json", "protobuf"] }),`
      : `c${at}: event("big/{id}/c${at}", M${at}),`,
  )
  return `import { defineContract, event, message, t, telemetry } from "@fleetwire/contract"
${messages.join("\n")}
export default defineContract({
  name: "big", version: "${version}", device: "id",
  params: { id: t.param({ pattern: "d-[0-9]+", maxLength: 8, examples: ["d-1"] }) },
  channels: { ${channels.join("\n")} },
  roles: { app: { read: "*" } },
})
`
}

const folder = mkdtempSync(join(tmpdir(), "fleetwire-bench-"))
try {
  for (const [name, version] of [
    ["old", "1.0.0"],
    ["big", "2.0.0"],
  ]) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, "contract.ts"), contract(version))
  }
  run(["generate", "old"], folder, 0)
  const car = join(root, "schemas/iot-car")
  const lock = "contract.lock.json"
  const cases = [
    ["node -e 0", undefined, car, 0],
    ["--help", ["--help"], car, 0],
    ["explain qos", ["explain", "qos"], car, 0],
    ["check", ["check"], car, 0],
    ["generate --check", ["generate", "--check"], car, 0],
    ["diff --against its lock", ["diff", "--against", lock], car, 0],
    ["size", ["size"], car, 0],
    ["access", ["access", "--principal", "ada", "--role", "backend"], car, 0],
    ["broker-settings", ["broker-settings", "--devices", "100"], car, 0],
    ["doctor --offline", ["doctor", "--offline"], car, 0],
    ["completion bash", ["completion", "bash"], car, 0],
    [`diff of ${MESSAGES} messages`, ["diff", "big", "--against", `old/${lock}`, "--json"], folder, 1],
  ]
  let found = ""
  const measured = new Map(cases.map(([name]) => [name, { wall: [], cpu: [] }]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, argv, cwd, want] of cases) {
      const { wall, cpu, out } = run(argv, cwd, want)
      if (round < 0) {
        if (name.startsWith("diff of")) found = count(out)
        continue
      }
      measured.get(name).wall.push(wall)
      measured.get(name).cpu.push(cpu)
    }
  }
  const rows = [...measured].map(
    ([name, { wall, cpu }]) =>
      `| ${name} | ${median(wall).toFixed(0)} | ${Math.max(...wall).toFixed(0)} | ${median(cpu).toFixed(0)} |`,
  )
  const table = ["| command | ms | slowest | ms of CPU |", "| --- | ---: | ---: | ---: |", ...rows].join("\n")
  console.log(`${found}\n\n${table}`)
  if (process.argv.length === 2) publish("commands", `${MACHINE}. The \`diff\` has ${found}.\n\n${table}`)
} finally {
  rmSync(folder, { recursive: true })
}

/** Runs the command, or Node alone; refuses another exit code. CPU is that of the child with its own children. */
function run(argv, cwd, want) {
  const before = childCpu()
  const start = performance.now()
  const args = argv === undefined ? ["-e", "0"] : [main, ...argv]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 })
  const wall = performance.now() - start
  if (status !== want) throw new Error(`${argv?.join(" ")} ended with ${status}: ${stderr}`)
  return { wall, cpu: childCpu() - before, out: stdout }
}

/** Milliseconds of CPU of all children that ended; from Linux, which counts them for the parent. */
function childCpu() {
  const text = spawnSync("cat", [`/proc/${process.pid}/stat`], { encoding: "utf8" }).stdout
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[13]) + Number(fields[14])) * 10
}

function count(json) {
  const { comparisons } = JSON.parse(json)
  const { findings } = comparisons[0]
  const proven = findings.filter(({ witnesses }) => witnesses.length > 0).length
  return `${findings.length} findings, ${proven} with a witness`
}
