/*
 * Topic dispatch over 10 to 10 000 templates: this project's dispatcher beside a trie with params and a loop over
 * pre-split templates. Nanoseconds a topic, medians of 7, alternating.
 *
 *     node tools/bench/run.mjs dispatch
 */
import { createDispatcher, parseTemplate } from "@fleetwire/topic"

type Lookup = (topic: string) => unknown

interface TrieNode {
  literal: Map<string, TrieNode>
  param: { name: string; next: TrieNode } | undefined
  value: number
}

/** What a careful user would write: a map for each literal level, one branch for the param, params collected. */
function trie(templates: readonly string[]): Lookup {
  const node = (): TrieNode => ({ literal: new Map(), param: undefined, value: -1 })
  const rootNode = node()
  templates.forEach((template, index) => {
    let at = rootNode
    for (const level of template.split("/")) {
      if (level.startsWith("{")) {
        at.param ??= { name: level.slice(1, -1), next: node() }
        at = at.param.next
      } else {
        let next = at.literal.get(level)
        if (next === undefined) {
          next = node()
          at.literal.set(level, next)
        }
        at = next
      }
    }
    at.value = index
  })
  return (topic) => {
    const params: Record<string, string> = {}
    let at = rootNode
    for (const level of topic.split("/")) {
      const next = at.literal.get(level)
      if (next !== undefined) at = next
      else if (at.param !== undefined) {
        params[at.param.name] = level
        at = at.param.next
      } else return undefined
    }
    return at.value < 0 ? undefined : { value: at.value, params }
  }
}

function templatesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `acme/area-${i % 97}/{carId}/kind-${i}`)
}

const candidates: Record<string, (templates: readonly string[]) => Lookup> = {
  trie,
  fleetwire: (templates) => {
    const dispatcher = createDispatcher(
      templates.map((text, index) => {
        const parsed = parseTemplate(text)
        if (!parsed.ok) throw new Error(text)
        return { template: parsed.value, value: index }
      }),
    )
    return (topic) => dispatcher.dispatch(topic)
  },
}

console.log("| templates | trie ns | fleetwire ns | ratio |\n|---|---|---|---|")
for (const count of [10, 1_000, 10_000]) {
  const templates = templatesOf(count)
  // Topics arrive as fresh strings from the socket: made from bytes each time, as a client library does.
  const topics = Array.from({ length: 200 }, (_, i) =>
    Buffer.from(templates[(i * 7919) % count]!.replace("{carId}", `car-${String(i % 50).padStart(3, "0")}`)),
  )
  const times: Record<string, number[]> = { trie: [], fleetwire: [] }
  const lookups = Object.entries(candidates).map(([name, make]) => [name, make(templates)] as const)
  for (let round = 0; round < 9; round++) {
    for (const [name, lookup] of round % 2 === 0 ? lookups : [...lookups].reverse()) {
      const start = process.hrtime.bigint()
      let found = 0
      for (let i = 0; i < 400_000; i++) if (lookup(topics[i % topics.length]!.toString("latin1")) !== undefined) found++
      const elapsed = Number(process.hrtime.bigint() - start) / 400_000
      if (found !== 400_000) throw new Error(`${name} missed topics`)
      if (round > 1) times[name]!.push(elapsed)
    }
  }
  const middle = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!
  const [a, b] = [middle(times.trie!), middle(times.fleetwire!)]
  console.log(`| ${count} | ${a.toFixed(0)} | ${b.toFixed(0)} | ${(b / a).toFixed(2)} |`)
}
