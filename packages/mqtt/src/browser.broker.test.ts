import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"
import { startMosquitto } from "@fleetwire/broker-lab"
import { build } from "esbuild"
import { expect, it } from "vitest"

const NOT_IN_BROWSERS = ["Buffer", "process", "global", "globalThis", "setImmediate", "clearImmediate", "require"]
const OF_THE_CONTEXT = ["Object", "Function", "Array", "Error", "eval"]

/** A global object with what browsers have and without what only Node has. It forbids code from text, as a strict CSP does. */
function browserLike(): Record<string, unknown> {
  const { WebSocket } = createRequire(createRequire(import.meta.url).resolve("mqtt"))("ws") as { WebSocket: unknown }
  const world: Record<string, unknown> = {}
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (NOT_IN_BROWSERS.includes(name) || OF_THE_CONTEXT.includes(name)) continue
    world[name] = (globalThis as Record<string, unknown>)[name]
  }
  Object.assign(world, {
    WebSocket,
    Worker: class {
      constructor() {
        throw new Error("a strict Content-Security-Policy allows no worker from a blob")
      }
    },
    document: { URL: "http://localhost/" },
    navigator: { userAgent: "test" },
    location: { protocol: "http:" },
  })
  world.window = world
  world.self = world
  return createContext(world, { codeGeneration: { strings: false, wasm: false } }) as Record<string, unknown>
}

it("carries a message over WebSocket in a browser's bundle, without Node and without code from text", async () => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("../test/browser-entry.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "entry",
    platform: "browser",
    conditions: ["@fleetwire/source", "browser"],
  })
  const broker = await startMosquitto({ listeners: [{ kind: "ws" }], users: { ada: "pé" } })
  try {
    const world = browserLike()
    runInContext(bundle.outputFiles[0]!.text, world)
    const { roundTrip } = runInContext("entry", world) as { roundTrip(url: string): Promise<string> }
    const outcome = await roundTrip(broker.urlOf("ws"))
    expect(JSON.parse(outcome)).toEqual({
      reasonCode: 0,
      topic: "b/é",
      qos: 2,
      properties: { contentType: "text/plain", userProperties: [["a", "b"]] },
      text: "héllo ".repeat(2000),
    })
  } finally {
    await broker.stop()
  }
})
