import { expect, it } from "vitest"
import { readmeBlocks } from "./readme-blocks.js"

const cases: readonly { given: string; text: string; want: readonly { line: number; code: string }[] }[] = [
  {
    given: "a block under Use",
    text: "# a\n\n## Use\n\n```ts\nconst a = 1\n```\n",
    want: [{ line: 5, code: "const a = 1\n" }],
  },
  { given: "a block elsewhere", text: "## Surface\n\n```ts\nconst a = 1\n```\n", want: [] },
  { given: "a block of another language", text: "## Use\n\n```sh\nnpm start\n```\n", want: [] },
  {
    given: "a heading inside a block",
    text: "## Use\n~~~md\n## Surface\n~~~\n```ts\na()\n```\n## Surface\n```ts\nb()\n```\n",
    want: [{ line: 5, code: "a()\n" }],
  },
]

for (const { given, text, want } of cases) {
  it(`reads ${given}`, () => expect(readmeBlocks(text)).toEqual(want))
}
