import { compilePattern } from "@fleetwire/ir"
import { type Code, code, join } from "../../core/code.js"
import { kernel } from "./kernel.js"

/**
 * An expression that is a function from a string to whether the pattern fits all of it: the pattern's automaton as a
 * table, linear in the length of the text.
 */
export function patternTest(pattern: string): Code {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new RangeError(`not a pattern of the language: ${pattern} (${compiled.issue.message})`)
  const states = compiled.value.states.map((state) => {
    const numbers = state.edges.flatMap((edge) => [edge.from, edge.to, edge.target])
    return code`[${join([state.accepting ? 1 : 0, ...numbers], code`, `)}]`
  })
  return code`/* @__PURE__ */ ${kernel("dfa")}([${join(states, code`, `)}])`
}
