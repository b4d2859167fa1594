import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, posix } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { afterAll, describe, expect, it } from "vitest"
import { emitTypescript } from "../src/index.js"
import { cars } from "./fixture/cars.js"

const HERE = dirname(fileURLToPath(import.meta.url))

type Scenarios = { readonly [name: string]: () => Promise<unknown> }

/** The scenarios with the generated package and the runtime's sources, as one module. */
async function load(folder: string): Promise<Scenarios> {
  const files = new Map(emitTypescript(cars, { packageName: "@acme/cars" }).map((file) => [file.path, file.text]))
  files.set("round-trip.ts", readFileSync(join(HERE, "calls.compile/round-trip.ts"), "utf8"))
  const outfile = join(folder, "round-trip.mjs")
  await build({
    entryPoints: ["./round-trip.ts"],
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    conditions: ["@fleetwire/source"],
    plugins: [
      {
        name: "in-memory",
        setup(setup) {
          setup.onResolve({ filter: /^@fleetwire\/mqtt$/ }, ({ path }) => ({ path, namespace: "unused" }))
          setup.onLoad({ filter: /./, namespace: "unused" }, () => ({
            contents: 'export function mqttTransport() { throw new Error("the scenario brings its own transport") }',
          }))
          setup.onResolve({ filter: /^\.\.?\// }, ({ path, importer, namespace, kind }) => {
            if (kind !== "entry-point" && namespace !== "memory") return undefined
            const target = posix.join(kind === "entry-point" ? "" : posix.dirname(importer), path)
            return { path: target.replace(/\.js$/, ".ts"), namespace: "memory" }
          })
          setup.onLoad({ filter: /./, namespace: "memory" }, ({ path }) => ({
            contents: files.get(path)!,
            loader: "ts",
            resolveDir: HERE,
          }))
        },
      },
    ],
  })
  const loaded = (await import(pathToFileURL(outfile).href)) as { readonly scenarios: Scenarios }
  return loaded.scenarios
}

const folder = mkdtempSync(join(tmpdir(), "fleetwire-round-trip-"))
afterAll(() => rmSync(folder, { recursive: true }))
const scenarios = await load(folder)

const WANT: { readonly [name: string]: unknown } = {
  "telemetry with what the sender left out, by the fleet and by the handle": [
    "car-001",
    { at: 7, battery: 85, speed: 0 },
    { at: 8, battery: 84, speed: 1 },
  ],
  "a state on a topic with one param more, and that it was cleared": [
    ["front", 2.5],
    ["front", "cleared"],
  ],
  "a command, its reply with the id and success filled in, and its failure": [
    { command_id: "c-1", status: "success" },
    "command_failed",
  ],
  "one execution for one key, whatever handle asks, at whatever time": [
    1,
    [
      { command_id: "k-1", status: "success" },
      { command_id: "k-1", status: "success" },
    ],
  ],
  "a command that the device sends and a controller serves": { command_id: "a-1", status: "success" },
  "progress before the reply": [
    [
      { command_id: "p-1", percent: 40 },
      { command_id: "p-1", percent: 90 },
    ],
    "success",
  ],
  "a dead letter on its channel, and a presence view that a probe completes": [
    "barrier",
    "cars/car-001/alarm",
    "command_failed",
    '{"reason":"smoke"}',
  ],
  "actions in both directions": [
    ["honk", { online: true }],
    ["help", { online: false }],
  ],
  "a config that is applied and reported, over the fleet's": [2, { version: 2, limit: 10 }, { version: 2, limit: 10 }],
  "a broadcast with an outcome of each car": [
    ["car-001", "reply"],
    ["car-002", "reply"],
  ],
  "presence, and that a car went without goodbye": ["online", "offline", "unknown"],
  "a state that a controller publishes, read along too": [{ online: true }, "car-001"],
  "refusals before anything is sent": [Array.from({ length: 6 }, () => "invalid_argument"), 0],
}

describe("a generated package on a broker in memory", () => {
  it("has every scenario that is expected", () => {
    expect(Object.keys(scenarios)).toEqual(Object.keys(WANT))
  })

  it.each(Object.keys(WANT))("exchanges %s", async (name) => {
    expect(await scenarios[name]!()).toEqual(WANT[name])
  })
})
