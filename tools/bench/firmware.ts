/*
 * Builds the firmware codecs and their peers for five processors, and measures flash, static RAM, stack and instructions:
 * `node tools/bench/run.mjs firmware`. Writes the tables into apps/docs/firmware-figures.md; with a part of a contender's
 * name behind it, prints that contender's rows only.
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { emitC, emitProto } from "@fleetwire/codegen"
import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr } from "@fleetwire/ir"
import { instructionsOf, sizesOf, stacksOf, type Workshop } from "./firmware/compile.js"
import { type Contender, contenders } from "./firmware/contenders.js"
import { provision } from "./firmware/provision.js"
import { toolchains as declared, sourcePackages } from "./firmware/toolchains.js"

const root = process.cwd()
const cache = join(root, ".cache/firmware")
const programs = join(root, "tools/bench/firmware/c")
const { ir } = JSON.parse(readFileSync(join(root, "schemas/iot-car/contract.lock.json"), "utf8")) as { ir: ContractIr }

const only = process.argv[3] ?? ""
const chosen = contenders.filter(({ name }) => name.includes(only))
const { env, sources, newlib, nanopb } = await provision(cache, (line) => console.error(line))
const toolchains = declared.map((chain) =>
  chain.compiler.startsWith("arm") ? { ...chain, flags: [...chain.flags, ...newlib] } : chain,
)
const shop: Workshop = { folder: join(cache, "build"), programs, env }
prepare()

const COMMAND = {
  id: "cmd-1706169600-abc123",
  timestamp: 1_706_169_600,
  action: "forward",
  parameters: { duration: 5000, speed: 80 },
  priority: "normal",
}
const lines = [...sizeTable(), "", ...runTable()]
if (only === "") lines.push("", ...ownTable())
console.log(lines.join("\n"))
if (only === "") publish(lines)

/** Puts our sources, the peers' and what their generators make into one folder. */
function prepare(): void {
  rmSync(shop.folder, { recursive: true, force: true })
  for (const { path, text } of emitC(ir)) write(join(shop.folder, "ours", path.replace(/^src\//, "")), text)
  const proto = emitProto(ir)
  for (const peer of sourcePackages) cpSync(join(sources, peer), join(shop.folder, peer), { recursive: true })
  for (const { path, text } of proto) write(join(shop.folder, "nanopb", path), text)
  const [generator, ...first] = nanopb
  generate(
    generator!,
    [...first, "-I.", ...proto.filter(({ path }) => path.endsWith(".proto")).map(({ path }) => path)],
    "nanopb",
  )
  // Its generator has no presence in proto3: the same message in proto2.
  for (const { path, text } of proto.filter((file) => file.path.endsWith(".proto")))
    write(join(shop.folder, "protobuf-c", path), asProto2(text))
  cpSync(join(sources, "headers/usr/include/jsmn.h"), join(shop.folder, "jsmn/jsmn.h"))
  generate("protoc-c", ["--c_out=.", "-I.", "iot_car.proto"], "protobuf-c")
}

function asProto2(text: string): string {
  return text
    .replace('syntax = "proto3"', 'syntax = "proto2"')
    .replace(
      /^(\s+)(?!optional|repeated|reserved|option|message|enum|oneof)([A-Za-z_.0-9]+ [a-z_0-9]+ = \d+( \[|;))/gm,
      "$1optional $2",
    )
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function generate(program: string, args: readonly string[], folder: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd: join(shop.folder, folder), env, encoding: "utf8" })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

function payload(contender: Contender): string {
  const encoded = createDynamicCodec(ir, "Command", contender.format).encode(COMMAND)
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.issues))
  const file = join(shop.folder, `payload-${contender.format}.c`)
  writeFileSync(
    file,
    `#include <stdint.h>\nconst uint8_t payload[] = {${[...encoded.value].join(", ")}};\nconst uint16_t payload_length = ${encoded.value.length};\n`,
  )
  return file
}

function sizeTable(): string[] {
  const rows = chosen
    .filter(({ row }) => row === undefined || row === "both")
    .map((contender) => {
      const sizes = toolchains.map((chain) => sizesOf(shop, chain, contender))
      const ram = sizes[0]?.ram
      return [contender.name, ...sizes.map((size) => String(size?.flash ?? "–")), String(ram ?? "–")]
    })
  return table(["flash, B", ...toolchains.map(({ name }) => name), "static RAM of the library, B"], rows)
}

function runTable(): string[] {
  const m4 = toolchains.find(({ name }) => name === "Cortex-M4")!
  const m0 = toolchains.find(({ name }) => name === "Cortex-M0+")!
  const rows = chosen
    .filter(({ row }) => row === undefined || row === "both")
    .map((contender) => {
      const ran = instructionsOf(shop, m4, contender, payload(contender))
      const stack = stacksOf(shop, m0, contender)
      return [
        contender.name,
        ran === undefined ? "–" : `${ran.encode} / ${ran.decode}`,
        stack === undefined ? "no bound" : `${stack.encode} / ${stack.decode}`,
        String(ran?.octets ?? "–"),
      ]
    })
  return table(["", "M4 instructions, encode / decode", "stack on M0+, encode / decode, B", "telemetry, B"], rows)
}

function ownTable(): string[] {
  const chains = toolchains.slice(0, 2)
  const rows = (["protobuf", "json"] as const).flatMap((format) => {
    const [five, six] = (["five", "six"] as const).map((row) => {
      const contender = contenders.find((one) => one.row === row && one.format === format)!
      return chains.map((chain) => sizesOf(shop, chain, contender)?.flash ?? Number.NaN)
    })
    const name = format === "json" ? "JSON" : format
    return [
      [`five messages, topics, dispatch, ${name}`, ...five!.map(String)],
      [`a further message, ${name}`, ...six!.map((size, index) => String(size - five![index]!))],
    ]
  })
  return table(["Fleetwire, flash, B", ...chains.map(({ name }) => name)], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)]
}

/** Between the marks of the page. */
function publish(body: readonly string[]): void {
  const gaps = body.filter((line) => /Fleetwire|five messages|a further/.test(line) && /– \||NaN|no bound/.test(line))
  if (gaps.length > 0) throw new Error(`not published, for want of a figure: ${gaps.join("\n")}`)
  const page = join(root, "apps/docs/firmware-figures.md")
  const mark = "<!-- figures: written by tools/bench/run.mjs firmware -->"
  const head = readFileSync(page, "utf8").split(mark)[0]!
  writeFileSync(page, `${head}${mark}\n\n${body.join("\n")}\n`)
}
