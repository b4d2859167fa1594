import { maxEncodedBytes } from "@fleetwire/ir"
import { article } from "./channel-words.js"
import type { CheckScope } from "./check-scope.js"
import { longestTopic } from "./check-style.js"

/** More often than this, what each message costs is a matter of the broker and of the radio. */
const OFTEN_MS = 1_000
/** Octets of JSON below which another format saves little. */
const SMALL = 64

/** What a channel costs that says more than one message a second. */
export function checkCost(scope: CheckScope): void {
  const { ir, drafts, templates, report } = scope
  if (scope.recursive) return
  for (const { kind, legs, accept, rest } of drafts) {
    const leg = legs[0]
    if (leg === undefined || rest.everyMs === undefined || rest.everyMs >= OFTEN_MS) continue
    const rate = Math.round(10_000 / rest.everyMs) / 10
    if (leg.retain) report.add("cost/stored-often", leg.place, { kind: article(kind), rate }, accept)
    if (leg.qos > 0 && kind === "telemetry") {
      report.add("cost/acknowledged-often", leg.place, { qos: leg.qos, rate, packets: leg.qos === 1 ? 2 : 4 }, accept)
    }
    const worst = maxEncodedBytes(ir, leg.message, leg.sends)
    const template = templates.get(leg.topic)
    if (worst === undefined || template === undefined) continue
    const topic = longestTopic(template, scope)
    if (topic > worst) report.add("cost/topic-outweighs", leg.place, { topic, worst, rate }, accept)
    const shorter = leg.accepts.find((format) => format === "protobuf") ?? leg.accepts.find((one) => one === "compact")
    const structured = ir.messages.find(({ name }) => name === leg.message)?.type.kind === "object"
    if (leg.sends === "json" && structured && worst > SMALL) {
      const help =
        shorter === undefined
          ? 'declare a shorter one: `formats: ["json", "protobuf"], sends: "protobuf"`'
          : `write \`sends: "${shorter}"\``
      report.add("cost/json-often", leg.place, { rate, worst, help }, accept)
    }
  }
}
