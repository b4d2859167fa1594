import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { asyncApiDocument, emitContractModule, importAsyncApi } from "@fleetwire/codegen"
import { createLock, lowerContract } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createScratch, type Scratch } from "../test/scratch.js"
import { WHOLE_CONTRACT } from "../test/whole-contract.js"
import { compile } from "./compile.js"
import { loadContract } from "./load.js"

const SCHEMAS = join(dirname(fileURLToPath(import.meta.url)), "../../../schemas")
const contracts = readdirSync(SCHEMAS, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/]+\/contract\.ts$/.test(path))
  .sort()

let scratch: Scratch
beforeAll(async () => {
  scratch = await createScratch()
})
afterAll(() => scratch.remove())

describe("a compiled contract, printed as a module", () => {
  it.each(contracts)("compiles to the same again: %s", async (path) => {
    const { ir } = await compile(join(SCHEMAS, path))
    await expectTheSameAgain(ir!, path)
  })

  it("says every word of the language", async () => {
    await scratch.write({ "whole/contract.ts": WHOLE_CONTRACT })
    const { ir, findings } = await compile(join(scratch.folder, "whole/contract.ts"))
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([])
    await expectTheSameAgain(ir!, "again/contract.ts")
    const document = asyncApiDocument(ir!)
    const imported = importAsyncApi({ documents: new Map([["file:///a", document]]), address: "file:///a" })
    expect(imported.findings).toEqual([])
    expect(imported.ir).toEqual(ir)
  })
})

/** Prints, loads and compiles a contract, and compares. */
async function expectTheSameAgain(ir: ContractIr, path: string): Promise<void> {
  const { text } = emitContractModule(ir)
  await scratch.write({ [path]: text })
  const loaded = await loadContract(join(scratch.folder, path))
  if (!("contract" in loaded)) throw new Error(JSON.stringify(loaded.findings))
  const again = lowerContract(loaded.contract, createLock(ir))
  expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([])
  expect(again.ir).toEqual(ir)
}
