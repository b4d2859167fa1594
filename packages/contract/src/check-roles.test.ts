import { expect, it } from "vitest"
import { roleRows } from "../test/role-rows.js"
import { lowerContract } from "./index.js"

const codes = [
  "contract/reply-unreadable",
  "contract/reply-unwritable",
  "contract/nobody-reads",
  "contract/nobody-publishes",
]

it.each(roleRows.filter(({ code }) => codes.includes(code)))(
  "finds a role that cannot work, or a channel that nobody uses: $code (X-4)",
  ({ code, given, message, help }) => {
    const { ir, diagnostics } = lowerContract(given())
    expect(diagnostics).toContainEqual(expect.objectContaining({ code, severity: "error", message, help }))
    expect(ir).toBeUndefined()
  },
)

it("knows a row for each of them (X-4)", () => {
  expect(codes.filter((code) => !roleRows.some((row) => row.code === code))).toEqual([])
})
