import type { MqttVersion } from "./raw-client.js"
import type { Verdict } from "./run-scenario.js"
import type { Side } from "./scenario.js"
import type { ScenarioResult } from "./verify.js"

/** What became of a clause at one version of MQTT. */
export interface ClauseScore {
  readonly clause: string
  readonly mqtt: MqttVersion
  readonly result: Verdict["kind"]
  /** Ids of the scenarios that say so. */
  readonly scenarios: readonly string[]
  /** Why it is not `pass`. */
  readonly why?: string
}

/** A subject's results, clause by clause. */
export interface ScoreCard {
  readonly contract: string
  readonly side: Side
  readonly clauses: readonly ClauseScore[]
  readonly scenarios: readonly {
    readonly id: string
    readonly title: string
    readonly clauses: readonly string[]
    readonly mqtt: MqttVersion
    readonly ms: number
    readonly verdict: Verdict
  }[]
  readonly sums: Readonly<Record<Verdict["kind"], number>>
}

const CHAPTERS = "ZTWPMCBFSX"
const WEIGHT: readonly Verdict["kind"][] = ["fail", "pass", "not-observable", "not-applicable"]

/** Adds results up: one scenario that fails fails the clause; one that passes shows it where none fails. */
export function scoreCard(contract: string, side: Side, results: readonly ScenarioResult[]): ScoreCard {
  const versions = [...new Set(results.map(({ mqtt }) => mqtt))]
  const clauses = [...new Set(results.flatMap(({ scenario }) => scenario.clauses))].sort(byClause)
  const scores = clauses.flatMap((clause) =>
    versions.flatMap((mqtt): ClauseScore[] => {
      const own = results.filter((each) => each.mqtt === mqtt && each.scenario.clauses.includes(clause))
      const result = WEIGHT.find((kind) => own.some(({ verdict }) => verdict.kind === kind))
      if (result === undefined) return []
      const decisive = own.filter(({ verdict }) => verdict.kind === result)
      const why = decisive.flatMap(({ verdict }) => (verdict.kind === "pass" ? [] : [verdict.why]))[0]
      return [
        {
          clause,
          mqtt,
          result,
          scenarios: decisive.map(({ scenario }) => scenario.id),
          ...(why === undefined ? {} : { why }),
        },
      ]
    }),
  )
  const count = (kind: Verdict["kind"]) => scores.filter(({ result }) => result === kind).length
  return {
    contract,
    side,
    clauses: scores,
    scenarios: results.map(({ scenario, mqtt, ms, verdict }) => ({
      id: scenario.id,
      title: scenario.title,
      clauses: scenario.clauses,
      mqtt,
      ms: Math.round(ms),
      verdict,
    })),
    sums: {
      pass: count("pass"),
      fail: count("fail"),
      "not-applicable": count("not-applicable"),
      "not-observable": count("not-observable"),
    },
  }
}

/** Order of the protocol's pages. */
export function byClause(a: string, b: string): number {
  const place = (clause: string) => CHAPTERS.indexOf(clause[0]!) * 100 + Number(clause.slice(2))
  return place(a) - place(b)
}

/** The card for a terminal: a line for each clause and version, then every failure with its packets. */
export function formatScoreCard(card: ScoreCard): string {
  const lines = card.clauses.map(({ clause, mqtt, result, scenarios, why }) => {
    const words = result === "pass" ? scenarios.join(", ") : why
    return `${clause.padEnd(5)} ${mqtt.padEnd(6)} ${result.replace("-", " ").padEnd(15)} ${words ?? ""}`.trimEnd()
  })
  for (const { id, title, mqtt, verdict } of card.scenarios) {
    if (verdict.kind !== "fail") continue
    lines.push("", `FAIL ${id} at MQTT ${mqtt}: ${title}`, `  step ${verdict.step}: ${verdict.why}`)
    if (verdict.packets.length > 0) lines.push("  on the subject's wire (→ from it, ← to it):")
    lines.push(...verdict.packets.map((packet) => `    ${packet}`))
    if (verdict.lines.length > 0) lines.push("  it wrote:", ...verdict.lines.map((line) => `    ${line}`))
  }
  const { sums } = card
  lines.push(
    "",
    `${card.contract} ${card.side}: ${sums.pass} pass, ${sums.fail} fail, ${sums["not-applicable"]} not applicable, ${sums["not-observable"]} not observable (clause × version)`,
  )
  return `${lines.join("\n")}\n`
}

/** The card as JUnit XML: a suite for each version, a case for each scenario. */
export function formatJunit(card: ScoreCard): string {
  const versions = [...new Set(card.scenarios.map(({ mqtt }) => mqtt))]
  const suites = versions.map((mqtt) => {
    const own = card.scenarios.filter((each) => each.mqtt === mqtt)
    const cases = own.map(({ id, title, clauses, ms, verdict }) => {
      const open = `    <testcase classname="${escapeXml(`${card.contract}.${card.side}.${clauses.join("+")}`)}" name="${escapeXml(`${id}: ${title}`)}" time="${(ms / 1000).toFixed(3)}"`
      if (verdict.kind === "pass") return `${open}/>`
      if (verdict.kind !== "fail")
        return `${open}>\n      <skipped message="${escapeXml(`${verdict.kind}: ${verdict.why}`)}"/>\n    </testcase>`
      const text = escapeXml(verdict.packets.join("\n"))
      return `${open}>\n      <failure message="${escapeXml(`step ${verdict.step}: ${verdict.why}`)}">${text}</failure>\n    </testcase>`
    })
    const failures = own.filter(({ verdict }) => verdict.kind === "fail").length
    const skipped = own.filter(({ verdict }) => verdict.kind.startsWith("not-")).length
    return `  <testsuite name="MQTT ${mqtt}" tests="${own.length}" failures="${failures}" skipped="${skipped}">\n${cases.join("\n")}\n  </testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`
}

function escapeXml(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!
      // XML 1.0 has no other control characters, not even escaped.
      if (code < 0x20 && code !== 0x09 && code !== 0x0a) return `\\x${code.toString(16).padStart(2, "0")}`
      if (code === 0xfffe || code === 0xffff) return "\ufffd"
      return ESCAPES[character] ?? character
    })
    .join("")
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
