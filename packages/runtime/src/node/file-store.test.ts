import { spawn } from "node:child_process"
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { crc32 } from "./crc32.js"
import { openFileStore } from "./file-store.js"
import { formatRecord, parseRecord } from "./log-record.js"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value)

describe("a store in a file", () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "fleetwire-store-"))
    path = join(directory, "deep", "store.log")
  })
  afterEach(() => rm(directory, { recursive: true }))

  it("keeps what was set over closing and opening", async () => {
    const store = await openFileStore({ path, fsync: true })
    await store.set("a", bytes("1"))
    await Promise.all([
      store.set("b", bytes("2")),
      store.set("a", bytes("3")),
      store.delete("b"),
      store.set("c", bytes("")),
    ])
    await store.close()
    const again = await openFileStore({ path })
    expect(again.keys()).toEqual(["a", "c"])
    expect(text(await again.get("a"))).toBe("3")
    expect(text(await again.get("c"))).toBe("")
    expect(await again.get("b")).toBeUndefined()
    await again.close()
  })

  it("M-7: a write that was cut off at any octet loses only itself", async () => {
    const store = await openFileStore({ path })
    await store.set("a", bytes("whole"))
    const whole = (await stat(path)).size
    await store.set("b", bytes("torn"))
    await store.close()
    const log = await readFile(path)
    for (let cut = whole; cut < log.length; cut++) {
      await writeFile(path, log.subarray(0, cut))
      const again = await openFileStore({ path })
      expect(again.keys()).toEqual(["a"])
      expect(again.discarded).toBe(cut - whole)
      // What is written next stands behind whole records.
      await again.set("c", bytes("new"))
      await again.close()
      const third = await openFileStore({ path })
      expect(third.keys()).toEqual(["a", "c"])
      await third.close()
    }
  })

  it("a flipped octet is found out, wherever it is", async () => {
    const record = formatRecord({ kind: "set", key: "key", value: bytes("value") })
    for (let at = 0; at < record.length; at++) {
      const damaged = record.slice()
      damaged[at]! ^= 0x10
      expect(parseRecord(damaged, 0), `octet ${at}`).toBeUndefined()
    }
  })

  it("rubbish at the end is discarded", async () => {
    const store = await openFileStore({ path })
    await store.set("a", bytes("1"))
    await store.close()
    await appendFile(path, new Uint8Array(4096))
    const again = await openFileStore({ path })
    expect(again.discarded).toBe(4096)
    expect(again.keys()).toEqual(["a"])
    await again.close()
  })

  it("is compacted when most of it is outdated", async () => {
    const store = await openFileStore({ path, compactAt: 1000 })
    for (let n = 0; n < 500; n++) await store.set(`key-${n % 5}`, bytes(`value ${n}`))
    expect((await stat(path)).size).toBeLessThan(2500)
    await store.set("last", bytes("one"))
    await store.close()
    const again = await openFileStore({ path })
    expect(again.keys()).toHaveLength(6)
    expect(text(await again.get("key-4"))).toBe("value 499")
    await again.close()
  })

  it("writes of one turn are one write", async () => {
    const store = await openFileStore({ path, compactAt: 1 })
    await Promise.all(Array.from({ length: 200 }, (_, n) => store.set("same", bytes(String(n)))))
    expect(text(await store.get("same"))).toBe("199")
    await store.close()
    const again = await openFileStore({ path })
    expect(text(await again.get("same"))).toBe("199")
    await again.close()
  })

  it("a closed store refuses", async () => {
    const store = await openFileStore({ path })
    await store.close()
    await store.close()
    await expect(store.set("a", bytes("1"))).rejects.toThrow("closed")
  })

  it("the caller's octets stay the caller's", async () => {
    const store = await openFileStore({ path })
    const value = bytes("mine")
    await store.set("a", value)
    value.fill(0)
    const read = await store.get("a")
    read?.fill(1)
    expect(text(await store.get("a"))).toBe("mine")
    await store.close()
  })

  it("Z-5: what was set survives kill -9 of the process", async () => {
    const script = `
      import { appendFileSync } from "node:fs"
      const { openFileStore } = await import(process.env.STORE)
      const store = await openFileStore({ path: process.env.LOG, compactAt: 2000 })
      for (let n = 0; ; n++) {
        await store.set("n", new TextEncoder().encode(String(n)))
        process.stdout.write(n + "\\n")
      }`
    const built = await bundle(directory)
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        env: { ...process.env, STORE: built, LOG: path },
        stdio: ["ignore", "pipe", "inherit"],
      })
      let said = ""
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          said += String(chunk)
          if (said.split("\n").length > 300 + round * 37) resolve()
        })
      })
      child.kill("SIGKILL")
      await new Promise((resolve) => child.once("close", resolve))
      const last = Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1))
      const store = await openFileStore({ path })
      expect(Number(text(await store.get("n")))).toBeGreaterThanOrEqual(last)
      await store.close()
    }
  })
})

it("crc32 is that of gzip", () => {
  expect(crc32(bytes("123456789"))).toBe(0xcbf43926)
})

/** The store as one module that a bare Node can load. */
async function bundle(directory: string): Promise<string> {
  const { build } = await import("esbuild")
  const outfile = join(directory, "store.mjs")
  await build({
    entryPoints: [join(import.meta.dirname, "file-store.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
  })
  return outfile
}
