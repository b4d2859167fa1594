/**
 * A deterministic automaton over code points, minimal and trimmed: every state lies on a way from the start to an
 * accepting state, so a missing edge is a refusal. State 0 is the start; states are numbered breadth first, so equal
 * languages give equal automata. The empty language is one state that accepts nothing and has no edge.
 */
export interface Dfa {
  readonly states: readonly DfaState[]
}

export interface DfaState {
  readonly accepting: boolean
  /** Ascending and disjoint; neighbours with one target are one edge. */
  readonly edges: readonly DfaEdge[]
}

export interface DfaEdge {
  /** First and last code point, inclusive. Never a surrogate. */
  readonly from: number
  readonly to: number
  /** Index of the next state. */
  readonly target: number
}

/** Whether the automaton accepts the text, in one pass over its code points. */
export function matchDfa(dfa: Dfa, text: string): boolean {
  let state = 0
  for (const character of text) {
    const next = stepDfa(dfa, state, character.codePointAt(0)!)
    if (next === undefined) return false
    state = next
  }
  return dfa.states[state]!.accepting
}

/** The state after one code point, or undefined where no edge leads on. */
export function stepDfa(dfa: Dfa, state: number, point: number): number | undefined {
  const { edges } = dfa.states[state]!
  let low = 0
  let high = edges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const edge = edges[middle]!
    if (point < edge.from) high = middle - 1
    else if (point > edge.to) low = middle + 1
    else return edge.target
  }
  return undefined
}
