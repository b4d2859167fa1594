import { type Dfa, stepDfa } from "./dfa.js"

/** Whether the automaton accepts nothing at all. */
export function isEmptyDfa(dfa: Dfa): boolean {
  return !dfa.states[0]!.accepting && dfa.states[0]!.edges.length === 0
}

/** One of the shortest texts that the automaton accepts, or undefined where it accepts nothing. */
export function shortestMatch(dfa: Dfa): string | undefined {
  return search(dfa, dfa, (a) => dfa.states[a!]!.accepting)
}

/** One of the shortest texts that both accept, or undefined where there is none. */
export function commonMatch(a: Dfa, b: Dfa): string | undefined {
  return search(a, b, (x, y) => y !== undefined && a.states[x]!.accepting && b.states[y]!.accepting, true)
}

/** One of the shortest texts that `inner` accepts and `outer` does not, or undefined where `outer` includes `inner`. */
export function matchOutside(inner: Dfa, outer: Dfa): string | undefined {
  return search(inner, outer, (x, y) => inner.states[x]!.accepting && (y === undefined || !outer.states[y]!.accepting))
}

/** Whether every text that `inner` accepts is accepted by `outer`. */
export function includesDfa(outer: Dfa, inner: Dfa): boolean {
  return matchOutside(inner, outer) === undefined
}

/** Breadth first over pairs of states; `both` leaves pairs alone whose second automaton is stuck. */
function search(
  a: Dfa,
  b: Dfa,
  found: (x: number, y: number | undefined) => boolean,
  both = false,
): string | undefined {
  const queue: { x: number; y: number | undefined; text: string }[] = [{ x: 0, y: 0, text: "" }]
  const seen = new Set<string>(["0,0"])
  for (const { x, y, text } of queue) {
    if (found(x, y)) return text
    for (const edge of a.states[x]!.edges)
      for (const [from, to] of split(edge.from, edge.to, y === undefined ? [] : b.states[y]!.edges)) {
        const next = y === undefined ? undefined : stepDfa(b, y, from)
        if (both && next === undefined) continue
        const key = `${edge.target},${next}`
        if (seen.has(key)) continue
        seen.add(key)
        queue.push({ x: edge.target, y: next, text: text + String.fromCodePoint(readable(from, to)) })
      }
  }
  return undefined
}

/** Cuts a range where the other automaton's edges begin or end. */
function split(from: number, to: number, edges: readonly { from: number; to: number }[]): [number, number][] {
  const parts: [number, number][] = []
  let next = from
  for (const edge of edges) {
    if (edge.to < next) continue
    if (edge.from > to) break
    if (edge.from > next) parts.push([next, edge.from - 1])
    const end = Math.min(edge.to, to)
    parts.push([Math.max(edge.from, next), end])
    next = end + 1
  }
  if (next <= to) parts.push([next, to])
  return parts
}

/** A character of the range that people can read, where there is one. */
function readable(from: number, to: number): number {
  for (const point of [0x61, 0x30, 0x41]) if (from <= point && point <= to) return point
  if (from < 0x21 && to >= 0x21) return 0x21
  return from
}

/** Length of the longest accepted text by `weigh` of each edge (default: code points); undefined where there is no longest. */
export function longestMatch(dfa: Dfa, weigh: (from: number, to: number) => number = () => 1): number | undefined {
  const best: (number | undefined)[] = dfa.states.map(() => undefined)
  const state: ("new" | "open" | "done")[] = dfa.states.map(() => "new")
  // Without recursion: a chain may have thousands of states.
  const stack = [0]
  while (stack.length > 0) {
    const at = stack.at(-1)!
    const { edges } = dfa.states[at]!
    if (state[at] === "new") {
      state[at] = "open"
      for (const edge of edges) {
        // Every state leads to acceptance, so a circle makes the language endless.
        if (state[edge.target] === "open") return undefined
        if (state[edge.target] === "new") stack.push(edge.target)
      }
      continue
    }
    stack.pop()
    if (state[at] === "done") continue
    state[at] = "done"
    best[at] = edges.reduce((most, edge) => Math.max(most, weigh(edge.from, edge.to) + (best[edge.target] ?? 0)), 0)
  }
  return best[0]
}

/** A text that the automaton accepts, chosen by `random` (in [0, 1)); undefined where it accepts nothing. */
export function sampleMatch(dfa: Dfa, random: () => number, softLength = 12): string | undefined {
  if (isEmptyDfa(dfa)) return undefined
  const distance = distances(dfa)
  let text = ""
  for (let state = 0, length = 0; ; length++) {
    const { accepting, edges } = dfa.states[state]!
    if (edges.length === 0 || (accepting && (length >= softLength || random() < 0.25))) return text
    const home = edges.filter((edge) => distance[edge.target]! < distance[state]!)
    const choices = length >= softLength && home.length > 0 ? home : edges
    const edge = choices[Math.floor(random() * choices.length)]!
    const ascii = edge.from < 0x7f && random() < 0.8
    const last = ascii ? Math.min(edge.to, 0x7e) : edge.to
    text += String.fromCodePoint(edge.from + Math.floor(random() * (last - edge.from + 1)))
    state = edge.target
  }
}

function distances(dfa: Dfa): number[] {
  const distance = dfa.states.map((state) => (state.accepting ? 0 : Number.POSITIVE_INFINITY))
  for (let changed = true; changed; ) {
    changed = false
    for (let at = dfa.states.length - 1; at >= 0; at--)
      for (const edge of dfa.states[at]!.edges)
        if (distance[edge.target]! + 1 < distance[at]!) {
          distance[at] = distance[edge.target]! + 1
          changed = true
        }
  }
  return distance
}
