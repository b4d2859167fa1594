import type { Finding } from "./finding.js"
import { ruleOf } from "./rules.js"
import type { Verdict } from "./verdict.js"

/** A step of a semantic version. */
export type Bump = "none" | "patch" | "minor" | "major"

const steps: readonly Bump[] = ["none", "patch", "minor", "major"]

/**
 * The step of the contract's version that a verdict asks for. A major step makes versions refuse each other at MQTT 5
 * (W-7): right where they would misread each other, wrong where only the order of updates matters.
 */
export const contractBumps: Readonly<Record<Verdict, Bump>> = {
  safe: "patch",
  "controllers first": "minor",
  "devices first": "minor",
  unknown: "major",
  breaks: "major",
  silent: "major",
}

/** The step of a generated SDK's version that a rule's meaning for code asks for. */
export const sdkBumps: Readonly<Record<"none" | "additive" | "breaking", Bump>> = {
  none: "patch",
  additive: "minor",
  breaking: "major",
}

/** Steps of the versions of a contract and of its SDKs. Before 1.0.0 a major step is a minor one. */
export interface Bumps {
  readonly contract: Bump
  readonly sdk: Bump
}

/** The steps that findings ask for: the largest of each; none where nothing was found. */
export function bumpsOf(findings: readonly Finding[], version: string): Bumps {
  const early = version.startsWith("0.")
  const settle = (all: readonly Bump[]): Bump => {
    const most = all.reduce<Bump>((large, one) => (steps.indexOf(one) > steps.indexOf(large) ? one : large), "none")
    return early && most === "major" ? "minor" : most
  }
  const contract = findings.map(({ code, verdict }) =>
    // What is added is worth a minor step even where it harms nobody.
    verdict === "safe" && ruleOf(code).sdk === "additive" ? "minor" : contractBumps[verdict],
  )
  // A change of behaviour that compiles is a major step for who relies on it.
  const sdk = findings.map(({ code, verdict }) =>
    verdict === "silent" || verdict === "breaks" ? "major" : sdkBumps[ruleOf(code).sdk],
  )
  return { contract: settle(contract), sdk: settle(sdk) }
}

/** The step between two versions; `none` for equal ones and for a step back. */
export function bumpBetween(old: string, next: string): Bump {
  const [a, b] = [numbers(old), numbers(next)]
  const at = a.findIndex((number, index) => number !== b[index])
  if (at < 0 || b[at]! < a[at]!) return "none"
  return (["major", "minor", "patch"] as const)[at]!
}

/** Whether a step is as large as the one that is asked for. */
export function isEnough(step: Bump, asked: Bump): boolean {
  return steps.indexOf(step) >= steps.indexOf(asked)
}

function numbers(version: string): readonly number[] {
  return version
    .split(/[-+]/)[0]!
    .split(".")
    .map((part) => Number.parseInt(part, 10))
    .slice(0, 3)
}
