import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runCommand } from "@fleetwire/broker-lab"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { PACKAGE } from "./build-linux-car.js"
import { GCC_ARM, GCC_AVR, newlibOf } from "./debian-toolchains.js"
import { provideCompiler } from "./provide-compiler.js"
import { type Found, joinPaths, provideDebian, type Wanted } from "./provide-debian.js"
import { provideMetadataReaders } from "./provide-metadata-readers.js"
import { provideOrSkip, type Skippable } from "./provide-or-skip.js"

const declarations = fileURLToPath(new URL("../arduino", import.meta.url))
const METADATA = fileURLToPath(new URL("../metadata/check.py", import.meta.url))
const sketch = "examples/arduino-car/arduino-car.ino"
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drop-in-"))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const debian = (test: Skippable, wanted: Wanted): Promise<Found> => provideOrSkip(test, () => provideDebian(wanted))

async function run(found: Pick<Found, "env">, program: string, ...args: readonly string[]): Promise<string> {
  const done = await runCommand(program, args, { cwd: PACKAGE, env: found.env, timeoutMs: 240_000 })
  if (done.code !== 0) throw new Error(`${program} ${args.join(" ")}\n${done.stderr}${done.stdout}`)
  return done.stdout
}

const STRANGER = `
cmake_minimum_required(VERSION 3.13)
project(stranger C)
find_package(iot_car 2.0 REQUIRED)
add_executable(stranger main.c)
target_link_libraries(stranger PRIVATE iot_car::iot_car)
`

const STRANGER_C = `
#include <stdio.h>
#include <string.h>
#include "iot_car.h"

int main(void)
{
  uint8_t buffer[IOT_CAR_STATUS_MAX_JSON];
  iot_car_status_t status;
  fw_writer_t out = fw_writer(FW_JSON_FORMAT, buffer, sizeof buffer);
  memset(&status, 0, sizeof status);
  status.device_id = fw_text("car-007");
  status.status = IOT_CAR_STATUS_STATUS_ONLINE;
  if (iot_car_status_encode(&out, &status) != FW_OK) return 1;
  printf("%.*s", (int)fw_written(&out), (const char *)buffer);
  return 0;
}
`

it("is installed by CMake, and a stranger's project finds it", { timeout: 600_000 }, async (test) => {
  const cmake = await debian(test, {
    name: "cmake",
    packages: ["cmake", "cmake-data", "make"],
    file: "usr/bin/cmake",
    programs: ["usr/bin/cmake", "usr/bin/make"],
  })
  const gcc = await provideOrSkip(test, () => provideCompiler("gcc"))
  const both = { env: joinPaths(gcc.env, cmake.env) }
  const compiler = [`-DCMAKE_C_COMPILER=${gcc.program}`, `-DCMAKE_C_FLAGS=${gcc.args.join(" ")}`]
  const [build, prefix, theirs] = [join(folder, "build"), join(folder, "prefix"), join(folder, "stranger")]
  await run(both, "cmake", "-S", ".", "-B", build, ...compiler, `-DCMAKE_INSTALL_PREFIX=${prefix}`)
  await run(both, "cmake", "--build", build, "--target", "install")
  await run(both, "cmake", "-E", "make_directory", theirs)
  await writeFile(join(theirs, "CMakeLists.txt"), STRANGER)
  await writeFile(join(theirs, "main.c"), STRANGER_C)
  await run(both, "cmake", "-S", theirs, "-B", join(theirs, "b"), ...compiler, `-DCMAKE_PREFIX_PATH=${prefix}`)
  await run(both, "cmake", "--build", join(theirs, "b"))
  expect(await run(both, join(theirs, "b/stranger"))).toBe('{"device_id":"car-007","status":"online","timestamp":0}')
})

it("compiles as a sketch for an Uno, with Debian's Arduino core", { timeout: 600_000 }, async (test) => {
  const core = await debian(test, {
    name: "arduino-core-avr",
    packages: ["arduino-core-avr"],
    file: "usr/share/arduino/hardware/arduino/avr/cores/arduino/Arduino.h",
  })
  const avr = await debian(test, GCC_AVR)
  const home = join(core.root, "usr/share/arduino/hardware/arduino/avr")
  const board = [
    "-mmcu=atmega328p",
    "-DF_CPU=16000000L",
    "-DARDUINO=10819",
    "-DARDUINO_ARCH_AVR",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Werror",
  ]
  const include = [
    "-Isrc",
    `-I${declarations}`,
    `-I${join(home, "cores/arduino")}`,
    `-I${join(home, "variants/standard")}`,
  ]
  const cpp = ["-std=gnu++11", "-fno-exceptions", "-include", "Arduino.h", "-x", "c++"]
  await run(avr, "avr-g++", ...board, ...include, ...cpp, "-c", sketch, "-o", join(folder, "sketch.o"))
  for (const source of ["iot_car", "iot_car_device"])
    await run(avr, "avr-gcc", ...board, ...include, "-std=gnu11", "-c", `src/${source}.c`, "-o", join(folder, "c.o"))
})

