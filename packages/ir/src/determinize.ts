import type { CodePointSet } from "./code-point-set.js"
import type { Dfa, DfaEdge } from "./dfa.js"
import type { Nfa } from "./nfa.js"

/** A complete table: `next[state * atoms + atom]` is a state, or -1. */
export interface Table {
  readonly atoms: CodePointSet
  readonly next: Int32Array
  readonly accepting: readonly boolean[]
}

/** Subset construction. Undefined where more than `limit` states would come out. */
export function determinize(nfa: Nfa, limit: number): Table | undefined {
  const atoms = splitAtoms(nfa.states.flatMap((state) => (state.read === undefined ? [] : [state.read.set])))
  const atomsOf = indexSets(nfa, atoms)
  const known = new Map<string, number>()
  const subsets: (readonly number[])[] = []
  const accepting: boolean[] = []
  const rows: Int32Array[] = []
  const number = (members: readonly number[]): number => {
    const key = members.join()
    let index = known.get(key)
    if (index === undefined) {
      index = subsets.push(members) - 1
      known.set(key, index)
      accepting.push(members.includes(nfa.accept))
    }
    return index
  }
  number(closure(nfa, [nfa.start]))
  for (let current = 0; current < subsets.length; current++) {
    if (subsets.length > limit) return undefined
    const targets: number[][] = atoms.map(() => [])
    for (const member of subsets[current]!) {
      const read = nfa.states[member]!.read
      if (read !== undefined) for (const atom of atomsOf.get(read.set)!) targets[atom]!.push(read.target)
    }
    rows.push(Int32Array.from(targets, (list) => (list.length === 0 ? -1 : number(closure(nfa, list)))))
  }
  const next = new Int32Array(rows.length * atoms.length)
  for (const [index, row] of rows.entries()) next.set(row, index * atoms.length)
  return { atoms, next, accepting }
}

/** States reached from `from` without reading; only those that read or accept matter, ascending. */
function closure(nfa: Nfa, from: readonly number[]): readonly number[] {
  const seen = new Set<number>(from)
  const stack = [...seen]
  while (stack.length > 0) {
    for (const free of nfa.states[stack.pop()!]!.free) {
      if (seen.has(free)) continue
      seen.add(free)
      stack.push(free)
    }
  }
  return [...seen]
    .filter((state) => nfa.states[state]!.read !== undefined || state === nfa.accept)
    .sort((a, b) => a - b)
}

/** Cuts code points into ranges that no set of the pattern tells apart inside. */
function splitAtoms(sets: readonly CodePointSet[]): CodePointSet {
  const cuts = new Set<number>()
  for (const set of new Set(sets))
    for (const [from, to] of set) {
      cuts.add(from)
      cuts.add(to + 1)
    }
  const ascending = [...cuts].sort((a, b) => a - b)
  const atoms: [number, number][] = []
  for (let index = 0; index + 1 < ascending.length; index++) atoms.push([ascending[index]!, ascending[index + 1]! - 1])
  return atoms
}

function indexSets(nfa: Nfa, atoms: CodePointSet): Map<CodePointSet, readonly number[]> {
  const index = new Map<CodePointSet, readonly number[]>()
  for (const { read } of nfa.states) {
    if (read === undefined || index.has(read.set)) continue
    const inside: number[] = []
    for (const [atom, [from, to]] of atoms.entries())
      if (read.set.some((range) => range[0] <= from && to <= range[1])) inside.push(atom)
    index.set(read.set, inside)
  }
  return index
}

/**
 * Smallest automaton of the table's language: Moore's refinement, then trimming and numbering breadth first. States whose
 * shortest or longest ways to acceptance differ are told apart beforehand, so that a chain of a thousand states (a bounded
 * repetition) takes two rounds and not a thousand.
 */
