import {
  type ContractIr,
  commonMatch,
  compilePattern,
  type LegIr,
  type ParamIr,
  type VersionRuleIr,
} from "@fleetwire/ir"
import { type Level, parseTemplate, refuseParam } from "@fleetwire/topic"
import { type Diagnostic, Report } from "./diagnostic.js"
import { paramSpec } from "./templates.js"

/** A leg with what it is called and where its topics are. */
interface NamedLeg {
  readonly id: string
  readonly leg: LegIr
  readonly levels: readonly Place[]
}

/** One level of a topic: a literal, or a param with what it admits. */
type Place = string | ParamIr

/**
 * Whether two contracts, or two versions of one, can stand beside each other on one broker (W-7): wherever they share a
 * topic, both must say how their payloads are told apart, and their rules must leave each payload to one of them, or to both
 * on purpose. Diagnostics concern the first.
 */
export function checkBeside(one: ContractIr, other: ContractIr): readonly Diagnostic[] {
  const report = new Report()
  const others = legsOf(other)
  for (const mine of legsOf(one)) {
    for (const theirs of others) {
      if (!topicsMeet(mine.levels, theirs.levels)) continue
      const values = {
        leg: `${mine.id} of ${one.name} ${one.version}`,
        other: `${theirs.id} of ${other.name} ${other.version}`,
        topic: mine.leg.topic,
      }
      const where = { path: `channels.${mine.id}` }
      const { versions: rule } = mine.leg
      const { versions: answer } = theirs.leg
      if (rule === undefined || answer === undefined) {
        const silent = [...(rule === undefined ? [values.leg] : []), ...(answer === undefined ? [values.other] : [])]
        report.add("compose/untold", where, { ...values, silent: silent.join(" and ") })
      } else if (!complementary(rule, answer)) {
        report.add("compose/rules-disagree", where, { ...values, rule: words(rule), answer: words(answer) })
      }
    }
  }
  return report.finish()
}

/** Every payload is somebody's; one that is both's is so because one of them says `any`. */
function complementary(rule: VersionRuleIr, answer: VersionRuleIr): boolean {
  if (rule.kind === "any" || answer.kind === "any") return true
  return rule.field === answer.field && rule.kind !== answer.kind
}

function words(rule: VersionRuleIr): string {
  return rule.kind === "any" ? "any" : `${rule.kind} ${rule.field}`
}

function legsOf(ir: ContractIr): readonly NamedLeg[] {
  return ir.channels.flatMap((channel) =>
    // The replies to a broadcast that a command serves are that command's.
    (channel.kind === "broadcast" && channel.as !== undefined
      ? channel.legs.filter(({ name }) => name !== "reply")
      : channel.legs
    ).flatMap((leg) => {
      const template = parseTemplate(leg.topic)
      const place = (level: Level): Place =>
        level.kind === "literal" ? level.text : ir.params.find(({ name }) => name === level.name)!
      return template.ok ? [{ id: `${channel.name}.${leg.name}`, leg, levels: template.value.levels.map(place) }] : []
    }),
  )
}

/** Whether one topic fits both; params of the two contracts are two params, whatever they are called. */
function topicsMeet(mine: readonly Place[], theirs: readonly Place[]): boolean {
  if (mine.length !== theirs.length) return false
  return mine.every((left, index) => {
    const right = theirs[index]!
    if (typeof left === "string") return typeof right === "string" ? left === right : admits(right, left)
    return typeof right === "string" ? admits(left, right) : sharesValue(left, right)
  })
}

function admits(param: ParamIr, literal: string): boolean {
  return refuseParam(param.name, literal, paramSpec(param)) === undefined
}

function sharesValue(left: ParamIr, right: ParamIr): boolean {
  if (left.pattern === undefined || right.pattern === undefined) return true
  const [a, b] = [compilePattern(left.pattern), compilePattern(right.pattern)]
  return !a.ok || !b.ok || commonMatch(a.value, b.value) !== undefined
}
