import { expect, it } from "vitest"
import { checkShape, readmeHeadings } from "./check-shape.js"
import { withTree } from "./fixture-tree.js"

const readme = `# topic\n\n${readmeHeadings.map((heading) => `## ${heading}\n\nText.\n`).join("\n")}`
const good = {
  "packages/topic/package.json": { name: "@fleetwire/topic" },
  "packages/topic/README.md": readme,
  "packages/topic/src/parse-topic.ts": "export const a = 1\n",
}

const cases: readonly { given: string; files: Record<string, unknown>; want: readonly string[] }[] = [
  { given: "a package as it should be", files: {}, want: [] },
  {
    given: "a README without its Use",
    files: { "packages/topic/README.md": readme.replace("## Use\n", "## Usage\n") },
    want: [
      "its headings are What · Usage · Surface · May import / must not · Tests, not What · Use · Surface · May import / must not · Tests",
    ],
  },
  {
    given: "a camel-case file",
    files: { "packages/topic/src/parseTopic.ts": "export const a = 1\n" },
    want: ["file names are kebab-case"],
  },
  {
    given: "a drawer",
    files: { "packages/topic/src/utils.ts": "export const a = 1\n" },
    want: ['"utils" is a drawer, not a concept'],
  },
  {
    given: "a default export",
    files: { "packages/topic/src/a.ts": "export default 1\n" },
    want: ["exports have names here; there is no default export"],
  },
  {
    given: "a default export in a text",
    files: { "packages/topic/src/a.ts": "export const a = `\nexport default 1\n`\n" },
    want: [],
  },
  {
    given: "a function exported by default",
    files: { "packages/topic/src/a.ts": "export default function a() {}\n" },
    want: ["exports have names here; there is no default export"],
  },
  {
    given: "a star",
    files: { "packages/topic/src/index.ts": 'export * from "./a.js"\n' },
    want: ["re-exports are by name"],
  },
]

for (const { given, files, want } of cases) {
  it(`judges ${given}`, async () => {
    const found = await withTree({ ...good, ...files }, checkShape)
    expect(found.map(({ message }) => message)).toEqual(want)
  })
}
