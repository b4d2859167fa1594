import { compilePattern, type Dfa } from "@fleetwire/ir"

const compiled = new Map<string, Dfa | undefined>()

/** The automaton of a pattern, made once; undefined for a text that is none. */
export function automatonOf(pattern: string): Dfa | undefined {
  if (!compiled.has(pattern)) {
    const made = compilePattern(pattern)
    compiled.set(pattern, made.ok ? made.value : undefined)
  }
  return compiled.get(pattern)
}
