import type { ActorPlan, Death, Semantics } from "../plan/plan.js"
import type { MutantName } from "./mutant.js"

/** What a process is told on its first line of input. */
export interface Job {
  readonly actor: ActorPlan
  readonly semantics: Semantics
  readonly protocol: "3.1.1" | "5"
  /** Number of this process among those of its actor, from 1. */
  readonly life: number
  readonly death: Death | undefined
  readonly url: string
  readonly historyPath: string
  /** Of a device that keeps something. */
  readonly storePath: string | undefined
  /** Machine time of the start signal, where it was given already. */
  readonly goAt: number | undefined
  readonly devices: readonly string[]
  readonly mutant: MutantName | undefined
}

/** What it is told later, a line each. */
export type Order =
  | { readonly kind: "go"; readonly at: number }
  /** Connect anew, straight to the broker, and write down what is seen. */
  | { readonly kind: "look"; readonly url: string }
  | { readonly kind: "finish" }

/** What it says, a line each. */
export type Word = "loaded" | "ready" | "looked"
