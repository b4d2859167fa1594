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
      checkRootAndVersion(template, leg)
      const count = template.levels.length
      if (count < DEPTH.least || count > DEPTH.most) {
        const advice = count < DEPTH.least ? "say the domain and the device first" : "fold levels together"
        report.add("style/topic-depth", leg.place, { topic: leg.topic, count, advice }, accept)
      }
      const longest = longestTopic(template, scope)
      if (longest >= LENGTH) report.add("style/topic-length", leg.place, { topic: leg.topic, count: longest }, accept)

      function checkRootAndVersion({ levels, text: topic }: Template, { place }: LegDraft): void {
        if (levels[0]!.kind === "param") {
          report.add("style/topic-root", place, { topic, param: levels[0]!.name, name: scope.ir.name }, accept)
        }
        const major = Number.parseInt(scope.ir.version, 10)
        for (const level of levels) {
          const said = level.kind === "literal" ? /^v(\d+)$/.exec(level.text)?.[1] : undefined
          if (said !== undefined && Number(said) !== major) {
            report.add("style/topic-version", place, { topic, level: `v${said}`, major }, accept)
          }
        }
      }

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
  checkDeviceLevel(scope)
}

/** Rules of brokers are prefixes and wildcards by level: a device is found by one where its name always stands at the same. */
function checkDeviceLevel({ drafts, templates, report, ir }: CheckScope): void {
  const { param } = ir.device
  const places = drafts.flatMap(({ legs, accept }) =>
    legs.flatMap((leg) => {
      const levels = templates.get(leg.topic)?.levels ?? []
      const at = levels.findIndex((level) => level.kind === "param" && level.name === param)
      return at < 0 ? [] : [{ leg, accept, at: at + 1 }]
    }),
  )
  const counts = new Map<number, number>()
  for (const { at } of places) counts.set(at, (counts.get(at) ?? 0) + 1)
  const [usual] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] ?? []
  for (const { leg, accept, at } of places) {
    if (at === usual || usual === undefined) continue
    report.add("style/topic-device-level", leg.place, { topic: leg.topic, param, at, usual }, accept)
  }
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

/** Characters of the longest topic of a template. */
export function longestTopic({ levels }: Template, { ir }: CheckScope): number {
  const lengths = levels.map((level) =>
    level.kind === "param"
      ? (ir.params.find(({ name }) => name === level.name)?.maxLength ?? 0)
      : [...level.text].length,
  )
  return lengths.reduce((total, length) => total + length + 1, -1)
}
