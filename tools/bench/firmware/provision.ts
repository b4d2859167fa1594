import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { unpackDebianPackages } from "@fleetwire/broker-lab"
import {
  GCC_ARM,
  GCC_AVR,
  GCC_RISCV,
  GCC_XTENSA,
  NANOPB,
  newlibOf,
  PROTOC_C,
  QEMU_ARM,
} from "../../firmware/src/debian-toolchains.js"
import { type Found, joinPaths, provideDebian } from "../../firmware/src/provide-debian.js"
import { headerPackages, sourcePackages } from "./toolchains.js"

/** Where compilers and peers' sources are. */
export interface Provisions {
  /** Environment in which every program is found. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder with one folder for each source package. */
  readonly sources: string
  /** Arguments by which the ARM compiler finds its C library. */
  readonly newlib: readonly string[]
  /** What starts nanopb's generator. */
  readonly nanopb: readonly string[]
}

/** Finds the tools on PATH, else unpacks Debian's packages into the project's cache; fetches peers' sources. Needs no rights. */
export async function provision(cache: string, say: (line: string) => void): Promise<Provisions> {
  mkdirSync(cache, { recursive: true })
  const sources = fetchSources(join(cache, "sources"), say)
  const headers = join(sources, "headers")
  if (!existsSync(headers))
    await unpackDebianPackages({ root: headers, packages: headerPackages, needed: async () => [], onProgress: say })
  const found: Found[] = []
  for (const wanted of [GCC_ARM, GCC_AVR, GCC_RISCV, GCC_XTENSA, QEMU_ARM, PROTOC_C, NANOPB]) {
    say(`looking for ${wanted.file}`)
    found.push(await provideDebian(wanted))
  }
  const nanopb = found.at(-1)!.root
  const python = { PYTHONPATH: join(nanopb, "usr/lib/python3/dist-packages") }
  return {
    env: { ...process.env, ...joinPaths(...found.map(({ env }) => env)), ...(nanopb === "/" ? {} : python) },
    sources,
    newlib: newlibOf(found[0]!),
    nanopb: nanopb === "/" ? ["nanopb_generator.py"] : ["python3", join(nanopb, NANOPB.file)],
  }
}

/** Source packages, unpacked; what is there already stays. */
function fetchSources(folder: string, say: (line: string) => void): string {
  const state = join(folder, ".apt")
  for (const part of ["state/lists/partial", "cache/archives/partial"])
    mkdirSync(join(state, part), { recursive: true })
  const list = join(state, "sources.list")
  writeFileSync(list, `deb-src ${mirror()} main\n`)
  const apt = [
    `Dir::State=${join(state, "state")}`,
    `Dir::Cache=${join(state, "cache")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=-",
    "Debug::NoLocking=1",
  ].flatMap((option) => ["-o", option])
  let updated = false
  for (const name of sourcePackages) {
    const place = join(folder, name)
    if (existsSync(join(place, ".complete"))) continue
    mkdirSync(place, { recursive: true })
    say(`fetching the sources of ${name}`)
    if (!updated) run("apt-get", [...apt, "-q", "update"], place)
    updated = true
    run("apt-get", [...apt, "-q", "source", "--download-only", name], place)
    const archive = readdirSync(place).find((file) => file.includes(".orig.tar"))
    run("tar", ["-xf", archive ?? "", "--strip-components=1"], place)
    writeFileSync(join(place, ".complete"), "")
  }
  return folder
}

/** The archive that this machine takes its packages from, and its release. @throws Error where none is configured. */
function mirror(): string {
  const policy = spawnSync("apt-cache", ["policy"], { encoding: "utf8" }).stdout ?? ""
  const found = /(https?:\/\/\S+\/debian\/?) ([a-z]+)\/main /.exec(policy)
  if (found === null) throw new Error("no Debian archive is configured: `apt-cache policy` names none")
  return `${found[1]} ${found[2]}`
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" })
  if (status !== 0) throw new Error(`${program} ${args.at(-1)}: ${stderr.trim().split("\n").at(-1)}`)
}
