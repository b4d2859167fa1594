import { bumpsOf, type Comparison, verdictWords } from "@fleetwire/compare"

/** A changeset for the packages that are generated from a contract, with the step that the comparison asks for. */
export function sdkChangeset(comparison: Comparison, packages: readonly string[]): string {
  const { old, new: next, findings } = comparison
  const { sdk } = bumpsOf(findings, old.version)
  const step = sdk === "none" ? "patch" : sdk
  const said = findings.map(({ path, what }) => `- \`${path}\`: ${what}`)
  return [
    "---",
    ...packages.map((name) => `${JSON.stringify(name)}: ${step}`),
    "---",
    "",
    `${next.name} ${old.version} became ${next.version}: ${verdictWords(comparison)}.`,
    ...(said.length === 0 ? [] : ["", ...said]),
    "",
  ].join("\n")
}
