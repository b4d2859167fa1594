/**
 * A test for a pattern from its automaton: for each state whether it accepts, then first code point, last code point
 * and next state of each edge, in order. State 0 is the start. Linear in the length of the text.
 */
export function dfa(states: readonly (readonly number[])[]): (text: string) => boolean {
  return (text) => {
    let state = states[0]!
    for (let i = 0; i < text.length; i++) {
      let c = text.charCodeAt(i)
      if ((c & 0xfc00) === 0xd800) c = text.codePointAt(i++)!
      let edge = 1
      while (edge < state.length && state[edge + 1]! < c) edge += 3
      if (edge >= state.length || c < state[edge]!) return false
      state = states[state[edge + 2]!]!
    }
    return state[0] === 1
  }
}
