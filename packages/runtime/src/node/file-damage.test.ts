import { spawnSync } from "node:child_process"
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { isSdkError } from "../sdk-error.js"
import { openFileStore } from "./file-store.js"
import { LOG_MARK } from "./log-reading.js"
import { formatRecord } from "./log-record.js"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value)

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fleetwire-damage-"))
  path = join(directory, "store.log")
})
afterEach(() => rm(directory, { recursive: true }))

const write = async (keys: readonly string[]): Promise<Uint8Array> => {
  const store = await openFileStore({ path })
  for (const key of keys) await store.set(key, bytes(`value of ${key}`))
  await store.close()
  return new Uint8Array(await readFile(path))
}

describe("damage in a store's file", () => {
  it("a flipped bit costs the record that it is in, and the file is kept as it was", async () => {
    const log = await write(["a", "b", "c"])
    const size = formatRecord({ kind: "set", key: "a", value: bytes("value of a") }).length
    // Every octet, one or two bits of each.
    for (let bit = 0; bit < log.length * 8; bit += 5) {
      await rm(directory, { recursive: true })
      await mkdir(directory)
      const damaged = log.slice()
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      await writeFile(path, damaged)
      const store = await openFileStore({ path })
      const hit = Math.floor(((bit >> 3) - LOG_MARK.length) / size)
      const left = ["a", "b", "c"].filter((_, n) => bit >> 3 < LOG_MARK.length || n !== hit)
      expect(store.keys(), `bit ${bit}`).toEqual(left)
      for (const key of left) expect(text(await store.get(key))).toBe(`value of ${key}`)
      if (store.damage === undefined) {
        // The last record says that it is longer than the file: that is a write that was cut off.
        expect(hit, `bit ${bit}`).toBe(2)
        expect(store.discarded, `bit ${bit}`).toBe(size)
      } else {
        expect(store.damage.keptAs).toBe(`${path}.damaged-1`)
        expect(new Uint8Array(await readFile(`${path}.damaged-1`))).toEqual(new Uint8Array(damaged))
      }
      await store.set("d", bytes("new"))
      await store.close()
      const again = await openFileStore({ path })
      expect(again.damage).toBeUndefined()
      expect(again.discarded).toBe(0)
      expect(again.keys()).toEqual([...left, "d"])
      await again.close()
    }
  })

  it("a file that is cut off at any octet opens with every record that is whole", async () => {
    const log = await write(["a", "b"])
    const size = (log.length - LOG_MARK.length) / 2
    for (let cut = 0; cut <= log.length; cut++) {
      await writeFile(path, log.subarray(0, cut))
      const store = await openFileStore({ path })
      const whole = Math.max(0, Math.floor((cut - LOG_MARK.length) / size))
      expect(store.keys(), `cut at ${cut}`).toEqual(["a", "b"].slice(0, whole))
      expect(store.damage).toBeUndefined()
      await store.set("c", bytes("new"))
      await store.close()
      const again = await openFileStore({ path })
      expect(again.keys()).toEqual([...["a", "b"].slice(0, whole), "c"])
      await again.close()
    }
    expect(await readdir(directory)).toEqual(["store.log"])
  })

  it("a second damage has a name of its own", async () => {
    for (const name of ["damaged-1", "damaged-2"]) {
      const log = (await write(["a", "b"])).slice()
      log[LOG_MARK.length + 12]! ^= 1
      await writeFile(path, log)
      const store = await openFileStore({ path })
      expect(store.damage?.keptAs).toBe(`${path}.${name}`)
      expect(store.damage?.places).toEqual([{ at: LOG_MARK.length, octets: 22 }])
      await store.close()
    }
  })

  it("what stands within a value is not taken for a record", async () => {
    const store = await openFileStore({ path })
    await store.set("a", formatRecord({ kind: "set", key: "trap", value: bytes("1") }))
    await store.set("b", bytes("2"))
    await store.close()
    const log = new Uint8Array(await readFile(path))
    log[LOG_MARK.length]! ^= 1
    await writeFile(path, log)
    const again = await openFileStore({ path })
    expect(again.keys()).toEqual(["b"])
    await again.close()
  })

  it("a file of a version that wrote no mark opens, whole or damaged", async () => {
    const records = ["a", "b", "c"].map((key) => formatRecord({ kind: "set", key, value: bytes(key) }))
    const log = Buffer.concat(records)
    await writeFile(path, log)
    const store = await openFileStore({ path })
    expect(store.keys()).toEqual(["a", "b", "c"])
    expect(store.damage).toBeUndefined()
    await store.close()
    log[2]! ^= 1
    await writeFile(path, log)
    const again = await openFileStore({ path })
    expect(again.keys()).toEqual(["b", "c"])
    expect(again.damage?.places).toEqual([{ at: 0, octets: records[0]!.length }])
    await again.close()
    // Nothing but one write that was cut off.
    await writeFile(path, records[0]!.subarray(0, 11))
    const torn = await openFileStore({ path })
    expect(torn.discarded).toBe(11)
    await torn.close()
  })

  it("a file without room for a new one is left as it is, and read all the same", async () => {
    const log = (await write(["a", "b", "c"])).slice()
    log[LOG_MARK.length]! ^= 1
    await writeFile(path, log)
    // A folder in the place of the new log: it can be neither removed nor written.
    await mkdir(`${path}.new/full`, { recursive: true })
    const store = await openFileStore({ path })
    expect(store.keys()).toEqual(["b", "c"])
    expect(store.damage).toEqual({ places: [{ at: LOG_MARK.length, octets: 22 }], keptAs: undefined })
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(log))
    await store.set("d", bytes("new"))
    await store.close()
    await rm(`${path}.new`, { recursive: true })
    const again = await openFileStore({ path })
    expect(again.keys()).toEqual(["b", "c", "d"])
    expect(again.damage?.keptAs).toBe(`${path}.damaged-1`)
    await again.close()
  })
})

