import type { RenderedFile } from "@fleetwire/codegen"
import {
  compareContracts,
  contractBumps,
  type Finding,
  type RuleCode,
  rules,
  sdkBumps,
  type Verdict,
  verdicts,
  type Witness,
} from "@fleetwire/compare"
import { allCases } from "../../packages/compare/test/cases/all-cases.js"
import type { Case } from "../../packages/compare/test/cases/case.js"

/** `index.md`: every rule of the comparison by its code, each with a case that a test executes. */
export function comparisonPage(): RenderedFile {
  const lines = [
    "# Rules of comparison",
    "",
    "What `fleetwire diff` says about each kind of change. The example of each rule is a row of the table that its tests run;",
    "its witness was executed when this page was made. How to read a verdict is in [the handbook](/handbook/evolution).",
    "",
    "## Steps of versions {#versions}",
    "",
    "| verdict | step of the contract's version |",
    "| --- | --- |",
    ...verdicts.map((verdict) => `| ${verdict} | ${contractBumps[verdict]} |`),
    "",
    "A major step makes the versions refuse each other at MQTT 5 (W-7): right where they would misread each other, wrong where",
    "only the order of updates matters. What is added and safe is a minor step. Before 1.0.0 a major step is a minor one.",
    "",
    "| who compiles against the SDK finds | step of the SDK's version |",
    "| --- | --- |",
    ...Object.entries(sdkBumps).map(([what, bump]) => `| ${WORDS[what as keyof typeof WORDS]} | ${bump} |`),
    "| another behaviour: `breaks`, `silent` | major |",
    "",
  ]
  for (const [code, { title, meaning, remedy, sdk, ...rest }] of Object.entries(rules).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    lines.push(
      `## ${code} {#${code.replaceAll("/", "-")}}`,
      "",
      "::: v-pre",
      `**${title}.** ${meaning}`,
      "",
      `What helps: ${remedy}`,
      "",
    )
    const security = "security" in rest ? " It concerns access: have it reviewed." : ""
    lines.push(`For code that uses the SDK: ${WORDS[sdk]}.${security}`, "")
    lines.push(...exampleOf(code as RuleCode), ":::", "")
  }
  return { path: "index.md", text: `${lines.join("\n").trimEnd()}\n` }
}

const WORDS = { none: "nothing changes", additive: "something more", breaking: "something else: it may not compile" }

function exampleOf(code: RuleCode): readonly string[] {
  const examples = allCases.filter((one) => one.code === code)
  // A case that is not safe says more.
  const example = examples.find(({ want }) => want !== "safe") ?? examples[0]
  if (example === undefined) return []
  const finding = findingOf(example, code)
  if (finding === undefined) return []
  const { verdict, what, breaks, witnesses } = finding
  const [witness] = witnesses
  return [
    `Example: ${example.change}. Verdict **${verdict satisfies Verdict}**: ${span(what)}.`,
    ...(breaks.length === 0 ? [] : ["", `Who breaks: ${breaks.join("; ")}.`]),
    ...(witness === undefined ? [] : ["", ...witnessOf(witness)]),
  ]
}

/** The finding that the case is about, in the comparison with the version before or with an older one. */
function findingOf({ pair: [old, next], earlier = [], options, want }: Case, code: RuleCode): Finding | undefined {
  const found = [old, ...earlier]
    .flatMap((one) => compareContracts(one, next, options).findings)
    .filter((one) => one.code === code)
  return found.find(({ verdict }) => verdict === want) ?? found[0]
}

function witnessOf(witness: Witness): readonly string[] {
  const reader = witness.sender === "old" ? "new" : "old"
  if (witness.kind === "topic")
    return [
      `Witness: the ${witness.sender} version publishes to ${span(witness.topic)}, the ${reader} one listens to ${span(witness.filter)}: ${witness.outcome}, ${witness.result}.`,
    ]
  return [
    `Witness (${witness.format}): the ${witness.sender} version sends ${span(witness.value)}; the ${reader} one ${witness.outcome === "refused" ? "refuses" : "misreads"} it: ${span(witness.result)}.`,
  ]
}

/** A code span around text that may hold backticks. */
function span(text: string): string {
  let mark = "`"
  while (text.includes(mark)) mark += "`"
  const pad = mark.length > 1 ? " " : ""
  return `${mark}${pad}${text}${pad}${mark}`
}
