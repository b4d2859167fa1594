import { expect, it } from "vitest"
import { checkCycles } from "./check-cycles.js"
import { type FixtureFiles, withTree } from "./fixture-tree.js"

const manifest = { "packages/topic/package.json": { name: "@fleetwire/topic" } }

const cases: readonly { given: string; files: FixtureFiles; want: readonly string[] }[] = [
  {
    given: "a row of modules",
    files: { "packages/topic/src/a.ts": 'import "./b.js"', "packages/topic/src/b.ts": "export const b = 1" },
    want: [],
  },
  {
    given: "a circle of three values",
    files: {
      "packages/topic/src/a.ts": 'export { b } from "./b.js"',
      "packages/topic/src/b.ts": 'import { c } from "./c.js"\nexport const b = c',
      "packages/topic/src/c.ts": 'import { a } from "./a.js"\nexport const c = a',
    },
    want: [
      "modules import each other: packages/topic/src/a.ts → packages/topic/src/b.ts → packages/topic/src/c.ts → packages/topic/src/a.ts",
    ],
  },
  {
    given: "a circle that types close",
    files: {
      "packages/topic/src/a.ts": 'import { b } from "./b.js"\nexport const a = b',
      "packages/topic/src/b.ts": 'import type { A } from "./a.js"\nexport const b = 1',
    },
    want: [],
  },
  {
    given: "a circle that a lazy import closes",
    files: {
      "packages/topic/src/a.ts": 'import { b } from "./b.js"\nexport const a = b',
      "packages/topic/src/b.ts": 'export const b = () => import("./a.js")',
    },
    want: [],
  },
  {
    given: "a circle through an inline type, which still loads the module",
    files: {
      "packages/topic/src/a.ts": 'import { b } from "./b.js"\nexport const a = b',
      "packages/topic/src/b.ts": 'import { type A } from "./a.js"\nexport const b = 1',
    },
    want: ["modules import each other: packages/topic/src/a.ts → packages/topic/src/b.ts → packages/topic/src/a.ts"],
  },
]

for (const { given, files, want } of cases) {
  it(`judges ${given}`, async () => {
    const found = await withTree({ ...manifest, ...files }, checkCycles)
    expect(found.map(({ message }) => message)).toEqual(want)
  })
}
