import type { ContractIr, Format } from "@fleetwire/ir"
import { compareMessages } from "./compare-message.js"
import { describeWitness } from "./describe-witness.js"
import type { Finding, PayloadWitness } from "./finding.js"
import { type Outcomes, verdictOf, whatKeepsOld, whoBreaks } from "./judge-leg.js"
import { type Direction, type Outcome, worstOutcome } from "./outcome.js"
import type { LegPair } from "./pair-legs.js"
import type { PayloadChange } from "./payload-change.js"
import { ruleOf } from "./rules.js"
import { findWitness } from "./witness/find-witness.js"

/** Differences of messages, found once however many legs carry them. */
export class PayloadComparison {
  readonly #known = new Map<string, readonly PayloadChange[]>()

  constructor(readonly contracts: { readonly old: ContractIr; readonly new: ContractIr }) {}

  /** Every change between the messages of a leg, judged in each format that both versions accept. */
  findings(pair: LegPair): readonly Finding[] {
    return this.changes(pair).map((change) => this.#judge(change, pair))
  }

  /** Every change between the messages of a leg. */
  changes({ old, new: next }: LegPair): readonly PayloadChange[] {
    const key = `${old.leg.message} ${next.leg.message}`
    let changes = this.#known.get(key)
    if (changes === undefined) {
      changes = compareMessages(this.contracts, { old: old.leg.message, new: next.leg.message })
      this.#known.set(key, changes)
    }
    return changes
  }

  #judge(change: PayloadChange, pair: LegPair): Finding {
    const { old, new: next } = pair
    const formats = commonFormats(pair)
    const supposed: Outcomes = {
      forward: worstOutcome(formats.map((format) => change.judge("forward", format))),
      backward: worstOutcome(formats.map((format) => change.judge("backward", format))),
    }
    const harmless = supposed.forward === "ok" && supposed.backward === "ok"
    const witnesses = harmless ? [] : this.#witnesses(change, pair, formats)
    const outcomes: Outcomes = {
      forward: provenOutcome(change, supposed.forward, "old", witnesses),
      backward: provenOutcome(change, supposed.backward, "new", witnesses),
    }
    const kept = whatKeepsOld(this.contracts.old, old.id, old.leg)
    const verdict = verdictOf(outcomes, next.leg.from, kept !== undefined)
    const inside = change.at.new.map((step) => `/${step}`).join("")
    return {
      code: change.code,
      verdict,
      path: `channels.${next.id}${inside}`,
      what: change.what,
      breaks: whoBreaks(outcomes, next.leg.from, kept),
      remedy: ruleOf(change.code).remedy,
      witnesses: verdict === "safe" ? [] : witnesses,
    }
  }

  #witnesses(
    change: PayloadChange,
    { old, new: next }: LegPair,
    formats: readonly Format[],
  ): readonly PayloadWitness[] {
    const found: PayloadWitness[] = []
    const side = (ir: ContractIr, leg: typeof old.leg) => ({ ir, message: leg.message, maxBytes: leg.maxBytes })
    for (const format of formats)
      for (const direction of ["forward", "backward"] as const) {
        const expected: Outcome = change.judge(direction, format)
        if (expected === "ok" || expected === "unknown") continue
        const sides = { old: side(this.contracts.old, old.leg), new: side(this.contracts.new, next.leg), format }
        const sighting = findWitness(change, direction as Direction, expected, sides)
        if (sighting !== undefined) found.push(describeWitness(sighting, { format, direction, units: change.units }))
      }
    return found
  }
}

/** What is only supposed is not claimed where no message shows it: then nobody can say. */
function provenOutcome(
  { supposed }: PayloadChange,
  outcome: Outcome,
  sender: PayloadWitness["sender"],
  witnesses: readonly PayloadWitness[],
): Outcome {
  const shown = supposed !== true || outcome !== "refused" || witnesses.some((witness) => witness.sender === sender)
  return shown ? outcome : "unknown"
}

/** Formats in which one version may send and the other one reads. */
export function commonFormats({ old, new: next }: LegPair): readonly Format[] {
  return old.leg.accepts.filter((format) => next.leg.accepts.includes(format))
}
