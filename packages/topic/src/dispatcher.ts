import { type ParamSpec, refuseParam } from "./param.js"
import type { Template } from "./template.js"

/** A template with what it leads to. */
export interface Route<V> {
  readonly template: Template
  readonly value: V
  /** Params that a topic must satisfy to fit; a reserved or unmatched value is unroutable. */
  readonly specs?: readonly ParamSpec[]
}

export interface Dispatched<V> {
  readonly value: V
  /** Frozen, and the same object for the same topic while it is cached. */
  readonly params: Readonly<Record<string, string>>
}

export interface DispatcherOptions {
  /** Deployment prefix (T-4): a topic without it is unroutable. */
  readonly prefix?: string
  /** Topics remembered at most. Default 4096: the working set of a process, a few hundred kilobytes. */
  readonly cacheSize?: number
}

export interface Dispatcher<V> {
  /** The route of a topic, or undefined where none fits (T-6). Literals win over params, level by level. */
  dispatch(topic: string): Dispatched<V> | undefined
}

interface Node<V> {
  readonly literals: Map<string, Node<V>>
  any: Node<V> | undefined
  routes: Route<V>[]
}

/**
 * Finds the route of a topic among any number of templates. Topics seen before are found in one look-up; the cache is two
 * generations, so a flood of fresh topics (a hostile peer) costs a walk of the tree and bounded memory.
 */
export function createDispatcher<V>(routes: readonly Route<V>[], options: DispatcherOptions = {}): Dispatcher<V> {
  const root = createNode<V>()
  for (const route of routes) insert(root, route)
  const prefix = options.prefix === undefined || options.prefix === "" ? "" : `${options.prefix}/`
  const limit = Math.max(1, (options.cacheSize ?? 4096) >> 1)
  let young = new Map<string, Dispatched<V>>()
  let old = new Map<string, Dispatched<V>>()

  const remember = (topic: string, found: Dispatched<V>): Dispatched<V> => {
    if (young.size >= limit) {
      old = young
      young = new Map()
    }
    young.set(topic, found)
    return found
  }
  return {
    dispatch(topic) {
      const recent = young.get(topic)
      if (recent !== undefined) return recent
      const earlier = old.get(topic)
      if (earlier !== undefined) return remember(topic, earlier)
      if (!topic.startsWith(prefix)) return undefined
      const levels = topic.slice(prefix.length).split("/")
      const found = find(root, levels, 0)
      return found === undefined ? undefined : remember(topic, found)
    },
  }
}

function createNode<V>(): Node<V> {
  return { literals: new Map(), any: undefined, routes: [] }
}

function insert<V>(root: Node<V>, route: Route<V>): void {
  let node = root
  for (const level of route.template.levels) {
    let next = level.kind === "literal" ? node.literals.get(level.text) : node.any
    if (next === undefined) {
      next = createNode<V>()
      if (level.kind === "literal") node.literals.set(level.text, next)
      else node.any = next
    }
    node = next
  }
  node.routes.push(route)
}

function find<V>(node: Node<V>, levels: readonly string[], depth: number): Dispatched<V> | undefined {
  if (depth === levels.length) return take(node, levels)
  const level = levels[depth]!
  const literal = node.literals.get(level)
  const found = literal === undefined ? undefined : find(literal, levels, depth + 1)
  if (found !== undefined || node.any === undefined || level === "" || (depth === 0 && level.startsWith("$")))
    return found
  return find(node.any, levels, depth + 1)
}

function take<V>(node: Node<V>, levels: readonly string[]): Dispatched<V> | undefined {
  for (const route of node.routes) {
    const params: Record<string, string> = {}
    const fits = route.template.levels.every((level, i) => {
      if (level.kind === "literal") return true
      params[level.name] = levels[i]!
      return (
        refuseParam(
          level.name,
          levels[i]!,
          route.specs?.find((spec) => spec.name === level.name),
        ) === undefined
      )
    })
    if (fits) return { value: route.value, params: Object.freeze(params) }
  }
  return undefined
}
