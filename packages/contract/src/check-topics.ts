import { refuseParam, type Template, templatesOverlap } from "@fleetwire/topic"
import type { ChannelDraft } from "./channel-draft.js"
import type { CheckScope } from "./check-scope.js"
import type { LegDraft } from "./lower-leg.js"
import { TemplateTree } from "./template-tree.js"

/** Params that are missing, unused or ambiguous, and templates that one topic fits (T-5). */
export function checkTopics(scope: CheckScope): void {
  checkParams(scope)
  for (const draft of scope.drafts) {
    checkDevice(draft, scope)
    checkReplyParams(draft, scope)
  }
  checkOverlaps(scope)
}

function checkParams({ ir, drafts, templates, report, paramPlace }: CheckScope): void {
  const used = new Set(drafts.flatMap(({ legs }) => legs.flatMap(({ topic }) => templates.get(topic)?.params ?? [])))
  for (const { name, reserved, examples } of ir.params) {
    const place = paramPlace(name)
    if (!used.has(name)) report.add("contract/param-unused", place, { param: name })
    const spec = templates.specs.find((candidate) => candidate.name === name)
    for (const value of examples ?? []) {
      const refused = refuseParam(name, value, spec)
      if (refused !== undefined) {
        report.add("contract/param-value", place, {
          what: "example",
          value,
          problem: refused.message.slice(name.length + 2),
        })
      }
    }
    for (const value of reserved) {
      const refused = refuseParam(name, value)
      if (refused !== undefined) {
        report.add("contract/param-value", place, {
          what: "reserved value",
          value,
          problem: refused.message.slice(name.length + 2),
        })
      }
    }
  }
}

/** Whose message a topic carries must be seen in it. */
function checkDevice({ kind, legs, accept }: ChannelDraft, { ir, templates, report }: CheckScope): void {
  const { param } = ir.device
  const stream = kind === "telemetry" || kind === "event" || kind === "state"
  for (const { name, from, topic, place } of legs) {
    const template = templates.get(topic)
    if (template === undefined) continue
    const named = template.params.includes(param)
    const forAll = name === "fleet" || (kind === "broadcast" && name === "request")
    if (forAll && named) report.add("contract/topic-with-device", place, { topic, param, what: forAllWords(kind) })
    // Controllers may say things of no device: an alert monitor's summary, a clock.
    if (!forAll && !named && !(stream && from === "controller")) {
      report.add("contract/topic-no-device", place, { topic, param }, accept)
    }
  }
}

function forAllWords(kind: ChannelDraft["kind"]): string {
  return kind === "config" ? "a fleet's config" : "a broadcast"
}

function checkReplyParams(draft: ChannelDraft, { ir, templates, report }: CheckScope): void {
  const request = draft.legs.find(({ name }) => name === "request")
  if (request === undefined || !("command" in draft.rest)) return
  const back = draft.rest.command.correlate.reply
  const known = templates.get(request.topic)?.params ?? []
  for (const answer of draft.legs.filter(({ name }) => name === "reply" || name === "progress")) {
    const params = templates.get(answer.topic)?.params ?? []
    for (const param of params) {
      const correlated = "param" in back && back.param === param
      const device = draft.kind === "broadcast" && param === ir.device.param
      if (!known.includes(param) && !correlated && !device) {
        report.add("contract/reply-params", answer.place, { topic: answer.topic, param })
      }
    }
    if (answer.name === "progress" && "param" in back && !params.includes(back.param)) {
      report.add("contract/correlate-param", answer.place, { param: back.param, topic: answer.topic })
    }
  }
}

interface Used {
  readonly draft: ChannelDraft
  readonly leg: LegDraft
  readonly template: Template
}

function checkOverlaps(scope: CheckScope): void {
  const { drafts, templates } = scope
  const used: Used[] = drafts.flatMap((draft) =>
    draft.legs.flatMap((leg) => {
      const template = templates.get(leg.topic)
      return template === undefined ? [] : [{ draft, leg, template }]
    }),
  )
  const tree = new TemplateTree<Used>()
  for (const one of used) {
    for (const peer of tree.candidates(one.template)) checkPair(peer, one, scope)
    tree.add(one.template, one)
  }
  const admits = (param: string, literal: string) =>
    refuseParam(
      param,
      literal,
      templates.specs.find(({ name }) => name === param),
    ) === undefined
  for (const one of used) {
    for (const { param, literal, value } of tree.beside(one.template, admits)) {
      // Either channel may accept it.
      const accept = value.draft.accept.has(ADMITS) ? value.draft.accept : one.draft.accept
      scope.report.add(ADMITS, scope.paramPlace(param), { param, literal, other: value.leg.topic }, accept)
    }
  }
}

/** A device could have that name, and would then speak, or be spoken to, where something else is meant. */
const ADMITS = "contract/param-admits-literal"

function checkPair(a: Used, b: Used, scope: CheckScope): void {
  const { templates, report } = scope
  const disjoint = (left: string, right: string) => templates.common(left, right) === undefined
  if (!templatesOverlap(a.template, b.template, templates.specs, disjoint)) return
  if (shares(a, b) || shares(b, a)) return
  // A param beside a literal is reported as such, whatever follows.
  if (a.template.levels.some(({ kind }, index) => kind !== b.template.levels[index]!.kind)) return
  const accept = b.draft.accept.has("contract/topic-overlap") ? b.draft.accept : a.draft.accept
  const values = {
    first: b.leg.topic,
    second: a.leg.topic,
    other: `${a.draft.name}.${a.leg.name}`,
    witness: witness(b.template, a.template, scope),
  }
  report.add("contract/topic-overlap", b.leg.place, values, accept)
}

/** A broadcast that stands for a command answers on the command's reply topic. */
function shares(a: Used, b: Used): boolean {
  return (
    "as" in a.draft.rest &&
    a.draft.rest.as === b.draft.name &&
    a.leg.name === "reply" &&
    b.leg.name === "reply" &&
    a.leg.topic === b.leg.topic
  )
}

/** A topic that fits both templates. */
function witness(a: Template, b: Template, { ir, templates }: CheckScope): string {
  return a.levels
    .map((level, index) => {
      const other = b.levels[index]!
      if (level.kind === "literal") return level.text
      if (other.kind === "literal") return other.text
      const example = ir.params.find(({ name }) => name === level.name)?.examples?.[0]
      return (level.name === other.name ? example : undefined) ?? templates.common(level.name, other.name)
    })
    .join("/")
}
