import { readFileSync } from "node:fs"
import type { MqttVersion } from "../../src/raw-client.js"
import type { Side } from "../../src/scenario.js"

/** One way to be wrong, and the clauses whose scenarios catch it. */
export interface Defect {
  readonly name: string
  readonly side: Side
  /** Contract that has what is broken. */
  readonly contract: "plain" | "full"
  /** Version at which it shows. */
  readonly mqtt: MqttVersion
  /** Clauses that it breaks. */
  readonly clauses: readonly string[]
  /** Scenarios that fail, one for each of the clauses at least: what an ordinary run plays of it. */
  readonly caughtBy: readonly string[]
  /** Scenarios of other clauses that fail as a consequence; all others must pass. */
  readonly also?: readonly string[]
  /** In words. */
  readonly does: string
}

/** The table of defects: the documentation shows it, the tests make each of them. */
export const defects = JSON.parse(readFileSync(new URL("./defects.json", import.meta.url), "utf8")) as readonly Defect[]
