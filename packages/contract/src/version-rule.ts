import type { TypeIr, VersionRuleIr } from "@fleetwire/ir"
import type { CheckScope } from "./check-scope.js"
import { type OptionReader, show } from "./options.js"

/** Reads how a leg tells the versions of its topic apart. */
export function readVersionRule(options: OptionReader): VersionRuleIr | undefined {
  const written = options.raw("versions")
  if (written === undefined) return undefined
  if (written === "any") return { kind: "any" }
  const [entry, ...more] = typeof written === "object" && written !== null ? Object.entries(written) : []
  if (entry !== undefined && more.length === 0) {
    const [kind, field] = entry as [string, unknown]
    if ((kind === "has" || kind === "lacks") && typeof field === "string") return { kind, field }
  }
  options.report.add("contract/option-value", options.place, {
    option: "versions",
    received: show(written),
    expected: "a rule",
    example: '`{ has: "sensors" }`, `{ lacks: "sensors" }` or `"any"`',
  })
  return undefined
}

/** A field that tells must be one that the message always writes, or never. */
export function checkVersionRules({ ir, drafts, report }: CheckScope): void {
  const find = (name: string): TypeIr | undefined => ir.messages.find((message) => message.name === name)?.type
  for (const { legs } of drafts) {
    for (const { versions, message, place } of legs) {
      if (versions === undefined || versions.kind === "any") continue
      const { kind, field } = versions
      const type = find(message)
      const declared = type?.kind === "object" ? type.fields.find(({ name }) => name === field) : undefined
      if (kind === "lacks" && declared !== undefined) {
        report.add("contract/version-field", place, {
          message,
          field,
          problem: "lack",
          help: "name one that it has not",
        })
      }
      if (kind === "has" && (declared === undefined || !declared.required)) {
        const problem = declared === undefined ? "have" : "always have"
        report.add("contract/version-field", place, { message, field, problem, help: "name a required field of it" })
      }
    }
  }
}
