import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runCommand } from "@fleetwire/broker-lab"
import { afterEach, beforeEach, expect, it } from "vitest"
import { PACKAGE, STRICT } from "./build-linux-car.js"
import { provideCompiler } from "./provide-compiler.js"
import { provideOrSkip } from "./provide-or-skip.js"

const program = fileURLToPath(new URL("../engine/engine-test.c", import.meta.url))
const sources = ["src/iot_car.c", "src/iot_car_device.c"]
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-"))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

for (const [build, flags, least] of [
  ["as the client library acknowledges", [], 19],
  ["as the device acknowledges", ["-DFW_MANUAL_ACK=1"], 41],
] as const)
  it(`keeps its promises on a scripted transport, with every octet beside its buffers watched, ${build}`, {
    timeout: 300_000,
  }, async (test) => {
    const { program: gcc, args, env } = await provideOrSkip(test, () => provideCompiler("gcc"))
    const sanitize = [...flags, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    const out = join(folder, "engine-test")
    const built = await runCommand(gcc, [...args, ...STRICT, ...sanitize, "-Isrc", program, ...sources, "-o", out], {
      cwd: PACKAGE,
      env,
    })
    expect(built.stderr).toBe("")
    const ran = await runCommand(out, [], { env: { ...env, ASAN_OPTIONS: "detect_leaks=0" } })
    expect(ran.stderr + ran.stdout.replaceAll(/^ok .*\n/gm, "")).toBe("")
    expect(ran.code).toBe(0)
    expect(ran.stdout.split("\n").filter((line) => line.startsWith("ok ")).length).toBeGreaterThanOrEqual(least)
  })

const SIZES = `
#include <stdio.h>
#include "iot_car.h"
IOT_CAR_DEVICE_MEMORY(m, 1, IOT_CAR_DEVICE_READ_MAX, IOT_CAR_DEVICE_WRITE_MAX, IOT_CAR_DEVICE_TOPIC_MAX, 8,
                      IOT_CAR_DEVICE_REPLY_MAX, IOT_CAR_DEVICE_CONFIG_MAX);
int main(void)
{
  (void)m;
  printf("%u %u %u %u %u", (unsigned)sizeof m_read, (unsigned)sizeof m_write, (unsigned)sizeof m_topic,
         (unsigned)sizeof m_config, (unsigned)(sizeof m_remembered + sizeof m_texts));
  return 0;
}
`

it("takes the memory that its sheet says", { timeout: 300_000 }, async (test) => {
  const { program: gcc, args, env } = await provideOrSkip(test, () => provideCompiler("gcc"))
  const [source, out] = [join(folder, "sizes.c"), join(folder, "sizes")]
  await writeFile(source, SIZES)
  const built = await runCommand(gcc, [...args, "-std=c99", "-Isrc", source, "-o", out], { cwd: PACKAGE, env })
  expect(built.stderr).toBe("")
  const sizes = (await runCommand(out, [], { env })).stdout.split(" ").map(Number)
  const sheet = await readFile(join(PACKAGE, "SHEET.md"), "utf8")
  const said = (row: string): number => Number(new RegExp(`^\\| ${row} \\| (\\d+) `, "m").exec(sheet)?.[1])
  const rows = [
    "reading a message",
    "writing a message",
    "a topic, without a deployment's prefix",
    "configurations",
    "8",
  ]
  expect(rows.map(said)).toEqual(sizes)
})

for (const [name, flags] of [
  ["clang", STRICT],
  ["g++", ["-x", "c++", "-std=c++11", ...STRICT.slice(1)]],
] as const)
  it(`compiles without a warning as ${name} reads it`, { timeout: 300_000 }, async (test) => {
    const { program: compiler, args, env } = await provideOrSkip(test, () => provideCompiler(name))
    for (const build of [[], ["-DFW_MANUAL_ACK=1"]]) {
      const read = [...args, ...flags, ...build, "-Isrc", "-fsyntax-only", ...sources]
      const checked = await runCommand(compiler, read, { cwd: PACKAGE, env })
      expect(checked.stderr).toBe("")
      expect(checked.code).toBe(0)
    }
  })
