import type { JsonValue, ReservedIr } from "@fleetwire/ir"
import { EXTENSION } from "../extension.js"
import type { ImportReport } from "./finding.js"
import { isRecord, type Node } from "./node.js"

/** What reading a schema needs of the document around it. */
export interface TypeWorld {
  readonly report: ImportReport
  /** Name of the message whose schema stands at a place. */
  readonly messageAt: (id: string) => string | undefined
}

/** What an emitter of ours wrote beside a schema, for what JSON Schema cannot say: by name. */
export type Facts = { readonly [name: string]: JsonValue | undefined }

/** The facts at a place; none where it has none. */
export function factsOf(at: Node): Facts {
  const found = isRecord(at.value) ? at.value[EXTENSION] : undefined
  return isRecord(found) ? (found as Facts) : {}
}

/** Facts as they are: the whole contract is checked by its schema at the end. */
export function pick<K extends string>(facts: Facts, names: readonly K[]): { readonly [name in K]?: never } {
  const found = names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]] as const]))
  return Object.fromEntries(found) as unknown as { readonly [name in K]?: never }
}

/** Names and numbers that may not come again. */
export function reservedOf(facts: Facts): { readonly reserved?: ReservedIr } {
  return facts.reserved === undefined ? {} : { reserved: facts.reserved as unknown as ReservedIr }
}

/** Reports a keyword that cannot be carried. */
export function keyword(at: Node, { report }: TypeWorld, name: string, reason: string): void {
  report.add("asyncapi/keyword-dropped", at.target, { keyword: name, reason })
}

/** Reports what was decided where a schema leaves it open. */
export function decide(at: Node, { report }: TypeWorld, what: string, help: string): void {
  report.add("asyncapi/decided", at.target, { what, help })
}

/** Reports a type that cannot be carried. */
export function drop(at: Node, { report }: TypeWorld, what: string, reason: string): undefined {
  report.add("asyncapi/type-dropped", at.target, { what, reason })
  return undefined
}
