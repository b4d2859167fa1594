import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { DiagnosticSeverity, Parser } from "@asyncapi/parser"
import type { ContractIr } from "@fleetwire/ir"
import { describe, expect, it } from "vitest"
import { emitAsyncApi } from "../src/index.js"
import { cars } from "./fixture/cars.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")

/** Every contract of the repository as it was locked, and the fixture. */
const contracts: readonly (readonly [string, ContractIr])[] = [
  ["the fixture", cars],
  ...readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[^/]+\/contract\.lock\.json$/.test(path))
    .sort()
    .map((path) => [path, (JSON.parse(readFileSync(join(SCHEMAS, path), "utf8")) as { ir: ContractIr }).ir] as const),
]

describe("a contract as AsyncAPI", () => {
  it.each(contracts)("is valid to the AsyncAPI parser: %s", async (_name, ir) => {
    const { document, diagnostics } = await new Parser().parse(emitAsyncApi(ir).text)
    const serious = diagnostics.filter(({ severity }) => severity <= DiagnosticSeverity.Warning)
    expect(serious.map(({ path, message }) => `${path.join("/")}: ${message}`)).toEqual([])
    expect(document?.channels().length).toBe(ir.channels.flatMap(({ legs }) => legs).length)
  })
})
