import type { ContractIr } from "@fleetwire/ir"
import type { CompareOptions } from "../../src/compare-options.js"
import type { Verdict } from "../../src/verdict.js"
import type { Pair } from "../contracts.js"

/**
 * Where a case comes from: a row of the design's table of evolution, or a rule of another tool that it was made from
 * (buf's breaking rules, the JSON Schema differences of Confluent and Apicurio, oasdiff's checks), or own thought.
 */
export type Source = "evolution" | "buf" | "confluent" | "apicurio" | "oasdiff" | "own"

/** A change, and what a comparison must say about it. Written before the rules. */
export interface Case {
  readonly source: Source
  /** The change in words. */
  readonly change: string
  readonly want: Verdict
  /** Code of a finding that has this verdict. */
  readonly code: string
  readonly pair: Pair
  readonly options?: CompareOptions
  /** Older versions that are still in the field. */
  readonly earlier?: readonly ContractIr[]
}

/** Makes rows of one source. */
export const rowsFrom =
  (source: Source) =>
  (change: string, want: Verdict, code: string, pair: Pair, more: Partial<Case> = {}): Case => ({
    source,
    change,
    want,
    code,
    pair,
    ...more,
  })
