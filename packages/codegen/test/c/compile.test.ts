import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContractIr, FieldIr, MessageIr } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Compiler, type CompilerName, provideCompiler } from "../../../../tools/firmware/src/provide-compiler.js"
import { provideOrSkip, type Skippable } from "../../../../tools/firmware/src/provide-or-skip.js"
import { emitC } from "../../src/c/emit.js"
import { contractOf, fields, uint } from "../codec/car-contract.js"
import { STRICT } from "./harness.js"

const root = new URL("../../../../", import.meta.url)
const compilers = [
  { name: "gcc as C99", program: "gcc", args: ["-std=c99"] },
  { name: "g++ as C++11", program: "g++", args: ["-x", "c++", "-std=c++11"] },
  { name: "clang as C99", program: "clang", args: ["-std=c99"] },
] as const
const selections = [
  { name: "every format", flags: [] },
  { name: "protobuf alone", flags: ["-DFW_JSON=0", "-DFW_COMPACT=0", "-DFW_TEXT=0"] },
  { name: "JSON alone", flags: ["-DFW_PROTOBUF=0", "-DFW_COMPACT=0", "-DFW_TEXT=0"] },
  { name: "all but compact JSON", flags: ["-DFW_COMPACT=0"] },
  { name: "all but JSON", flags: ["-DFW_JSON=0"] },
  { name: "protobuf and text", flags: ["-DFW_JSON=0", "-DFW_COMPACT=0"] },
]

let folder: string
const contracts = ["iot-car", "iot-car-v1", "home", "smart-building", "gpio", "fw"]
/** Those whose device has an engine in C; the others have messages and topics alone. */
const devices = new Set<string>()

/** Names that C or the kernel has already, and members that look like those which the generator adds. */
const hostile: ContractIr = {
  ...contractOf(
    [
      message("Params", fields({ b: uint(8), has_b: uint(8), int: uint(8) }, ["b"])),
      message("Int", fields({ register: uint(8) })),
      message("Status", fields({ NULL: uint(8) })),
    ],
    "fw",
  ),
  params: [{ name: "id", maxLength: 8, reserved: [] }],
  channels: ["Params", "Int", "Status"].map(carry),
}

/** A channel that carries a message, so that it has a topic. */
function carry(name: string): ContractIr["channels"][number] {
  return {
    kind: "telemetry",
    name: name.toLowerCase(),
    from: "device",
    legs: [
      {
        name: "message",
        from: "device",
        topic: `fleet/{id}/${name.toLowerCase()}`,
        message: name,
        qos: 0,
        retain: false,
        accepts: ["compact", "json", "protobuf"],
        sends: "json",
        maxBytes: 256,
        acknowledge: "on-receipt",
        queue: { bound: 10, drop: "oldest" },
        outbox: { bound: 10, drop: "oldest", durable: false },
      },
    ],
  }
}

beforeAll(() => {
  const cache = fileURLToPath(new URL("../../.cache/", import.meta.url))
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, "compile-"))
  for (const name of contracts) {
    for (const { path, text } of emitC(name === "fw" ? hostile : locked(name))) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true })
      writeFileSync(join(folder, name, path), text)
      if (path.endsWith("_device.c")) devices.add(name)
    }
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function locked(name: string): ContractIr {
  const text = readFileSync(new URL(`schemas/${name}/contract.lock.json`, root), "utf8")
  return (JSON.parse(text) as { ir: ContractIr }).ir
}

function message(name: string, list: readonly FieldIr[]): MessageIr {
  return { name, type: { kind: "object", name, fields: list } }
}

const source = (name: string): string => (name === "fw" ? "nfw.c" : sourceOf(name))
const sourcesOf = (name: string): string[] =>
  devices.has(name) ? [source(name), source(name).replace(".c", "_device.c")] : [source(name)]
const sourceOf = (name: string): string => `${name.replace("-v1", "").replaceAll("-", "_")}.c`
const compiler = (test: Skippable, name: CompilerName): Promise<Compiler> =>
  provideOrSkip(test, () => provideCompiler(name))
const compile = ({ program, args: first, env }: Compiler, args: readonly string[], cwd: string): string => {
  const { status, stderr } = spawnSync(program, [...first, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
  })
  return status === 0 ? "" : stderr
}

