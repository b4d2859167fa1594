import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises"
import * as nodeModule from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"

const here = dirname(fileURLToPath(import.meta.url))
const caches = "enableCompileCache" in nodeModule

/** A folder as a package's `dist` is: what starts the command, and a module that it loads then. */
let folder: string
let entry: string
let cache: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleetwire-start-"))
  entry = join(folder, "entry.mjs")
  cache = join(folder, "compile-cache")
  await mkdir(join(folder, "node_modules"))
  await symlink(
    dirname(nodeModule.createRequire(import.meta.url).resolve("esbuild/package.json")),
    join(folder, "node_modules", "esbuild"),
  )
  await build({
    stdin: {
      resolveDir: here,
      contents: `
        import { keepCompiled } from "./compile-cache.js"
        import { expectShortRun } from "./short-run.js"
        import { startBundler } from "./start-bundler.js"
        expectShortRun()
        keepCompiled(import.meta.url)
        startBundler(process.env.COMMAND)
        const { sum } = await import(new URL("./later.mjs", import.meta.url).href)
        console.log(sum(1000))`,
    },
    outfile: entry,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["esbuild"],
  })
  const parts = Array.from({ length: 400 }, (_, at) => `function part${at}(n) { return n + ${at} }`)
  const sum = `export function sum(n) { return [${parts.map((_, at) => `part${at}`).join()}].reduce((s, f) => s + f(n), 0) }`
  await writeFile(join(folder, "later.mjs"), [...parts, sum].join("\n"))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(() => rm(cache, { recursive: true, force: true }))

const SUM = `${400 * 1000 + (399 * 400) / 2}\n`

/** Starts the command in a process of its own. Fails where it says anything else than its result. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const { NODE_COMPILE_CACHE: _1, NODE_DISABLE_COMPILE_CACHE: _2, ...outer } = process.env
  const child = spawn(process.execPath, [entry], { env: { ...outer, ...env } })
  let out = ""
  let err = ""
  child.stdout.on("data", (text) => {
    out += String(text)
  })
  child.stderr.on("data", (text) => {
    err += String(text)
  })
  const code = await new Promise((resolve) => child.on("close", resolve))
  expect({ code, out, err }).toEqual({ code: 0, out: SUM, err: "" })
}

async function cached(): Promise<readonly string[]> {
  const names = await readdir(cache, { recursive: true, withFileTypes: true })
  return names.filter((file) => file.isFile()).map((file) => join(file.parentPath ?? file.path, file.name))
}

describe("the start of the command", () => {
  it("says nothing of its own, on this Node", () => start())

  it("keeps what was compiled beside itself, where Node can, and takes it again", async () => {
    await start()
    expect(existsSync(cache)).toBe(caches)
    if (!caches) return
    const before = await Promise.all((await cached()).map((file) => readFile(file)))
    expect(before.length).toBeGreaterThan(0)
    await start()
    expect(await Promise.all((await cached()).map((file) => readFile(file)))).toEqual(before)
  })

  it("keeps nothing where the user forbids it", async () => {
    await start({ NODE_DISABLE_COMPILE_CACHE: "1" })
    expect(existsSync(cache)).toBe(false)
  })

  it.each<[string, (file: string) => Promise<void>]>([
    ["cut off", (file) => truncate(file, 100)],
    ["empty", (file) => truncate(file, 0)],
    ["noise", (file) => writeFile(file, Buffer.alloc(5000, 0xa5))],
    ["turned in one bit", flipBit],
  ])("takes no harm from a cache that is %s", async (_, damage) => {
    await start()
    for (const file of caches ? await cached() : []) await damage(file)
    await start()
    await start()
  })

  it("takes no harm from a cache of another module, in the name of its own", async () => {
    await start()
    const text = await readFile(join(folder, "later.mjs"), "utf8")
    try {
      // As long as before: V8 itself would only compare lengths.
      await writeFile(join(folder, "later.mjs"), text.replace("n + 399 }", "n + 398 }"))
      await expect(start()).rejects.toThrow(/79799/)
    } finally {
      await writeFile(join(folder, "later.mjs"), text)
    }
  })

  it("does without where it cannot write", async () => {
    // Holds for every user: a folder's own mode does not stop the administrator.
    await writeFile(cache, "a file where the folder would be")
    await start()
    expect(await readFile(cache, "utf8")).toBe("a file where the folder would be")
  })

  it("may happen several times at once", async () => {
    await Promise.all([start(), start(), start(), start()])
    await start()
  })

  it("has the bundler come up for a command that bundles, and ends all the same", async () => {
    const bundler = join(folder, "bundler.sh")
    await writeFile(bundler, `#!/bin/sh\n: > "$0.started"\nexec "${bundlerBinary()}" "$@"\n`, { mode: 0o755 })
    await start({ COMMAND: "explain", ESBUILD_BINARY_PATH: bundler })
    expect(existsSync(`${bundler}.started`)).toBe(false)
    await start({ COMMAND: "generate", ESBUILD_BINARY_PATH: bundler })
    // The process may end before the shell came to its first line.
    await expect.poll(() => existsSync(`${bundler}.started`)).toBe(true)
  })

  it("leaves it to the bundling to say so where the bundler does not run", async () => {
    const bundler = join(folder, "wrong.sh")
    await writeFile(bundler, "#!/bin/sh\nexit 3\n", { mode: 0o755 })
    await start({ COMMAND: "generate", ESBUILD_BINARY_PATH: bundler })
  })
})

/** The program behind the bundler's package. */
function bundlerBinary(): string {
  const require = nodeModule.createRequire(import.meta.url)
  const ofEsbuild = nodeModule.createRequire(require.resolve("esbuild"))
  return ofEsbuild.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`)
}

async function flipBit(file: string): Promise<void> {
  const octets = await readFile(file)
  octets[octets.length >> 1]! ^= 1
  await writeFile(file, octets)
}
