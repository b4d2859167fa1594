import { spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Contender } from "./contenders.js"
import { readCallGraph, worstStack } from "./stack.js"
import type { Toolchain } from "./toolchains.js"

/** Where things are built, and with which programs on PATH. */
export interface Workshop {
  readonly folder: string
  /** The programs of this benchmark. */
  readonly programs: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const COMMON = ["-std=gnu99", "-Os", "-ffunction-sections", "-fdata-sections", "-fno-common", "-w"]

/** Octets that a contender adds to a program, and of static RAM in its library; undefined where it does not build. */
export function sizesOf(
  shop: Workshop,
  chain: Toolchain,
  contender: Contender,
): { flash: number; ram: number } | undefined {
  const full = link(shop, chain, contender.program, contender)
  if (full === undefined) return undefined
  const ram = contender.library.map((file) => sections(shop, chain, object(full.objects, file)).ram)
  const empty = link(shop, chain, "stub.c", { ...contender, library: [], flags: [] })
  if (empty === undefined) return undefined
  return { flash: full.flash - empty.flash, ram: ram.reduce((sum, one) => sum + one, 0) }
}

function link(shop: Workshop, chain: Toolchain, program: string, contender: Contender) {
  const out = join(shop.folder, "objects")
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  const include = ["-I", shop.programs, "-Iours"]
  const sources = [join(shop.programs, "size.c"), join(shop.programs, program), ...contender.library]
  if (chain.name === "lx106") {
    if (contender.hosted === true) return undefined
    sources.push(join(shop.programs, "libc.c"))
  }
  const objects: string[] = []
  for (const source of sources) {
    const target = object(out, source)
    if (
      !run(shop, chain.compiler, [
        ...COMMON,
        ...chain.flags.filter((flag) => flag !== "-lgcc"),
        ...contender.flags,
        ...include,
        "-c",
        source,
        "-o",
        target,
      ])
    )
      return undefined
    objects.push(target)
  }
  const elf = join(out, "program.elf")
  const linked = run(shop, chain.compiler, [
    ...COMMON,
    ...chain.flags,
    ...objects,
    "-nostartfiles",
    "-Wl,--gc-sections",
    "-Wl,-e,main",
    ...(chain.flags.includes("-lgcc") ? ["-lgcc"] : []),
    "-o",
    elf,
  ])
  return linked ? { objects: out, flash: sections(shop, chain, elf).flash } : undefined
}

function object(folder: string, source: string): string {
  // Two sources may have one name: a peer's, and the program that tries it.
  return join(folder, `${source.replaceAll(/[^\w.-]/g, "_")}.o`)
}

function sections(shop: Workshop, chain: Toolchain, file: string): { flash: number; ram: number } {
  const { stdout } = spawnSync(chain.size, [file], { cwd: shop.folder, env: shop.env, encoding: "utf8" })
  const [text, data, bss] = (stdout.split("\n")[1] ?? "").trim().split(/\s+/).map(Number)
  return { flash: text! + data!, ram: data! + bss! }
}

/** Worst-case stack in octets, proven from the compiler's call graph; undefined where it has no bound. */
export function stacksOf(
  shop: Workshop,
  chain: Toolchain,
  contender: Contender,
): { encode: number; decode: number } | undefined {
  const out = join(shop.folder, "graph")
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  const sources = [join(shop.programs, contender.program), ...contender.library]
  for (const source of sources) {
    const args = [
      ...COMMON,
      ...chain.flags,
      ...contender.flags,
      "-I",
      shop.programs,
      "-Iours",
      "-fcallgraph-info=su",
      "-c",
      source,
      "-o",
      object(out, source),
    ]
    if (!run(shop, chain.compiler, args)) return undefined
  }
  const texts = readdirSync(out)
    .filter((file) => file.endsWith(".ci"))
    .map((file) => readFileSync(join(out, file), "utf8"))
  try {
    const graph = readCallGraph(texts)
    const [encode, decode] = ["encode", "decode"].map((root) => worstStack(graph, root))
    const unknown = [...encode!.outside, ...decode!.outside].filter((name) => !isLeaf(name))
    return unknown.length > 0 ? undefined : { encode: encode!.octets, decode: decode!.octets }
  } catch {
    return undefined
  }
}

/** Helpers of the compiler that keep everything in registers, or push four at most. */
function isLeaf(name: string): boolean {
  return /^(__aeabi_|__gnu_thumb1_|mem(cpy|set|cmp)$|strlen$)/.test(name)
}

/** Instructions of one call on a Cortex-M4 under QEMU; undefined where it does not build or run. */
export function instructionsOf(shop: Workshop, chain: Toolchain, contender: Contender, payload: string) {
  const elf = join(shop.folder, "count.elf")
  const sources = ["count.c", contender.program].map((file) => join(shop.programs, file))
  const args = [
    ...COMMON,
    ...chain.flags,
    "-DCOUNT",
    ...contender.flags,
    "-I",
    shop.programs,
    "-Iours",
    "-nostartfiles",
    "-Wl,--gc-sections",
    "-T",
    join(shop.programs, "count.ld"),
    ...sources,
    payload,
    ...contender.library,
    "-o",
    elf,
  ]
  if (!run(shop, chain.compiler, args)) return undefined
  const machine = [
    "-M",
    "mps2-an386",
    "-icount",
    "shift=0",
    "-semihosting",
    "-display",
    "none",
    "-monitor",
    "none",
    "-serial",
    "none",
    "-kernel",
    elf,
  ]
  const ran = spawnSync("qemu-system-arm", machine, { env: shop.env, encoding: "utf8", timeout: 120_000 })
  const said = `${ran.stdout}${ran.stderr}`
  const value = (name: string): number => Number(new RegExp(`^${name} (-?\\d+)`, "m").exec(said)?.[1] ?? Number.NaN)
  if (!(value("octets") > 0) || value("status") !== 0) throw new Error(`${contender.name} does not work: ${said}`)
  return { encode: value("encode"), decode: value("decode"), octets: value("octets") }
}

function run(shop: Workshop, program: string, args: readonly string[]): boolean {
  const { status, stderr } = spawnSync(program, args, { cwd: shop.folder, env: shop.env, encoding: "utf8" })
  if (status !== 0 && process.env.FIRMWARE_VERBOSE !== undefined) console.error(stderr)
  return status === 0
}
