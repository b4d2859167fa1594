import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { lowerContract } from "@fleetwire/contract"
import { expect, it } from "vitest"
import { bundleText } from "../../setup/run-ts.mjs"

const root = join(import.meta.dirname, "../../..")
const handbook = join(root, "apps/docs/handbook")
const documents = [join(root, "README.md"), ...readdirSync(handbook).map((name) => join(handbook, name))]

for (const file of documents.filter((name) => name.endsWith(".md"))) {
  const blocks = [...readFileSync(file, "utf8").matchAll(/```(?:typescript|ts)\n([\s\S]*?)```/g)]
  for (const [, text = ""] of blocks.filter(([, code]) => code?.includes("export default defineContract("))) {
    it(`shows a contract without mistakes in ${file.slice(root.length + 1)}`, async () => {
      const bundle = await bundleText({ text, folder: root, name: "handbook-contract" })
      const { default: contract } = (await import(pathToFileURL(bundle).href)) as { default: unknown }
      expect(lowerContract(contract).diagnostics).toEqual([])
    })
  }
}
