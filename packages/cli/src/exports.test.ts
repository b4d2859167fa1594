import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { targets } from "@fleetwire/codegen"
import { describe, expect, it } from "vitest"
import { compile } from "./compile.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const target = (name: string) => targets.find((one) => one.name === name)!
const { ir } = await compile(join(SCHEMAS, "iot-car/contract.ts"))

describe("the target mqttx", () => {
  it("has a profile for each role, which subscribes what the role reads and has ready what it sends", () => {
    const [file] = target("mqttx").emit(ir!, { host: "broker.example" })
    const profiles = JSON.parse(file!.text) as readonly {
      readonly name: string
      readonly host: string
      readonly subscriptions: readonly { readonly topic: string; readonly qos: number }[]
      readonly messages: readonly { readonly topic: string; readonly payload: string }[]
    }[]
    expect(profiles.map(({ name }) => name)).toEqual(ir!.roles.map(({ name }) => `iot-car as ${name}`))
    const app = profiles.find(({ name }) => name.endsWith(" app"))!
    expect(app.host).toBe("broker.example")
    expect(app.subscriptions.map(({ topic, qos }) => [topic, qos])).toContainEqual(["iot-car/+/response", 1])
    expect(app.messages.map(({ topic }) => topic)).toEqual(["iot-car/car-001/command"])
    expect(JSON.parse(app.messages[0]!.payload)).toMatchObject({ action: "forward" })
  })
})

describe("every target", () => {
  const contracts = readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^[^/]+\/contract\.ts$/.test(path),
  )
  it.each(contracts)("carries %s, the same each time, with line feeds only", async (path) => {
    const compiled = await compile(join(SCHEMAS, path))
    for (const one of targets) {
      const refused = (one.check?.(compiled.ir!, {}) ?? []).some(({ severity }) => severity === "error")
      if (refused) continue
      // What a target reads beside the contract is the contract itself here.
      const others = Object.fromEntries((one.reads ?? []).map((name) => [name, compiled.ir!]))
      const files = one.emit(compiled.ir!, {}, others)
      expect(files.length).toBeGreaterThan(0)
      expect(one.emit(structuredClone(compiled.ir!), {}, others)).toEqual(files)
      for (const { text } of files) expect(text).not.toContain("\r")
    }
  })
})
