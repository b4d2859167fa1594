import type { ContractIr } from "@fleetwire/ir"
import type { MqttVersion } from "./compare-options.js"
import type { Finding, Witness } from "./finding.js"
import { type RuleCode, ruleOf } from "./rules.js"
import type { Verdict } from "./verdict.js"

/** What every comparison beside that of payloads sees. */
export interface Scope {
  readonly old: ContractIr
  readonly new: ContractIr
  readonly mqtt: { readonly old: MqttVersion; readonly new: MqttVersion }
}

/** A change of something that is no payload, with the verdict that its rule gives. */
export interface ChannelChange {
  readonly code: RuleCode
  readonly path: string
  readonly what: string
  readonly verdict: Verdict
  /** Who breaks, a sentence each. */
  readonly breaks?: readonly string[]
  readonly witnesses?: readonly Witness[]
}

/** A change as a finding. */
export function toFinding({ code, path, what, verdict, breaks, witnesses }: ChannelChange): Finding {
  return {
    code,
    verdict,
    path,
    what,
    breaks: breaks ?? (verdict === "safe" ? [] : [breaksBy(verdict)]),
    remedy: ruleOf(code).remedy,
    witnesses: witnesses ?? [],
  }
}

function breaksBy(verdict: Verdict): string {
  switch (verdict) {
    case "controllers first":
      return "old controllers with new devices"
    case "devices first":
      return "old devices with new controllers"
    case "silent":
      return "old and new together, with nothing refused"
    default:
      return "old and new together, in either order"
  }
}
