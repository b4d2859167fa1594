import type { ContractIr } from "@fleetwire/ir"
import { type ChannelChange, type Scope, toFinding } from "./channel-change.js"
import { compareChannels } from "./compare-channels.js"
import { compareDelivery } from "./compare-delivery.js"
import { compareFormats } from "./compare-formats.js"
import type { CompareOptions, MqttVersion } from "./compare-options.js"
import { compareParams } from "./compare-params.js"
import { PayloadComparison } from "./compare-payload.js"
import { compareConnections, compareRoles } from "./compare-roles.js"
import { compareSize } from "./compare-size.js"
import { compareTopics } from "./compare-topics.js"
import type { Finding } from "./finding.js"
import { type LegPair, pairChannels, pairLegs } from "./pair-legs.js"
import { overallVerdict, type Verdict, verdicts } from "./verdict.js"

/** What the change from one version of a contract to another means. */
export interface Comparison {
  readonly old: ContractIr
  readonly new: ContractIr
  /** Of everything together: two findings that need opposite orders leave none. */
  readonly verdict: Verdict
  /** Worst first. */
  readonly findings: readonly Finding[]
}

/** Compares two versions of a contract. Pure: the same in, the same out. */
export function compareContracts(old: ContractIr, next: ContractIr, options: CompareOptions = {}): Comparison {
  const scope: Scope = { old, new: next, mqtt: mqttOf(options) }
  const channels = pairChannels(old, next)
  const pairs = channels.pairs.flatMap((pair) => pairLegs(pair))
  const legs = pairs.filter((pair) => pair.old.leg.from === pair.new.leg.from)
  const payloads = new PayloadComparison({ old, new: next })
  const findings: Finding[] = []
  const add = (changes: readonly ChannelChange[]) => findings.push(...changes.map(toFinding))
  add(compareWhole(pairs, scope))
  add(compareChannels(channels))
  for (const pair of legs) {
    const moved = channels.pairs.some(
      ({ new: channel, kinship }) => channel === pair.new.channel && kinship === "moved",
    )
    if (!moved) add(compareTopics(pair, scope))
    add(compareDelivery(pair))
    add(compareFormats(pair, scope))
    add(messageRename(pair))
    const changes = payloads.findings(pair)
    findings.push(...changes)
    add(compareSize(pair, scope, changes.length === 0))
  }
  add(compareParams(legs, scope))
  add(compareRoles(legs, scope))
  const sorted = findings.sort(byWeight)
  return { old, new: next, verdict: overallVerdict(sorted.map(({ verdict }) => verdict)), findings: sorted }
}

function mqttOf({ mqtt = "any" }: CompareOptions): { readonly old: MqttVersion; readonly new: MqttVersion } {
  return typeof mqtt === "string" ? { old: mqtt, new: mqtt } : mqtt
}

/** The contract as a whole: its name, its version, its device, the protocol of its fleet. */
function compareWhole(legs: readonly LegPair[], scope: Scope): readonly ChannelChange[] {
  const { old, new: next, mqtt } = scope
  const found: ChannelChange[] = []
  const add = (code: ChannelChange["code"], path: string, what: string, verdict: Verdict) =>
    found.push({ code, path, what, verdict })
  if (old.name !== next.name) add("contract/name-changed", "name", `${old.name} became ${next.name}`, "breaks")
  if (old.version !== next.version) {
    const major = (ir: ContractIr) => Number.parseInt(ir.version, 10)
    const shared = legs.some((pair) => pair.old.leg.topic === pair.new.leg.topic)
    // Only MQTT 5 carries the version, as a parameter of Content Type.
    const told = mqtt.old !== "3.1.1" && mqtt.new !== "3.1.1"
    const refused = major(old) !== major(next) && shared && told
    const what = `${old.version} became ${next.version}`
    add(refused ? "contract/major-changed" : "contract/version-changed", "version", what, refused ? "breaks" : "safe")
  }
  if (old.doc !== next.doc) add("contract/annotation-changed", "doc", "what is said about the contract changed", "safe")
  if (old.device.param !== next.device.param)
    add("device/identity-changed", "device", `${old.device.param} became ${next.device.param}`, "breaks")
  if (mqtt.old !== "3.1.1" && mqtt.new === "3.1.1") {
    const needs = legs.filter(({ old: { leg } }) => leg.expiryMs !== undefined || leg.accepts.length > 1)
    if (needs.length === 0) add("fleet/protocol-lowered", "fleet", "nothing here needs a property", "safe")
    for (const { new: one } of needs) {
      const what = one.leg.expiryMs === undefined ? "needs the Content Type" : "needs the expiry"
      add("fleet/protocol-lowered", `channels.${one.id}`, what, "breaks")
    }
  }
  return [...found, ...compareConnections(old.device, next.device, "device")]
}

function messageRename({ old, new: next }: LegPair): readonly ChannelChange[] {
  if (old.leg.message === next.leg.message) return []
  const what = `${old.leg.message} became ${next.leg.message}`
  return [{ code: "message/renamed", path: `channels.${next.id}`, what, verdict: "safe" }]
}

function byWeight(a: Finding, b: Finding): number {
  return weight(b.verdict) - weight(a.verdict) || compare(a.path, b.path) || compare(a.code, b.code)
}

function weight(verdict: Verdict): number {
  return verdicts.indexOf(verdict)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
