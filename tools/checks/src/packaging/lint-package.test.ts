import { join } from "node:path"
import { expect, it } from "vitest"
import { type FixtureFiles, withTree } from "../fixture-tree.js"
import { attwOf, publintOf } from "./lint-package.js"
import { packAll } from "./pack.js"

const workspace = join(import.meta.dirname, "../../../..")

const good = {
  name: "@fleetwire/topic",
  version: "1.0.0",
  type: "module",
  license: "Apache-2.0",
  files: ["dist"],
  exports: { ".": { import: { types: "./dist/a.d.ts", default: "./dist/a.js" } } },
}
const files = {
  "packages/topic/dist/a.js": "export const a = 1\n",
  "packages/topic/dist/a.d.ts": "export declare const a: number\n",
}
const requireToo = {
  ...good,
  exports: {
    ".": {
      import: { types: "./dist/a.d.ts", default: "./dist/a.js" },
      require: { types: "./dist/a.d.ts", default: "./dist/a.cjs" },
    },
  },
}

const cases: readonly { given: string; files: FixtureFiles; publint?: RegExp; attw: RegExp }[] = [
  {
    given: "an entry point that is not packed",
    files: { ...files, "packages/topic/package.json": { ...good, files: ["src"] } },
    publint: /dist\/a\.js.*(does not exist|not published)/,
    attw: /it has no types/,
  },
  {
    given: "CommonJS with the types of an ES module",
    files: { ...files, "packages/topic/dist/a.cjs": "exports.a = 1\n", "packages/topic/package.json": requireToo },
    attw: /FalseESM/,
  },
]

for (const { given, files, publint, attw } of cases) {
  it(`catches ${given}`, { timeout: 60_000 }, async () => {
    await withTree(files, async (root) => {
      const [packed] = await packAll(root, join(root, "packs"), workspace)
      if (publint !== undefined) expect((await publintOf(packed!)).join("\n")).toMatch(publint)
      expect((await attwOf(workspace, packed!)).join("\n")).toMatch(attw)
    })
  })
}