describe("what is no store", () => {
  const FOREIGN: Readonly<Record<string, Uint8Array>> = {
    "a contract": bytes('import { contract } from "@fleetwire/contract"\nexport default contract({ name: "door" })\n'),
    "one octet": bytes("x"),
    "short text": bytes("notes\n"),
    "an executable": Buffer.concat([Buffer.from("7f454c46020101000000000000000000", "hex"), Buffer.alloc(100, 7)]),
    gzip: Buffer.from("1f8b0800000000000003cb48cdc9c95728cf2fca49e102002d3b08af0c000000", "hex"),
    "an image": Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
    "a database": Buffer.concat([bytes("SQLite format 3\0"), Buffer.alloc(4080)]),
    "an archive of a store": Buffer.concat([Buffer.alloc(512, "store.log"), LOG_MARK, Buffer.alloc(512)]),
  }
  for (const [name, content] of Object.entries(FOREIGN)) {
    it(`${name} is refused and not touched`, async () => {
      await writeFile(path, content)
      const error = await openFileStore({ path }).catch((reason: unknown) => reason)
      expect(isSdkError(error, "invalid_argument") && error.message).toBe(
        `[invalid_argument] ${path} is a file of ${content.length} octets that no store has written; it is left as it is. ` +
          "Give the store a path of its own, or move what is there away.",
      )
      expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(content))
      expect(await readdir(directory)).toEqual(["store.log"])
    })
  }

  it("a folder is refused", async () => {
    await expect(openFileStore({ path: directory })).rejects.toThrow(`${directory} is a folder`)
  })

  it("a device file is refused, before it is read", async () => {
    await expect(openFileStore({ path: "/dev/zero" })).rejects.toThrow("/dev/zero is no regular file")
  })
})

describe("a store that cannot write", () => {
  const script = `
    import { readFileSync } from "node:fs"
    const { openFileStore } = await import(process.env.STORE)
    const store = await openFileStore({ path: process.env.LOG, compactAt: Number(process.env.COMPACT) })
    let refused = 0
    let last = -1
    for (let n = 0; n < 60; n++) {
      await store.set("key-" + (n % 4), new Uint8Array(100).fill(n)).then(() => (last = n), () => refused++)
    }
    await store.close()
    console.log(JSON.stringify({ refused, last, size: readFileSync(process.env.LOG).length }))`

  /** As `ulimit -f` says it: blocks of 512 octets in a POSIX shell. */
  const limited = async (
    blocks: number,
    compactAt: number,
  ): Promise<{ refused: number; last: number; size: number }> => {
    const outfile = await bundle()
    const run = spawnSync(
      "sh",
      ["-c", `ulimit -f ${blocks}; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
      { env: { ...process.env, STORE: outfile, LOG: path, COMPACT: String(compactAt) }, encoding: "utf8" },
    )
    return JSON.parse(run.stdout)
  }

  it("refuses what does not fit and keeps what it had", async () => {
    const { refused, last, size } = await limited(4, 1_000_000)
    expect(refused).toBeGreaterThan(30)
    expect(size).toBeLessThanOrEqual(2048)
    const store = await openFileStore({ path })
    expect(store.damage).toBeUndefined()
    expect(store.discarded).toBe(0)
    expect((await store.get(`key-${last % 4}`))?.[0]).toBe(last)
    await store.close()
  })

  it("a log that cannot be written anew stays the old one, and nothing that was set is refused for it", async () => {
    // There is always room to compact here, so that everything fits in the end.
    expect((await limited(4, 500)).refused).toBe(0)
    await rm(path)
    await mkdir(`${path}.new/full`, { recursive: true })
    const store = await openFileStore({ path, compactAt: 500 })
    for (let n = 0; n < 60; n++) await store.set(`key-${n % 4}`, bytes(String(n)))
    await store.close()
    const again = await openFileStore({ path })
    expect(text(await again.get("key-3"))).toBe("59")
    await again.close()
  })

  it("a file that may not be written is refused by the system, and left", async () => {
    const log = await write(["a"])
    // Root may write whatever its mode is, so another user asks.
    const outfile = await bundle()
    await chmod(directory, 0o755)
    await chmod(path, 0o444)
    const ask = `
      if (process.getuid() === 0) process.setuid(65534)
      const { openFileStore } = await import(process.env.STORE)
      await openFileStore({ path: process.env.LOG }).catch((error) => console.log(error.code))`
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", ask], {
      env: { ...process.env, STORE: outfile, LOG: path },
      encoding: "utf8",
    })
    expect(run.stdout.trim()).toBe("EACCES")
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(log))
  })
})

/** The store as one module that a bare Node can load. */
async function bundle(): Promise<string> {
  const { build } = await import("esbuild")
  const outfile = join(directory, "store.mjs")
  const entry = join(import.meta.dirname, "file-store.ts")
  await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", outfile })
  return outfile
}
