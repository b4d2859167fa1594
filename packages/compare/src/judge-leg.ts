import type { ContractIr, LegIr } from "@fleetwire/ir"
import { partiesOf } from "./finding.js"
import type { Direction, Outcome } from "./outcome.js"
import type { Verdict } from "./verdict.js"

/** What becomes of messages in both directions: who sends old to new, and new to old. */
export interface Outcomes {
  readonly forward: Outcome
  readonly backward: Outcome
}

/** The verdict on messages of a leg, whose old ones may still be at the broker. */
export function verdictOf({ forward, backward }: Outcomes, from: LegIr["from"], keepsOld: boolean): Verdict {
  if (forward === "misread" || backward === "misread") return "silent"
  if (keepsOld && forward === "refused") return "breaks"
  if (forward === "unknown" || backward === "unknown") return "unknown"
  const [controllersFirst, devicesFirst] = from === "device" ? [forward, backward] : [backward, forward]
  if (controllersFirst === "ok") return devicesFirst === "ok" ? "safe" : "controllers first"
  return devicesFirst === "ok" ? "devices first" : "breaks"
}

/**
 * Why messages of the old version may meet a reader of the new one after everybody was updated; undefined where they may
 * not. What waits with an expiry is gone once that has passed, so the order of updates takes care of it.
 */
export function whatKeepsOld(ir: ContractIr, id: string, leg: LegIr): string | undefined {
  if (leg.retain) return "retained at the broker"
  if (leg.expiryMs !== undefined) return undefined
  if (leg.outbox.durable) return "stored in a durable outbox"
  if (leg.qos === 0) return undefined
  const readers = leg.from === "controller" ? [ir.device] : ir.roles.filter((role) => role.read.includes(id))
  return readers.some(({ session }) => session.kind === "persistent") ? "queued for persistent sessions" : undefined
}

/** Who breaks, in sentences. */
export function whoBreaks(outcomes: Outcomes, from: LegIr["from"], kept: string | undefined): readonly string[] {
  const said = (direction: Direction): string[] => {
    const outcome = outcomes[direction]
    if (outcome === "ok") return []
    const { sender, reader } = partiesOf(from, direction)
    if (outcome === "unknown")
      return [
        `nobody can say whether ${reader} refuse something that ${sender} send: none was found, and it is not proven that there is none`,
      ]
    return [`${reader} ${outcome === "refused" ? "refuse" : "misread or lose"} what ${sender} send`]
  }
  const old = kept !== undefined && outcomes.forward !== "ok" ? [`and what is ${kept} from before`] : []
  return [...said("forward"), ...old, ...said("backward")]
}
