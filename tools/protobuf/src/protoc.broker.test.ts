import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ProgramInstall } from "@fleetwire/broker-lab"
import { emitProto } from "@fleetwire/codegen"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { provideProtoc } from "./provide-protoc.js"

const root = new URL("../../../schemas/", import.meta.url)
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), "utf8")) as T
const contracts = readdirSync(root)
  .filter((name) => existsSync(new URL(`${name}/contract.lock.json`, root)))
  .map((name) => ({ name, ir: read<{ ir: ContractIr }>(`${name}/contract.lock.json`).ir }))

/** Octets of each message that our codecs, in every language, write and read: those of the committed vectors. */
function octetsOf(contract: string, message: string): readonly string[] {
  const { valid } = read<{ valid: readonly { readonly protobuf?: string }[] }>(`vectors/${contract}/${message}.json`)
  return valid.flatMap(({ protobuf }) => (protobuf === undefined ? [] : [protobuf])).slice(0, 6)
}

let protoc: ProgramInstall
let folder: string
let absent = ""

beforeAll(async () => {
  try {
    protoc = await provideProtoc()
  } catch (error) {
    // Where CI cannot have protoc, that is a failure; elsewhere the tests are skipped by name.
    if (process.env.CI !== undefined) throw error
    absent = (error as Error).message
  }
  folder = mkdtempSync(join(tmpdir(), "fleetwire-protoc-"))
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs protoc; its answer, or an error with what it said. */
function run(args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr, error } = spawnSync(protoc.program, [`--proto_path=${folder}`, ...args], {
    input,
    env: { ...process.env, ...protoc.env },
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`protoc ${args.join(" ")}: ${stderr}`)
  return stdout
}

describe("protoc", () => {
  for (const { name, ir } of contracts)
    it(`compiles the schema of ${name}, and reads and writes its messages octet for octet as we do`, (context) => {
      if (absent !== "") return context.skip(absent)
      const [{ path, text }] = emitProto(ir) as [{ path: string; text: string }]
      writeFileSync(join(folder, path), text)
      run([`--descriptor_set_out=${join(folder, `${name}.set`)}`, path], new Uint8Array())
      const scope = /^package (.*);$/m.exec(text)![1]!
      let compared = 0
      for (const message of ir.messages)
        for (const octets of octetsOf(name, message.name)) {
          const type = `${scope}.${message.name}`
          const words = run([`--decode=${type}`, path], Buffer.from(octets, "hex"))
          // A field that protoc does not know is printed with its number.
          expect(words.toString()).not.toMatch(/^\s*\d+[:{ ]/m)
          // Entries of a map have no order of their own: with this option protoc sorts them.
          const back = run([`--encode=${type}`, "--deterministic_output", path], words)
          expect(`${message.name} ${back.toString("hex")}`).toBe(`${message.name} ${octets}`)
          compared++
        }
      expect(compared).toBeGreaterThan(0)
    })
})
