import { expect, it } from "vitest"
import { checkChangesets } from "./check-changesets.js"
import { withTree } from "./fixture-tree.js"

const packages = {
  "packages/topic/package.json": { name: "@fleetwire/topic" },
  "apps/bridge/package.json": { name: "@fleetwire/bridge", private: true },
}

const cases: readonly { given: string; text: string; want: readonly string[] }[] = [
  { given: "a good one", text: '---\n"@fleetwire/topic": minor\n---\n\nTopics.\n', want: [] },
  {
    given: "a private package",
    text: '---\n"@fleetwire/bridge": minor\n---\n\nBridge.\n',
    want: ['"@fleetwire/bridge": minor: not a published package'],
  },
  {
    given: "an unknown bump",
    text: '---\n"@fleetwire/topic": huge\n---\n\nTopics.\n',
    want: ["huge is no bump"],
  },
  { given: "no words", text: '---\n"@fleetwire/topic": minor\n---\n', want: ["it does not say what changed"] },
  { given: "no packages", text: "Topics.\n", want: ["a changeset begins with packages between two lines of ---"] },
]

for (const { given, text, want } of cases) {
  it(`judges ${given}`, async () => {
    const found = await withTree({ ...packages, ".changeset/one.md": text }, checkChangesets)
    expect(found.map(({ message }) => message)).toEqual(want)
  })
}
