import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, describe, expect, it } from "vitest"
import { protoTarget } from "../src/proto/target.js"
import { randomContract } from "./codec/random-contract.js"
import { SeededRandom } from "./codec/seeded-random.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const locked = readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/]+\/contract\.lock\.json$/.test(path))
  .sort()
const folder = mkdtempSync(join(tmpdir(), "fleetwire-proto-"))
afterAll(() => rmSync(folder, { recursive: true }))

const irOf = (path: string) => (JSON.parse(readFileSync(join(SCHEMAS, path), "utf8")) as { ir: ContractIr }).ir

/** What `buf lint` says of the output; empty where it has nothing to say. */
function lint(ir: ContractIr, name: string): string {
  const out = join(folder, name)
  for (const { path, text } of protoTarget.emit(ir, {})) {
    mkdirSync(dirname(join(out, path)), { recursive: true })
    writeFileSync(join(out, path), text)
  }
  const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf")
  try {
    execFileSync(process.execPath, [buf, "lint"], {
      cwd: out,
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, BUF_CACHE_DIR: join(folder, "cache") },
    })
    return ""
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }
    return `${stdout}${stderr}` || String(error)
  }
}

describe("the target proto", () => {
  it.each(locked)("passes buf lint at its standard category: %s", (path) => {
    expect(lint(irOf(path), path.split("/")[0]!)).toBe("")
  })

  it("passes it with every type of the profile", () => {
    for (let seed = 1; seed <= 3; seed++) {
      expect([seed, lint(randomContract(new SeededRandom(seed)), `random-${seed}`)]).toEqual([seed, ""])
    }
  })

  it("would be caught", () => {
    const ir = irOf("iot-car/contract.lock.json")
    const out = join(folder, "iot-car")
    const [proto] = protoTarget.emit(ir, {})
    writeFileSync(join(out, proto!.path), proto!.text.replace("MOTORS_IDLE", "IDLE"))
    const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf")
    expect(() => execFileSync(process.execPath, [buf, "lint"], { cwd: out, stdio: "pipe" })).toThrow()
  })

  it("tells nanopb the sizes that the contract has", () => {
    const files = protoTarget.emit(irOf("iot-car/contract.lock.json"), {})
    const options = files.find(({ path }) => path.endsWith(".options"))!
    expect(options.path).toBe("iot_car/v2/iot_car.options")
    const lines = options.text.split("\n")
    expect(lines).toContain("iot_car.v2.Telemetry.device_id max_length:64")
    expect(lines).toContain("iot_car.v2.Telemetry.battery int_size:IS_8")
    expect(lines).toContain("iot_car.v2.Telemetry.TelemetrySensors.distance_front int_size:IS_16")
  })
})
