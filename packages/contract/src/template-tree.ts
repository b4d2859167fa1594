import type { Template } from "@fleetwire/topic"

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  param?: Node<T>
  readonly values: T[]
}

/** Finds the templates that may meet a template, level by level, without looking at the others. */
export class TemplateTree<T> {
  readonly #root: Node<T> = { literals: new Map(), values: [] }

  add(template: Template, value: T): void {
    let node = this.#root
    for (const level of template.levels) {
      if (level.kind === "param") {
        node.param ??= { literals: new Map(), values: [] }
        node = node.param
        continue
      }
      let next = node.literals.get(level.text)
      if (next === undefined) {
        next = { literals: new Map(), values: [] }
        node.literals.set(level.text, next)
      }
      node = next
    }
    node.values.push(value)
  }

  /** Values of all templates of equal depth that differ nowhere in two literals, in no order that means anything. */
  candidates(template: Template): readonly T[] {
    let nodes: readonly Node<T>[] = [this.#root]
    for (const level of template.levels) {
      nodes = nodes.flatMap((node) => {
        const param = node.param === undefined ? [] : [node.param]
        if (level.kind === "param") return [...param, ...node.literals.values()]
        const literal = node.literals.get(level.text)
        return literal === undefined ? param : [...param, literal]
      })
    }
    return nodes.flatMap(({ values }) => values)
  }
}
