import { type ContractIr, findMessage, type LegIr, maxEncodedBytes } from "@fleetwire/ir"
import type { ChannelChange, Scope } from "./channel-change.js"
import { commonFormats } from "./compare-payload.js"
import { describeWitness } from "./describe-witness.js"
import type { PayloadWitness } from "./finding.js"
import { type Outcomes, verdictOf, whatKeepsOld, whoBreaks } from "./judge-leg.js"
import type { LegPair } from "./pair-legs.js"
import { observe } from "./witness/experiment.js"
import { largestValues } from "./witness/largest-values.js"

/** Compares the longest message of each version with what the other one takes. */
export function compareSize(pair: LegPair, scope: Scope, unchanged: boolean): readonly ChannelChange[] {
  const { old, new: next } = pair
  const path = `channels.${next.id}`
  const same = old.leg.maxBytes === next.leg.maxBytes && old.leg.accepts.join() === next.leg.accepts.join()
  if (unchanged && same) return []
  const longest = { old: longestOf(scope.old, old.leg, pair), new: longestOf(scope.new, next.leg, pair) }
  const outcomes: Outcomes = {
    forward: longest.old > next.leg.maxBytes ? "refused" : "ok",
    backward: longest.new > old.leg.maxBytes ? "refused" : "ok",
  }
  if (outcomes.forward === "ok" && outcomes.backward === "ok") {
    if (!unchanged || old.leg.maxBytes === next.leg.maxBytes) return []
    const what = `at most ${old.leg.maxBytes} octets became ${next.leg.maxBytes}`
    return [{ code: "leg/limit-changed", path, what, verdict: "safe" }]
  }
  const kept = whatKeepsOld(scope.old, old.id, old.leg)
  const tooLong = outcomes.backward === "refused"
  const what = tooLong
    ? `up to ${longest.new} octets, and the old version takes ${old.leg.maxBytes}`
    : `up to ${longest.old} octets, and the new version takes ${next.leg.maxBytes}`
  return [
    {
      code: "leg/too-large",
      path,
      what,
      // What grows meets limits that no order of updates changes: of firmware, of the broker, of gateways.
      verdict: tooLong ? "breaks" : verdictOf(outcomes, next.leg.from, kept !== undefined),
      breaks: whoBreaks(outcomes, next.leg.from, kept),
      witnesses: witnessesOf(pair, scope, outcomes),
    },
  ]
}

/** Octets of the longest message that a sender lets out in a format that both know. */
function longestOf(ir: ContractIr, leg: LegIr, pair: LegPair): number {
  const sizes = commonFormats(pair).map(
    (format) => maxEncodedBytes(ir, leg.message, format) ?? Number.POSITIVE_INFINITY,
  )
  return Math.min(Math.max(0, ...sizes), leg.maxBytes)
}

function witnessesOf(pair: LegPair, scope: Scope, outcomes: Outcomes): readonly PayloadWitness[] {
  const found: PayloadWitness[] = []
  for (const direction of ["forward", "backward"] as const) {
    if (outcomes[direction] === "ok") continue
    const side = (which: "old" | "new") => ({
      ir: scope[which],
      message: pair[which].leg.message,
      maxBytes: pair[which].leg.maxBytes,
    })
    const [sender, reader] = direction === "forward" ? [side("old"), side("new")] : [side("new"), side("old")]
    const type = findMessage(sender.ir, sender.message)!.type
    for (const format of commonFormats(pair)) {
      for (const value of largestValues(sender.ir, type)) {
        const seen = observe(sender, reader, format, value)
        if (seen?.outcome !== "refused" || seen.issues[0]?.code !== "too_large") continue
        found.push(describeWitness({ value, seen }, { format, direction }))
        break
      }
    }
  }
  return found
}
