import { type ContractIr, commonMatch, compilePattern, type ParamIr, shortestMatch } from "@fleetwire/ir"
import { filterMatches, formatFilter, type Level, matchTopic, parseTemplate, type Template } from "@fleetwire/topic"
import type { ChannelChange, Scope } from "./channel-change.js"
import { paramText } from "./compare-params.js"
import { admitsText } from "./compare-strings.js"
import type { TopicWitness } from "./finding.js"
import { verdictOf, whoBreaks } from "./judge-leg.js"
import type { LegPair } from "./pair-legs.js"
import type { Verdict } from "./verdict.js"

/** Compares the topics of a leg, level by level. */
export function compareTopics({ old, new: next }: LegPair, scope: Scope): readonly ChannelChange[] {
  if (old.leg.topic === next.leg.topic) return []
  const before = parseTemplate(old.leg.topic)
  const after = parseTemplate(next.leg.topic)
  if (!before.ok || !after.ok) return []
  const path = `channels.${next.id}`
  const what = `${old.leg.topic} became ${next.leg.topic}`
  const witnesses = witnessesOf(before.value, after.value, scope)
  const change = (code: ChannelChange["code"], verdict: Verdict, breaks?: readonly string[]): ChannelChange => ({
    code,
    path,
    what,
    verdict,
    ...(breaks !== undefined && { breaks }),
    witnesses: verdict === "safe" ? [] : witnesses,
  })
  const levels = before.value.levels.map((level, index) => ({ old: level, new: after.value.levels[index] }))
  const moved = levels.some(
    (one) => one.new?.kind === "literal" && one.old.kind === "literal" && one.old.text !== one.new.text,
  )
  if (moved || before.value.levels.length !== after.value.levels.length) return [change("leg/topic-changed", "breaks")]
  const found: ChannelChange[] = []
  const swapped: [string, string][] = []
  for (const { old: from, new: to } of levels) {
    if (to === undefined) continue
    if (from.kind === "literal" && to.kind === "param") {
      const outcomes = {
        forward: admits(scope.new, to.name, from.text) ? "ok" : "refused",
        backward: "refused",
      } as const
      const verdict = verdictOf(outcomes, next.leg.from, false)
      found.push(change("leg/literal-to-param", verdict, whoBreaks(outcomes, next.leg.from, undefined)))
    } else if (from.kind === "param" && to.kind === "literal") found.push(change("leg/param-to-literal", "breaks"))
    else if (from.kind === "param" && to.kind === "param" && from.name !== to.name) swapped.push([from.name, to.name])
  }
  if (swapped.length > 0) found.push(...renames(swapped, before.value, after.value, change, scope))
  return found
}

function renames(
  swapped: readonly [string, string][],
  before: Template,
  after: Template,
  change: (code: ChannelChange["code"], verdict: Verdict) => ChannelChange,
  scope: Scope,
): readonly ChannelChange[] {
  const found: ChannelChange[] = []
  const exchanged = swapped.filter(([from, to]) => after.params.includes(from) || before.params.includes(to))
  if (exchanged.length > 0) {
    // Where no text is both, each version refuses the other's topics; where one is, it names something else.
    const mixed = exchanged.every(([from, to]) => haveCommon(param(scope.old, from), param(scope.new, to)))
    found.push(change("leg/params-swapped", mixed ? "silent" : "breaks"))
  }
  if (swapped.length > exchanged.length) found.push(change("leg/param-renamed", "safe"))
  return found
}

function param(ir: ContractIr, name: string): ParamIr | undefined {
  return ir.params.find((one) => one.name === name)
}

function admits(ir: ContractIr, name: string, text: string): boolean {
  const found = param(ir, name)
  return found === undefined || (admitsText(paramText(found), text) && !found.reserved.includes(text))
}

function haveCommon(a: ParamIr | undefined, b: ParamIr | undefined): boolean {
  if (a?.pattern === undefined || b?.pattern === undefined) return true
  const [one, other] = [compilePattern(a.pattern), compilePattern(b.pattern)]
  return !one.ok || !other.ok || commonMatch(one.value, other.value) !== undefined
}

/** A topic of each version, put to what the other version listens to. */
function witnessesOf(before: Template, after: Template, scope: Scope): readonly TopicWitness[] {
  const see = (sender: "old" | "new", from: Template, to: Template): TopicWitness[] => {
    const [sends, reads] = sender === "old" ? [scope.old, scope.new] : [scope.new, scope.old]
    const topic = sampleTopic(from, sends, sender === "new" ? scope.old : scope.new)
    const made = formatFilter(to)
    const filter = made.ok ? made.value : to.text
    const heard = filterMatches(filter, topic)
    const params = heard ? matchTopic(to, topic) : undefined
    if (!heard || params === undefined) {
      const result = "the other version does not subscribe to it"
      return [{ kind: "topic", sender, topic, filter, outcome: "unheard", result }]
    }
    const refused = Object.entries(params).find(([name, value]) => !admits(reads, name, value))
    if (refused !== undefined) {
      const result = `${refused[0]} does not admit ${JSON.stringify(refused[1])}`
      return [{ kind: "topic", sender, topic, filter, outcome: "refused", result }]
    }
    const meant = matchTopic(from, topic) ?? {}
    if (JSON.stringify(sorted(meant)) === JSON.stringify(sorted(params))) return []
    const kept = Object.keys(meant).filter((name) => Object.hasOwn(params, name))
    if (kept.every((name) => meant[name] === params[name])) return []
    const result = `sent as ${JSON.stringify(meant)}, read as ${JSON.stringify(params)}`
    return [{ kind: "topic", sender, topic, filter, outcome: "misread", result }]
  }
  return [...see("old", before, after), ...see("new", after, before)]
}

/** A topic of a template, with different values for its params. */
function sampleTopic(template: Template, ir: ContractIr, other: ContractIr): string {
  const used = new Set<string>()
  const level = (one: Level): string => {
    if (one.kind === "literal") return one.text
    const found = param(ir, one.name)
    const dfa = found?.pattern === undefined ? undefined : compilePattern(found.pattern)
    const shortest = dfa?.ok ? shortestMatch(dfa.value) : "a"
    const wishes = [...(found?.examples ?? []), shortest ?? "a", `${shortest}b`, `${shortest}${shortest}`, "b", "c"]
    const fits = wishes.filter((wish) => found === undefined || admits(ir, one.name, wish))
    const fresh = fits.filter((wish) => !used.has(wish))
    const shared = fresh.find((wish) => other.params.every((another) => admits(other, another.name, wish)))
    const text = shared ?? fresh[0] ?? fits[0] ?? "a"
    used.add(text)
    return text
  }
  return template.levels.map(level).join("/")
}

function sorted(params: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))
}
