/** What a compiler says of a translation unit's stack with `-fcallgraph-info=su`. */
export interface CallGraph {
  /** Octets of a function's frame; undefined where it is not in the unit. */
  readonly frames: ReadonlyMap<string, number>
  readonly calls: ReadonlyMap<string, readonly string[]>
}

/** Reads the graphs of several units as one. */
export function readCallGraph(texts: readonly string[]): CallGraph {
  const frames = new Map<string, number>()
  const calls = new Map<string, string[]>()
  for (const text of texts) {
    for (const [, title, label] of text.matchAll(/node: \{ title: "([^"]+)" label: "([^"]*)"/g)) {
      const octets = /(\d+) bytes \((\w+)/.exec(label!)
      if (octets === null) continue
      if (octets[2] !== "static") throw new Error(`${title} has a stack that is not static`)
      frames.set(title!, Number(octets[1]))
    }
    for (const [, from, to] of text.matchAll(/edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/g)) {
      calls.set(from!, [...(calls.get(from!) ?? []), to!])
    }
  }
  return { frames, calls }
}

/** Worst case below and with a function; functions outside the graph are listed and counted as nothing. */
export function worstStack(
  graph: CallGraph,
  root: string,
): { readonly octets: number; readonly outside: readonly string[] } {
  const outside = new Set<string>()
  const walk = (name: string, path: readonly string[]): number => {
    if (path.includes(name)) throw new Error(`recursion: ${[...path, name].join(" > ")}`)
    const own = graph.frames.get(name)
    if (own === undefined) {
      outside.add(name)
      return 0
    }
    const inner = (graph.calls.get(name) ?? []).map((callee) => walk(callee, [...path, name]))
    return own + Math.max(0, ...inner)
  }
  return { octets: walk(root, []), outside: [...outside].sort() }
}
