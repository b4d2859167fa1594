import { expect, it } from "vitest"
import { withTree } from "./fixture-tree.js"
import { runReadmes } from "./run-readmes.js"

const fence = "```"
const readme = (code: string) => `# a\n\n## Use\n\n${fence}ts\n${code}\n${fence}\n`

const cases: readonly { given: string; code: string; want: RegExp | undefined }[] = [
  { given: "an example that holds", code: 'import assert from "node:assert"\nassert.equal(1 + 1, 2)', want: undefined },
  {
    given: "an example whose claim is wrong",
    code: 'import assert from "node:assert"\nassert.equal(1 + 1, 3)',
    want: /2 == 3/,
  },
  { given: "an example that does not parse", code: "const = 1", want: /does not bundle/ },
  {
    given: "an example that imports what is not there",
    code: 'import "@fleetwire/no-such-package"',
    want: /no-such-package/,
  },
  {
    given: "an example of a workspace package, from its source",
    code: 'import { canonicalJson } from "@fleetwire/ir"\nif (canonicalJson({ b: 1, a: 2 }) !== \'{"a":2,"b":1}\') throw new Error("no")',
    want: undefined,
  },
]

for (const { given, code, want } of cases) {
  it(`runs ${given}`, async () => {
    const [run] = await withTree({ "README.md": readme(code) }, (root) => runReadmes(root, ["README.md"]))
    expect(run?.name).toBe("README.md:5")
    if (want === undefined) expect(run?.failure).toBeUndefined()
    else expect(run?.failure).toMatch(want)
  })
}
