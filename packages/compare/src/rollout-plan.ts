import { contractLegs } from "@fleetwire/ir"
import type { Comparison } from "./compare-contracts.js"
import type { Finding } from "./finding.js"
import { isWorse, type Verdict } from "./verdict.js"

/** A written plan of how to bring the new version out, in Markdown: in which order, what to wait for, what to clear. */
export function rolloutPlan(comparison: Comparison): string {
  const { old, new: next, findings } = comparison
  const open = findings.filter((finding) => finding.verdict !== "safe")
  const lines = [
    `# ${next.name}: from ${old.version} to ${next.version}`,
    "",
    `Verdict: **${verdictWords(comparison)}**. ${meaningFor(comparison)}`,
    "",
    "## Steps",
    "",
    ...stepsOf(comparison).map((step, index) => `${index + 1}. ${step}`),
    "",
  ]
  if (open.length > 0) lines.push("## Why", "", ...open.map(reasonOf), "")
  return lines.join("\n")
}

/** The verdict, and before it the worst that was accepted: that is as it is, whoever accepts it. */
export function verdictWords({ verdict, findings }: Comparison): string {
  const worst = worstAccepted(findings)
  return worst === undefined ? verdict : `${worst}, accepted; the rest is ${verdict}`
}

/** What a comparison says of the order of updates. What was accepted happens in every order. */
export function meaningFor({ verdict, findings }: Comparison): string {
  const worst = worstAccepted(findings)
  if (worst === undefined) return meaningOf(verdict)
  const count = findings.filter(isHeavy).length
  const what = count === 1 ? "What was accepted happens" : `The ${count} changes that were accepted happen`
  return `${what} in whatever order updates come. For the rest: ${meaningOf(verdict)}`
}

/** Accepted, and would not have passed. */
function isHeavy({ verdict, accepted }: Finding): boolean {
  return accepted !== undefined && ["devices first", "unknown", "breaks", "silent"].includes(verdict)
}

function worstAccepted(findings: readonly Finding[]): Verdict | undefined {
  return findings
    .filter(isHeavy)
    .reduce<Verdict | undefined>(
      (most, one) => (most === undefined || isWorse(one.verdict, most) ? one.verdict : most),
      undefined,
    )
}

/** What a verdict says of the order of updates, in a sentence. */
export function meaningOf(verdict: Verdict): string {
  switch (verdict) {
    case "safe":
      return "Devices and controllers may be updated in any order."
    case "controllers first":
      return "Every controller is updated before the first device."
    case "devices first":
      return "Every device is updated before the first controller."
    case "unknown":
      return "Nobody can say whether the versions understand each other. Find out before anything is updated."
    case "breaks":
      return "No single order of updates keeps everything working. What breaks has to be taken apart first."
    case "silent":
      return "Something would be misread or lost, and nothing would refuse it. Do not release this as it is."
  }
}

function stepsOf(comparison: Comparison): readonly string[] {
  const { old, new: next, verdict, findings } = comparison
  const blocking = findings.filter(
    (finding) => finding.accepted === undefined && ["unknown", "breaks", "silent"].includes(finding.verdict),
  )
  const steps: string[] = []
  for (const { path, what, remedy } of blocking) steps.push(`Before release, \`${path}\` (${what}): ${remedy}`)
  const opposed = ["controllers first", "devices first"].every((order) => findings.some((one) => one.verdict === order))
  if (opposed) {
    const first = findings.filter((one) => one.verdict === "devices first").map(({ path }) => `\`${path}\``)
    steps.push(
      `Release in two versions: the first with all but ${first.join(", ")}, controllers first; the second with these, devices first.`,
    )
  }
  if (blocking.length > 0) {
    steps.push("Compare again. Go on only when the verdict is safe, controllers first or devices first.")
    return steps
  }
  for (const { path, what, accepted } of findings.filter(isHeavy))
    steps.push(`Before release, see that this still holds for \`${path}\` (${what}): ${accepted}.`)
  const roles = next.roles.map(({ name }) => name).join(", ") || "every role"
  const controllers = `Update every controller (${roles}) to ${next.version}; check that none of ${old.version} is left.`
  const devices = `Update devices to ${next.version}, a few first; watch the count of invalid messages of both sides.`
  const wait = waitOf(comparison)
  if (verdict === "devices first") steps.push(devices, ...wait, controllers)
  else steps.push(controllers, ...wait, devices)
  steps.push(...clearings(comparison))
  steps.push(`Keep ${old.version} among the released versions until no device of it is left.`)
  return steps
}

/** What waits at the broker has to be gone before the second half is updated. */
function waitOf({ old, findings }: Comparison): readonly string[] {
  if (!findings.some(({ verdict }) => verdict !== "safe")) return []
  const expiries = contractLegs(old).flatMap(({ leg }) => (leg.expiryMs === undefined ? [] : [leg.expiryMs]))
  const longest = Math.max(0, ...expiries)
  return longest === 0
    ? []
    : [`Wait ${longest / 1000} s: what the old version sent and what still waits has expired then.`]
}

/** Retained messages that nobody replaces any longer. */
function clearings({ old, new: next, findings }: Comparison): readonly string[] {
  const gone = new Set(
    findings
      .filter(({ code }) =>
        ["channel/removed", "leg/removed", "leg/topic-changed", "leg/retain-removed", "channel/moved"].includes(code),
      )
      .map(({ path }) => path.split("/")[0]!),
  )
  const topics = contractLegs(old).flatMap(({ id, channel, leg }) =>
    leg.retain && (gone.has(`channels.${id}`) || gone.has(`channels.${channel.name}`)) ? [leg.topic] : [],
  )
  const kept = new Set(contractLegs(next).flatMap(({ leg }) => (leg.retain ? [leg.topic] : [])))
  return [...new Set(topics)]
    .filter((topic) => !kept.has(topic))
    .map((topic) => `Clear the retained messages of \`${topic}\`: publish an empty retained payload for each device.`)
}

function reasonOf({ verdict, code, path, what, breaks, accepted }: Finding): string {
  const who = breaks.length === 0 ? "" : `: ${breaks.join(", ")}`
  const reason = accepted === undefined ? "" : ` Accepted: ${accepted}.`
  return `- **${verdict}** \`${path}\` ${what} (${code})${who}.${reason}`
}
