import { expect, it } from "vitest"
import { diagnosticsPage } from "./diagnostics-page.js"

it("shows every code with its message as it is, backticks included, in order of codes", () => {
  const { text } = diagnosticsPage({
    "b/two": { severity: "warning", message: "say `{name}`", help: "use ``x``", acceptable: true },
    "a/one": { severity: "error", message: "plain <b>", help: "fix it" },
  })
  expect(text.slice(text.indexOf("## "))).toBe(
    [
      "## a/one {#a-one}",
      "",
      "Error: `plain <b>`",
      "",
      "What helps: `fix it`",
      "",
      "## b/two {#b-two}",
      "",
      "Warning, can be accepted: `` say `{name}` ``",
      "",
      "What helps: ``` use ``x`` ```",
      "",
    ].join("\n"),
  )
})