it("compiles as a sketch for an ARM board, against declarations of its core", { timeout: 600_000 }, async (test) => {
  const arm = await debian(test, GCC_ARM)
  const board = ["-mcpu=cortex-m0plus", "-mthumb", "-Os", "-Wall", "-Wextra", "-Werror", "-Isrc"]
  const newlib = newlibOf(arm)
  const include = [`-I${declarations}`, `-I${join(declarations, "board")}`, ...newlib]
  const cpp = ["-std=c++11", "-fno-exceptions", "-fno-rtti", "-include", "Arduino.h", "-x", "c++"]
  await run(arm, "arm-none-eabi-g++", ...board, ...include, ...cpp, "-c", sketch, "-o", join(folder, "sketch.o"))
  for (const source of ["iot_car", "iot_car_device"])
    await run(
      arm,
      "arm-none-eabi-gcc",
      ...board,
      ...newlib,
      "-std=c99",
      "-c",
      `src/${source}.c`,
      "-o",
      join(folder, "c.o"),
    )
})

describe("what package managers read", () => {
  const read = (path: string): Promise<string> => readFile(join(PACKAGE, path), "utf8")

  it("has what Arduino's specification of libraries requires", async () => {
    const properties = new Map(
      (await read("library.properties"))
        .trim()
        .split("\n")
        .map((line) => {
          const at = line.indexOf("=")
          return [line.slice(0, at), line.slice(at + 1)] as const
        }),
    )
    for (const name of [
      "name",
      "version",
      "author",
      "maintainer",
      "sentence",
      "paragraph",
      "category",
      "architectures",
    ])
      expect(properties.get(name) ?? "", name).not.toBe("")
    // Who publishes the library knows its page; a made-up one would be wrong.
    expect(properties.has("url")).toBe(false)
    expect(properties.get("name")).toMatch(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}$/)
    expect(properties.get("version")).toMatch(/^\d+\.\d+\.\d+$/)
    expect(properties.get("category")).toBe("Communication")
    await read(`src/${properties.get("includes")}`)
  })

  it("names sources and headers that exist, for PlatformIO, ESP-IDF and Zephyr", async () => {
    const library = JSON.parse(await read("library.json")) as { headers: string[]; build: { srcDir: string } }
    for (const header of library.headers) await read(`${library.build.srcDir}/${header}`)
    expect(parse(await read("idf_component.yml"))).toMatchObject({
      version: "2.0.0",
      dependencies: { idf: { version: ">=4.4" } },
    })
    const module = parse(await read("zephyr/module.yml")) as { name: string; build: { cmake: string; kconfig: string } }
    await read(`${module.build.cmake}/CMakeLists.txt`)
    await read(module.build.kconfig)
    for (const [, source] of (await read("zephyr/CMakeLists.txt")).matchAll(/\.\.\/(src\/\S+\.c)/g)) await read(source!)
    for (const [, source] of (await read("CMakeLists.txt")).matchAll(/(src\/\S+\.c)/g)) await read(source!)
  })

  it("is read by PlatformIO, ESP-IDF's component manager and Kconfig", { timeout: 600_000 }, async (test) => {
    const python = await provideOrSkip(test, provideMetadataReaders)
    const checked = await runCommand(python, [METADATA, PACKAGE])
    expect(checked.stderr).toBe("")
    expect(JSON.parse(checked.stdout)).toEqual({
      platformio: { name: "iot_car", version: "2.0.0", headers: ["iot_car_device.h"] },
      arduino: { name: "iot_car", version: "2.0.0" },
      idf: { version: "2.0.0", dependencies: { idf: ">=4.4" } },
      kconfig: {
        symbols: ["IOT_CAR", "IOT_CAR_COMPACT", "IOT_CAR_JSON", "IOT_CAR_PROTOBUF", "IOT_CAR_TEXT"],
        warnings: [],
      },
    })
  })
})
