import { determinize, minimize } from "./determinize.js"
import type { Dfa } from "./dfa.js"
import { buildNfa } from "./nfa.js"
import { type PatternResult, parsePattern } from "./pattern-syntax.js"

/** Most states of a pattern's automaton: what a small target can hold as a table. */
export const MAX_PATTERN_STATES = 2048

/**
 * Compiles a pattern of the closed regular subset (see `parsePattern`) into its minimal automaton over code points.
 * Equal languages give equal automata. A pattern that needs more than 2 048 states is refused.
 */
export function compilePattern(text: string): PatternResult<Dfa> {
  const parsed = parsePattern(text)
  if (!parsed.ok) return parsed
  const nfa = buildNfa(parsed.value)
  // A subset may be larger than what remains after minimization.
  const table = nfa && determinize(nfa, 2 * MAX_PATTERN_STATES)
  const dfa = table && minimize(table)
  if (dfa === undefined || dfa.states.length > MAX_PATTERN_STATES)
    return { ok: false, issue: { message: `needs more than ${MAX_PATTERN_STATES} states`, position: 0 } }
  return { ok: true, value: dfa }
}
