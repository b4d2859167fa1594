import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { sampleOf } from "@fleetwire/codegen"
import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr } from "@fleetwire/ir"
import { expect, it } from "vitest"

const schemas = join(import.meta.dirname, "../../../schemas")

for (const name of readdirSync(schemas)) {
  const lock = join(schemas, name, "contract.lock.json")
  if (!existsSync(lock)) continue
  const { ir } = JSON.parse(readFileSync(lock, "utf8")) as { ir: ContractIr }
  for (const message of ir.messages) {
    it(`samples of ${ir.name} show a valid ${message.name}`, () => {
      const bytes = new TextEncoder().encode(JSON.stringify(sampleOf(ir, message.name)))
      const codec = createDynamicCodec(ir, message.name, "json")
      expect(codec.decode(bytes)).toMatchObject({ ok: true })
    })
  }
}
