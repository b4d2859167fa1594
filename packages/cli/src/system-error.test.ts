import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LAMP } from "../test/lamp-contract.js"
import { createScratch, type Scratch } from "../test/scratch.js"

const FULL = "/dev/full"
const FLEETWIRE = fileURLToPath(new URL("../../../tools/setup/fleetwire.mjs", import.meta.url))
const MANIFEST = JSON.stringify({
  name: "x",
  fleetwire: { targets: { typescript: { out: "./sdk", package: "@a/lamp" } } },
})

let scratch: Scratch
beforeAll(async () => {
  scratch = await createScratch()
  await scratch.write({ "lamp/contract.ts": LAMP, "lamp/package.json": MANIFEST })
})
afterAll(() => scratch.remove())

/** The command as its own process, under a limit of the shell. */
function inShell(line: string): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line], {
    cwd: join(scratch.folder, "lamp"),
    encoding: "utf8",
    env: { ...process.env, FLEETWIRE, NODE: process.execPath },
  })
  return { code: status, out: stdout, err: stderr }
}

describe("what the system refuses is one line, and exit code 2", () => {
  it.runIf(existsSync(FULL)).each([
    ["access", ["access", "--principal", "ada", "--role", "app", "--out", FULL]],
    ["broker-settings", ["broker-settings", "--devices", "5", "--out", FULL]],
  ])("%s onto a full disk", async (_, argv) => {
    const { code, err } = await scratch.fleetwire(argv, { cwd: "lamp" })
    const said = `fleetwire: ${FULL}: no space is left there (ENOSPC): remove something, or name another place\n`
    expect({ code, err: err.slice(err.indexOf("fleetwire:")) }).toEqual({ code: 2, err: said })
  })

  it.runIf(existsSync(FULL))("standard output on a full disk", () => {
    expect(inShell('"$NODE" "$FLEETWIRE" size > /dev/full')).toMatchObject({
      code: 2,
      err: "fleetwire: standard output: no space is left there (ENOSPC): remove something, or name another place\n",
    })
  })

  it("a generation that may not write files so large leaves nothing behind", async () => {
    const { code, err } = inShell('ulimit -f 1; "$NODE" "$FLEETWIRE" generate')
    expect(code).toBe(2)
    expect(err).toMatch(
      /^fleetwire: \S+\/lamp\/sdk\/\S+: the file would be larger than this process may write \(EFBIG\): raise the limit, such as `ulimit -f unlimited`\n$/,
    )
    expect((await scratch.files()).filter((path) => path.startsWith("lamp/"))).toEqual([
      "lamp/contract.ts",
      "lamp/package.json",
    ])
  })

  it("a lock that is a folder", async () => {
    await mkdir(join(scratch.folder, "lamp/contract.lock.json"))
    const { code, err } = await scratch.fleetwire(["check"], { cwd: "lamp" })
    await rename(join(scratch.folder, "lamp/contract.lock.json"), join(scratch.folder, "moved"))
    const file = join(scratch.folder, "lamp/contract.lock.json")
    expect({ code, err }).toEqual({
      code: 2,
      err: `fleetwire: ${file}: it is a folder (EISDIR): name a file, or move the folder away\n`,
    })
  })

  it("a folder for an output that is a file", async () => {
    const { code, err } = await scratch.fleetwire(
      ["broker-settings", "--devices", "5", "--out", "contract.ts/settings.conf"],
      { cwd: "lamp" },
    )
    expect(code).toBe(2)
    expect(err).toMatch(
      /contract\.ts\/settings\.conf: a part of the path is no folder \(ENOTDIR\): correct the path\n$/,
    )
  })
})
