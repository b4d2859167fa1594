import type { Direction, LabCommand, LabPacket } from "./lab-packet.js"

/** What is done to a packet that a rule catches. */
export type FaultAction =
  | { readonly kind: "drop" }
  /** Held back for `ms`. What follows overtakes it unless `blocking`. */
  | { readonly kind: "delay"; readonly ms: number; readonly blocking?: boolean }
  /** Sent `times` times more (default 1). */
  | { readonly kind: "repeat"; readonly times?: number }
  /** Both sides are reset instead of, or after, passing it. */
  | { readonly kind: "reset"; readonly after?: boolean }
  /** From this packet on nothing passes in its direction, and nobody is told. */
  | { readonly kind: "black-hole" }

/** Which packets a fault is for, and what it is. */
export interface FaultRule {
  readonly direction: Direction
  readonly cmd: LabCommand
  /** The n-th such packet since the rule was added, from 1. Default: each. */
  readonly nth?: number
  /** On that connection only. */
  readonly connection?: number
  readonly where?: (packet: LabPacket) => boolean
  readonly action: FaultAction
}

/** The rules in force, each with its own count. */
export interface FaultRules {
  /** Puts a rule in force; the returned function takes it out again. */
  add(rule: FaultRule): () => void
  clear(): void
  /** The action of the first rule that catches the packet. Every rule that fits it counts it. */
  actionFor(packet: LabPacket): FaultAction | undefined
}

/** No rules at first. */
export function createFaultRules(): FaultRules {
  const entries = new Set<{ readonly rule: FaultRule; seen: number }>()
  return {
    add(rule) {
      const entry = { rule, seen: 0 }
      entries.add(entry)
      return () => void entries.delete(entry)
    },
    clear: () => entries.clear(),
    actionFor(packet) {
      let action: FaultAction | undefined
      for (const entry of entries) {
        const { rule } = entry
        if (rule.direction !== packet.direction || rule.cmd !== packet.cmd) continue
        if (rule.connection !== undefined && rule.connection !== packet.connection) continue
        if (rule.where !== undefined && !rule.where(packet)) continue
        entry.seen += 1
        if (rule.nth === undefined || rule.nth === entry.seen) action ??= rule.action
      }
      return action
    },
  }
}
