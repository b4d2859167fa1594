import { describe, expect, it } from "vitest"
import { emitTypescript, type RenderedFile } from "../src/index.js"
import { cars } from "./fixture/cars.js"
import { compile } from "./fixture/compile.js"
import { completeContract } from "./fixture/complete-contract.js"
import { hostile } from "./fixture/hostile.js"

/** The examples of a package's README, as files beside its sources. */
function examples(files: readonly RenderedFile[]): readonly RenderedFile[] {
  const readme = files.find((file) => file.path === "README.md")!.text
  return [...readme.matchAll(/^```typescript\n([\s\S]*?)^```$/gm)].map((match, index) => ({
    path: `example-${index}.ts`,
    text: match[1]!.replace(/"@acme\/demo\/(\w+)"/, '"./src/$1.js"'),
  }))
}

describe("the README of a generated package", () => {
  it.each([cars, hostile])("has examples that compile for $name", { timeout: 120_000 }, (contract) => {
    const files = emitTypescript(contract, { packageName: "@acme/demo" })
    const found = examples(files)
    expect(found).toHaveLength(2)
    expect(compile([...files, ...found], "nodenext").filter(({ path }) => path.startsWith("example"))).toEqual([])
  })

  it("calls and answers in the example where the contract has something to call", () => {
    const [device, controller] = examples(emitTypescript(cars, { packageName: "@acme/demo" })).map((file) => file.text)
    expect(device).toContain("await car.telemetry.publish({ battery: 0 })")
    expect(device).toContain("return {}")
    expect(controller).toContain('await fleet.car("device-1").drive({ action: "forward" })')
  })
})

describe("a contract with little in it", () => {
  it("becomes a package that compiles, without channels and without roles", { timeout: 120_000 }, () => {
    for (const contract of [completeContract({}), completeContract({ roles: [{ name: "app" }] })]) {
      const files = emitTypescript(contract, { packageName: "@acme/demo" })
      expect(compile([...files, ...examples(files)], "nodenext")).toEqual([])
    }
  })
})

describe("a contract of another version of the intermediate form", () => {
  it("is refused", () => {
    const contract = { ...cars, ir: 2 } as unknown as typeof cars
    expect(() => emitTypescript(contract, { packageName: "@acme/demo" })).toThrow("reads version 1")
  })
})
