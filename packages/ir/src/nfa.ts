import type { CodePointSet } from "./code-point-set.js"
import type { PatternNode } from "./pattern-syntax.js"

/** A non-deterministic automaton with one start and one accepting state. */
export interface Nfa {
  readonly start: number
  readonly accept: number
  readonly states: readonly NfaState[]
}

interface NfaState {
  /** States reached without reading. */
  readonly free: number[]
  /** State reached by reading one code point of `set`. */
  readonly read: { set: CodePointSet; target: number } | undefined
}

/** Most states that are built before a pattern is refused as too large. */
const MAX_NFA_STATES = 50_000

/** Thompson's construction. Undefined where bounded repetition would make more than 50 000 states. */
export function buildNfa(node: PatternNode): Nfa | undefined {
  const states: { free: number[]; read: NfaState["read"] }[] = []
  const add = (): number => states.push({ free: [], read: undefined }) - 1

  /** Builds `part` from state `from`; gives the state where it ends, or -1 where there is no room left. */
  const build = (part: PatternNode, from: number): number => {
    if (from === -1 || states.length > MAX_NFA_STATES) return -1
    switch (part.kind) {
      case "set": {
        const [reader, target] = [add(), add()]
        states[from]!.free.push(reader)
        states[reader]!.read = { set: part.set, target }
        return target
      }
      case "concat":
        return part.parts.reduce((end, next) => build(next, end), from)
      case "choice": {
        const end = add()
        for (const option of part.options) {
          const start = add()
          states[from]!.free.push(start)
          const last = build(option, start)
          if (last === -1) return -1
          states[last]!.free.push(end)
        }
        return end
      }
      case "repeat":
        return repeat(part.node, part.min, part.max, from)
    }
  }

  const repeat = (part: PatternNode, min: number, max: number | undefined, from: number): number => {
    let end = from
    for (let count = 0; count < min && end !== -1; count++) end = build(part, end)
    if (end === -1) return -1
    const exit = add()
    states[end]!.free.push(exit)
    if (max === undefined) {
      const loop = add()
      states[end]!.free.push(loop)
      const last = build(part, loop)
      if (last === -1) return -1
      states[last]!.free.push(loop, exit)
      return exit
    }
    for (let count = min; count < max; count++) {
      const last = build(part, end)
      if (last === -1) return -1
      states[last]!.free.push(exit)
      end = last
    }
    return exit
  }

  const start = add()
  const accept = build(node, start)
  return accept === -1 ? undefined : { start, accept, states }
}