describe("generated C", () => {
  for (const { name, program, args } of compilers) {
    it(`compiles without a warning: ${name}`, { timeout: 300_000 }, async (test) => {
      const one = await compiler(test, program)
      for (const contract of contracts) {
        for (const { name: selection, flags } of selections) {
          const said = compile(
            one,
            [...args, ...STRICT, ...flags, "-fsyntax-only", ...sourcesOf(contract)],
            join(folder, contract, "src"),
          )
          expect({ contract, selection, said }).toEqual({ contract, selection, said: "" })
        }
      }
    })
  }

  /** What a compiler only sees when it optimizes: variables that may not be set, shifts and bounds. */
  const optimized = [
    { program: "gcc", level: "-O2", of: contracts, builds: [selections[0]!] },
    { program: "gcc", level: "-O3", of: ["iot-car"], builds: [selections[0]!] },
    { program: "gcc", level: "-O2", of: ["iot-car"], builds: selections.slice(1) },
    { program: "clang", level: "-O2", of: ["iot-car"], builds: [selections[0]!] },
    { program: "clang", level: "-O3", of: ["iot-car"], builds: [selections[0]!] },
  ] as const
  for (const { program, level, of, builds } of optimized) {
    const named = builds.length > 1 ? "formats left out" : `${of.length > 1 ? "every contract" : of[0]}`
    it(`compiles without a warning: ${program} at ${level}, ${named}`, { timeout: 300_000 }, async (test) => {
      const one = await compiler(test, program)
      for (const contract of of) {
        const cwd = join(folder, contract, "src")
        for (const { name: selection, flags } of builds) {
          for (const file of sourcesOf(contract)) {
            const args = ["-std=c99", ...STRICT, ...flags, level, "-c", file, "-o", "optimized.o"]
            const said = compile(one, args, cwd)
            expect({ contract, selection, said }).toEqual({ contract, selection, said: "" })
          }
        }
      }
    })
  }

  it("has an engine for every device that has one presence, commands, and topics without a param of somebody else", () => {
    expect([...devices].sort()).toEqual(["home", "iot-car", "iot-car-v1"])
  })

  it("calls nothing: no heap, no printf, no floating point, no library", { timeout: 300_000 }, async (test) => {
    const gcc = await compiler(test, "gcc")
    for (const contract of contracts) {
      const cwd = join(folder, contract, "src")
      expect(
        compile(
          gcc,
          [
            "-std=c99",
            "-Os",
            "-ffreestanding",
            "-fno-stack-protector",
            "-mgeneral-regs-only",
            "-c",
            source(contract),
            "-o",
            "whole.o",
          ],
          cwd,
        ),
      ).toBe("")
      const env = { ...process.env, ...gcc.env }
      expect(spawnSync("nm", ["-u", "whole.o"], { cwd, env, encoding: "utf8" }).stdout.trim()).toBe("")
      const { stdout } = spawnSync("size", ["whole.o"], { cwd, env, encoding: "utf8" })
      const [, data, bss] = stdout.split("\n")[1]!.trim().split(/\s+/).map(Number)
      expect([contract, data, bss]).toEqual([contract, 0, 0])
    }
  })

  it("has a stack of which the compiler knows the worst case: neither recursion nor calls through pointers", {
    timeout: 300_000,
  }, async (test) => {
    const gcc = await compiler(test, "gcc")
    const cwd = join(folder, "iot-car", "src")
    expect(
      compile(gcc, ["-std=c99", "-Os", "-fcallgraph-info=su", "-c", source("iot-car"), "-o", "graph.o"], cwd),
    ).toBe("")
    const graph = readFileSync(join(cwd, "graph.ci"), "utf8")
    expect(graph).not.toContain("__indirect_call")
    expect(graph).not.toContain("dynamic")
    const calls = new Map<string, string[]>()
    for (const [, from, to] of graph.matchAll(/sourcename: "([^"]+)" targetname: "([^"]+)"/g))
      calls.set(from!, [...(calls.get(from!) ?? []), to!])
    expect(calls.size).toBeGreaterThan(20)
    const walk = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) throw new Error(`recursion: ${[...path, name].join(" > ")}`)
      for (const callee of calls.get(name) ?? []) walk(callee, [...path, name])
    }
    for (const name of calls.keys()) walk(name, [])
  })

  it("is used as the handbook shows", { timeout: 300_000 }, async (test) => {
    const gcc = await compiler(test, "gcc")
    const page = readFileSync(new URL("apps/docs/handbook/firmware.md", root), "utf8")
    const example = /```c\n([\s\S]*?)```/.exec(page)![1]!
    const around = [
      '#include "iot_car.h"',
      "int publish(const char *topic, const uint8_t *payload, size_t length, int qos, int retain);",
      "void drive(const iot_car_command_t *command);",
      "void stop(void);",
      "int send_telemetry(iot_car_telemetry_t *value);",
      "void on_message(const char *topic, size_t topic_length, uint8_t *payload, size_t length);",
    ].join("\n")
    const cwd = join(folder, "iot-car", "src")
    writeFileSync(join(cwd, "example.c"), `${around}\n${example}`)
    expect(compile(gcc, ["-std=c99", ...STRICT, "-fsyntax-only", "example.c"], cwd)).toBe("")
  })
})
