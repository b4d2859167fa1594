import { expect, it } from "vitest"
import { checkClauses } from "./check-clauses.js"
import { withTree } from "./fixture-tree.js"

const page = "apps/docs/protocol/ground.md"
const good = "# Z\n\n## Z-1 · One {#z-1}\n\nFirst.\n\n## Z-2 · Two {#z-2}\n\nSecond.\n"

const cases: readonly { given: string; files: Record<string, string>; want: readonly string[] }[] = [
  { given: "both clauses, anchored", files: { [page]: good }, want: [] },
  {
    given: "a missing clause",
    files: { [page]: good.slice(0, good.indexOf("## Z-2")) },
    want: ["Z-2 is missing"],
  },
  {
    given: "a clause on two pages",
    files: { [page]: good, "apps/docs/protocol/topics.md": "## Z-1 · Again {#z-1}\n\nText.\n" },
    want: ["Z-1 is already in apps/docs/protocol/ground.md"],
  },
  { given: "a wrong anchor", files: { [page]: good.replace("{#z-2}", "{#z-3}") }, want: ["Z-2 lacks its anchor"] },
  { given: "a clause without text", files: { [page]: good.replace("First.", "") }, want: ["Z-1 says nothing"] },
  {
    given: "an id that nobody announced",
    files: { [page]: `${good}\n## Z-3 · Three {#z-3}\n\nThird.\n` },
    want: ["Z-3 is not a clause of the list"],
  },
  {
    given: "a heading of another form",
    files: { [page]: good.replace("## Z-2 · Two", "### Z-2 Two") },
    want: ["a clause's heading is `## C-3 · Title {#c-3}`", "Z-2 is missing"],
  },
]

for (const { given, files, want } of cases) {
  it(`judges ${given}`, async () => {
    const found = await withTree(files, (root) => checkClauses(root, { Z: 2 }))
    expect(found.map(({ message }) => message)).toEqual(want)
  })
}
