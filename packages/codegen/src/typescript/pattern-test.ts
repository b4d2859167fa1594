import { compilePattern, type Dfa } from "@fleetwire/ir"
import { block, type Code, code, doc, ident, join, nothing } from "../core/code.js"

/**
 * A function that says whether a pattern fits all of a text: its minimal automaton as straight code, one step for each
 * code point, so no input makes it slow.
 */
export function patternTest(name: string, pattern: string): Code {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new Error(`a contract with a pattern that its compiler refuses: ${compiled.issue.message}`)
  const dfa = compiled.value
  const accepting = dfa.states.flatMap((state, index) => (state.accepting ? [index] : []))
  return code`
    ${doc(`True where all of the text fits \`${pattern}\`.`)}
    function ${ident(name)}(text: string): boolean {
      let state = 0
      for (let at = 0; at < text.length; at++) {
        const point = text.codePointAt(at)!
        if (point > 0xffff) at++
        ${block(code`switch (state)`, [
          ...stateCases(dfa),
          code`
        default:
          return false
      `,
        ])}
      }
      return ${accepting.length === 0 ? code`false` : acceptance(accepting)}
    }
  `
}

function stateCases(dfa: Dfa): Code[] {
  return dfa.states.flatMap((state, index) => {
    if (state.edges.length === 0) return []
    const byTarget = new Map<number, Code[]>()
    const only = state.edges.length === 1
    for (const edge of state.edges) {
      const tests = byTarget.get(edge.target) ?? []
      tests.push(rangeTest(code`point`, edge.from, edge.to, only))
      byTarget.set(edge.target, tests)
    }
    const steps = [...byTarget].map(
      ([target, tests], nth) =>
        code`${nth === 0 ? nothing : code`else `}if (${join(tests, code` || `)}) state = ${target}`,
    )
    return [
      code`
        case ${index}:
          ${steps}
          else return false
          break
      `,
    ]
  })
}

/** `state === 3 || state === 4`, and a range where the states follow each other. */
function acceptance(states: readonly number[]): Code {
  const ranges: { from: number; to: number }[] = []
  for (const state of states) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to === state - 1) last.to = state
    else ranges.push({ from: state, to: state })
  }
  const only = ranges.length === 1
  const tests = ranges.map(({ from, to }) => rangeTest(code`state`, from, to, only))
  return join(tests, code` || `)
}

function rangeTest(what: Code, from: number, to: number, alone: boolean): Code {
  if (from === to) return code`${what} === ${from}`
  const test = code`${what} >= ${from} && ${what} <= ${to}`
  return alone ? test : code`(${test})`
}
