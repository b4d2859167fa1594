import { type ParamSpec, refuseParam } from "./param.js"
import type { Template } from "./template.js"

/**
 * Whether one topic can fit both templates, all levels considered (T-5). A param beside a literal counts only where its
 * spec admits that literal; two params count as meeting unless `disjoint` says that no value fits both.
 */
export function templatesOverlap(
  a: Template,
  b: Template,
  specs: readonly ParamSpec[] = [],
  disjoint: (a: string, b: string) => boolean = () => false,
): boolean {
  if (a.levels.length !== b.levels.length) return false
  return a.levels.every((left, i) => {
    const right = b.levels[i]!
    if (left.kind === "literal" && right.kind === "literal") return left.text === right.text
    if (left.kind === "param" && right.kind === "param")
      return left.name === right.name || !disjoint(left.name, right.name)
    const [param, literal] = left.kind === "param" ? [left, right] : [right, left]
    if (param.kind !== "param" || literal.kind !== "literal") return false
    const spec = specs.find((candidate) => candidate.name === param.name)
    return refuseParam(param.name, literal.text, spec) === undefined
  })
}