export function minimize(table: Table): Dfa {
  const { atoms, next } = table
  const width = atoms.length
  const before = predecessors(table)
  const shortest = shortestWays(table, before)
  const alive = shortest.map((length) => length >= 0)
  const longest = longestWays(table, before, alive)
  const kinds = new Map<string, number>()
  let classes = Int32Array.from(alive, (lives, state) => {
    if (!lives) return -1
    const kind = `${shortest[state]},${longest[state]}`
    if (!kinds.has(kind)) kinds.set(kind, kinds.size)
    return kinds.get(kind)!
  })
  for (let count = 0; ; ) {
    const known = new Map<string, number>()
    const refined = new Int32Array(classes.length)
    for (let state = 0; state < classes.length; state++) {
      if (!alive[state]) {
        refined[state] = -1
        continue
      }
      let key = `${classes[state]}`
      for (let atom = 0; atom < width; atom++) {
        const target = next[state * width + atom]!
        key += `,${target === -1 ? -1 : classes[target]}`
      }
      let group = known.get(key)
      if (group === undefined) {
        group = known.size
        known.set(key, group)
      }
      refined[state] = group
    }
    classes = refined
    if (known.size === count) break
    count = known.size
  }
  return number(table, classes)
}

function number({ atoms, next, accepting }: Table, classes: Int32Array): Dfa {
  if (classes[0] === -1) return { states: [{ accepting: false, edges: [] }] }
  const order = new Map<number, number>([[classes[0]!, 0]])
  const queue = [0]
  const states = []
  for (const state of queue) {
    const edges: { from: number; to: number; target: number }[] = []
    for (const [atom, [from, to]] of atoms.entries()) {
      const reached = next[state * atoms.length + atom]!
      if (reached === -1 || classes[reached] === -1) continue
      const group = classes[reached]!
      let target = order.get(group)
      if (target === undefined) {
        target = order.size
        order.set(group, target)
        queue.push(reached)
      }
      const last = edges.at(-1)
      if (last !== undefined && last.target === target && last.to + 1 === from) last.to = to
      else edges.push({ from, to, target })
    }
    states.push({ accepting: accepting[state]!, edges: edges as readonly DfaEdge[] })
  }
  return { states }
}

/** For each state those from which one step leads to it, once for each step. */
function predecessors({ atoms, next, accepting }: Table): readonly (readonly number[])[] {
  const before: number[][] = accepting.map(() => [])
  for (let state = 0; state < accepting.length; state++)
    for (let atom = 0; atom < atoms.length; atom++) {
      const target = next[state * atoms.length + atom]!
      if (target !== -1) before[target]!.push(state)
    }
  return before
}

/** Steps from each state to the nearest accepting one; -1 where none can be reached. */
function shortestWays({ accepting }: Table, before: readonly (readonly number[])[]): readonly number[] {
  const ways: number[] = accepting.map((accepts) => (accepts ? 0 : -1))
  const queue = accepting.flatMap((accepts, state) => (accepts ? [state] : []))
  for (const state of queue)
    for (const earlier of before[state]!)
      if (ways[earlier] === -1) {
        ways[earlier] = ways[state]! + 1
        queue.push(earlier)
      }
  return ways
}

/** Most steps from each state to an accepting one; -1 where there is no end. */
function longestWays(
  { atoms, next, accepting }: Table,
  before: readonly (readonly number[])[],
  alive: readonly boolean[],
): readonly number[] {
  const ways: number[] = accepting.map(() => -1)
  const open = accepting.map((_, state) => {
    let steps = 0
    for (let atom = 0; atom < atoms.length; atom++) {
      const target = next[state * atoms.length + atom]!
      if (target !== -1 && alive[target]) steps++
    }
    return steps
  })
  const queue = alive.flatMap((lives, state) => (lives && open[state] === 0 ? [state] : []))
  for (const state of queue) {
    // All steps from here are settled: what is left of `ways` is the most of them.
    ways[state] = Math.max(ways[state]!, 0)
    for (const earlier of before[state]!) {
      ways[earlier] = Math.max(ways[earlier]!, ways[state]! + 1)
      open[earlier] = open[earlier]! - 1
      if (open[earlier] === 0) queue.push(earlier)
    }
  }
  return ways.map((length, state) => (open[state] === 0 ? length : -1))
}
