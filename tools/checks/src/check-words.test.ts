import { expect, it } from "vitest"
import { checkWords } from "./check-words.js"
import { withTree } from "./fixture-tree.js"

const join = (...parts: string[]) => parts.join("")

const cases: readonly { given: string; want: number }[] = [
  { given: "const todos = []", want: 0 },
  { given: "the topic /root is a level", want: 0 },
  { given: "see ./work/plan and https://example.org/home/", want: 0 },
  { given: join("// TO", "DO: later"), want: 1 },
  { given: join("// FIX", "ME"), want: 1 },
  { given: join('throw new Error("not imple', 'mented")'), want: 1 },
  { given: join("cd /wo", "rk/main"), want: 1 },
  { given: join("/ho", "me/jo/fleetwire"), want: 1 },
  { given: join("resolved https://registry.npm", "js.org/mqtt"), want: 1 },
]

for (const { given, want } of cases) {
  it(`finds ${want} in: ${given}`, async () => {
    const found = await withTree({ "a.md": `first\n${given}\n` }, (root) => checkWords(root, ["a.md"]))
    expect(found.map(({ line }) => line)).toEqual(Array(want).fill(2))
  })
}

it("passes over files that are not text or are gone", async () => {
  const found = await withTree({ "a.bin": join("\0TO", "DO") }, (root) => checkWords(root, ["a.bin", "gone.md"]))
  expect(found).toEqual([])
})
