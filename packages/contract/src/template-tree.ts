import type { Template } from "@fleetwire/topic"

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  readonly params: Map<string, Node<T>>
  /** Values of the templates that end here. */
  readonly values: T[]
  /** Value of the first template that passes through here. */
  readonly first: T
}

/** A literal that stands where a template has a param, below a beginning that both can have. */
export interface Beside<T> {
  readonly param: string
  readonly literal: string
  /** Of the first template with that literal there. */
  readonly value: T
}

/** Finds what may meet a template, level by level, without looking at all the others. */
export class TemplateTree<T> {
  #root: Node<T> | undefined

  add(template: Template, value: T): void {
    this.#root ??= createNode(value)
    let node = this.#root
    for (const level of template.levels) {
      const [children, name] = level.kind === "param" ? [node.params, level.name] : [node.literals, level.text]
      let next = children.get(name)
      if (next === undefined) {
        next = createNode(value)
        children.set(name, next)
      }
      node = next
    }
    node.values.push(value)
  }

  /** Values of all templates of equal depth that differ nowhere in two literals, in no order that means anything. */
  candidates(template: Template): readonly T[] {
    let nodes: readonly Node<T>[] = this.#root === undefined ? [] : [this.#root]
    for (const level of template.levels) {
      nodes = nodes.flatMap(({ literals, params }) => {
        if (level.kind === "param") return [...params.values(), ...literals.values()]
        const literal = literals.get(level.text)
        return literal === undefined ? [...params.values()] : [...params.values(), literal]
      })
    }
    return nodes.flatMap(({ values }) => values)
  }

  /** Every literal beside a param of the template that `admits` says the param may be. Depths may differ. */
  beside(template: Template, admits: (param: string, literal: string) => boolean): readonly Beside<T>[] {
    const found: Beside<T>[] = []
    let nodes: readonly Node<T>[] = this.#root === undefined ? [] : [this.#root]
    for (const level of template.levels) {
      nodes = nodes.flatMap(({ literals, params }) => {
        if (level.kind === "literal") {
          const same = literals.get(level.text)
          const open = [...params].filter(([param]) => admits(param, level.text)).map(([, node]) => node)
          return same === undefined ? open : [...open, same]
        }
        const named = [...literals].filter(([literal]) => admits(level.name, literal))
        found.push(...named.map(([literal, { first }]) => ({ param: level.name, literal, value: first })))
        return [...params.values(), ...named.map(([, node]) => node)]
      })
    }
    return found
  }
}

function createNode<T>(first: T): Node<T> {
  return { literals: new Map(), params: new Map(), values: [], first }
}
