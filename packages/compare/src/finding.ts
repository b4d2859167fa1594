import type { Format } from "@fleetwire/ir"
import type { Direction } from "./outcome.js"
import type { RuleCode } from "./rules.js"
import type { Verdict } from "./verdict.js"

/** One change with what it means for the fleet. */
export interface Finding {
  readonly code: RuleCode
  readonly verdict: Verdict
  /** Where in the contract, such as `channels.drive.request/speed`. */
  readonly path: string
  /** The change itself, such as `u8 0…100 became u8 0…50`. */
  readonly what: string
  /** Who breaks, a sentence each; empty where nobody does. */
  readonly breaks: readonly string[]
  readonly remedy: string
  /** What was executed to prove it. Empty where the change is not one of messages, or nobody breaks. */
  readonly witnesses: readonly Witness[]
  /** Why it is accepted, where it is. */
  readonly accepted?: string
}

/** A concrete message that one version sends, and what the other version made of it. */
export type Witness = PayloadWitness | TopicWitness

export interface PayloadWitness {
  readonly kind: "payload"
  readonly format: Format
  /** Which version sends; the other one reads. */
  readonly sender: "old" | "new"
  /** The value as JSON, in the words of its sender. */
  readonly value: string
  /** Octets on the wire: text, or hexadecimal for protobuf and octets. */
  readonly wire: string
  readonly outcome: "refused" | "misread"
  /** What the reader said, or what it read instead. */
  readonly result: string
}

export interface TopicWitness {
  readonly kind: "topic"
  /** Which version publishes; the other one listens. */
  readonly sender: "old" | "new"
  readonly topic: string
  /** What the other version listens to. */
  readonly filter: string
  readonly outcome: "unheard" | "refused" | "misread"
  readonly result: string
}

/** Who sends and who reads, in words, such as `old devices` and `new controllers`. */
export function partiesOf(
  from: "device" | "controller",
  direction: Direction,
): { readonly sender: string; readonly reader: string } {
  const [sender, reader] = direction === "forward" ? ["old", "new"] : ["new", "old"]
  const [sends, reads] = from === "device" ? ["devices", "controllers"] : ["controllers", "devices"]
  return { sender: `${sender} ${sends}`, reader: `${reader} ${reads}` }
}
