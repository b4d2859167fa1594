import { join } from "node:path"
import { expect, it } from "vitest"
import { withTree } from "./fixture-tree.js"
import { typecheckReadmes } from "./typecheck-readmes.js"

const workspace = join(import.meta.dirname, "../../..")
const fence = "```"
const readme = (code: string) => `## Use\n\n${fence}ts\n${code}\n${fence}\n`

it("compiles examples and names an error by its line in the README", { timeout: 120_000 }, async () => {
  const files = {
    "good/README.md": readme(
      'import { canonicalJson } from "@fleetwire/ir"\nexport const a: string = canonicalJson(1)',
    ),
    "bad/README.md": readme('import { canonicalJson } from "@fleetwire/ir"\nexport const a: number = canonicalJson(1)'),
  }
  const found = await withTree(files, (root) =>
    typecheckReadmes({ root, files: Object.keys(files), into: join(root, "out"), workspace }),
  )
  expect(found).toEqual(["bad/README.md:5 · error TS2322: Type 'string' is not assignable to type 'number'."])
})
