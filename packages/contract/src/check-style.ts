import type { Template } from "@fleetwire/topic"
import type { CheckScope } from "./check-scope.js"
import type { LegDraft } from "./lower-leg.js"
import { kebabCase, latin } from "./words.js"

const DEPTH = { least: 3, most: 5 }
const LENGTH = 200
/** Words that end in `s` and name one thing. */
const SINGULAR = /(ss|us|is|os|gps|ics|news|series|species|lens|canvas|bias|gas|bus|dns|https?|tls|sms)$/

/** The topic style that contracts are checked against: warnings, each acceptable with a reason. */
export function checkStyle(scope: CheckScope): void {
  const { report, drafts } = scope
  for (const { legs, accept } of drafts) {
    for (const leg of legs) {
      const template = scope.templates.get(leg.topic)
      if (template === undefined) continue
      checkLevels(template, leg)
      const count = template.levels.length
      if (count < DEPTH.least || count > DEPTH.most) {
        const advice = count < DEPTH.least ? "say the domain and the device first" : "fold levels together"
        report.add("style/topic-depth", leg.place, { topic: leg.topic, count, advice }, accept)
      }
      const longest = longestTopic(template, scope)
      if (longest >= LENGTH) report.add("style/topic-length", leg.place, { topic: leg.topic, count: longest }, accept)

      function checkLevels({ levels, text: topic }: Template, { place }: LegDraft): void {
        for (const level of levels) {
          if (level.kind === "param") continue
          const { text: literal } = level
          const proposal = kebabCase(latin(literal))
          if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(literal)) {
            report.add("style/topic-case", place, { level: literal, topic, proposal: proposal || "a word" }, accept)
          } else if (literal !== scope.ir.name && /[a-z]{2}s$/.test(literal) && !SINGULAR.test(literal)) {
            report.add(
              "style/topic-plural",
              place,
              { level: literal, topic, proposal: literal.replace(/s$/, "") },
              accept,
            )
          }
        }
      }
    }
  }
  checkEqualDepth(scope)
}

/** Streams of one kind under one prefix are equal things, and have equal depth. */
function checkEqualDepth({ drafts, templates, report, ir }: CheckScope): void {
  const groups = new Map<
    string,
    { readonly leg: LegDraft; readonly depth: number; readonly accept: (typeof drafts)[number]["accept"] }[]
  >()
  for (const { kind, legs, accept } of drafts) {
    if (kind !== "telemetry" && kind !== "event" && kind !== "state") continue
    const leg = legs[0]!
    const levels = templates.get(leg.topic)?.levels
    const device = levels?.findIndex((level) => level.kind === "param" && level.name === ir.device.param) ?? -1
    if (levels === undefined || levels.length < device + 3) continue
    const prefix = levels
      .slice(0, device + 2)
      .map((level) => (level.kind === "param" ? `{${level.name}}` : level.text))
      .join("/")
    const key = `${kind} ${prefix}`
    groups.set(key, [...(groups.get(key) ?? []), { leg, depth: levels.length, accept }])
  }
  for (const [key, members] of groups) {
    const least = Math.min(...members.map(({ depth }) => depth))
    for (const { leg, depth, accept } of members) {
      if (depth === least) continue
      const prefix = key.slice(key.indexOf(" ") + 1)
      report.add("style/topic-equal-depth", leg.place, { topic: leg.topic, count: depth, prefix, least }, accept)
    }
  }
}

function longestTopic({ levels }: Template, { ir }: CheckScope): number {
  const lengths = levels.map((level) =>
    level.kind === "param"
      ? (ir.params.find(({ name }) => name === level.name)?.maxLength ?? 0)
      : [...level.text].length,
  )
  return lengths.reduce((total, length) => total + length + 1, -1)
}
