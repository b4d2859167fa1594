import { commonMatch, compilePattern, type Dfa, matchDfa, type ParamIr, shortestMatch } from "@fleetwire/ir"
import { type ParamSpec, parseTemplate, type Template } from "@fleetwire/topic"
import type { Place, Report } from "./diagnostic.js"
import { show } from "./options.js"

/** The templates of a contract: each text is parsed, and reported, once. */
export class Templates {
  readonly specs: readonly ParamSpec[]
  readonly #dfas: ReadonlyMap<string, Dfa>
  readonly #report: Report
  readonly #told: string | undefined
  readonly #parsed = new Map<unknown, Template | undefined>()

  /** `told` is the name of a param that is not declared, of which its author is told already. */
  constructor(params: readonly ParamIr[], report: Report, told?: string) {
    this.#told = told
    this.specs = params.map(paramSpec)
    this.#dfas = new Map(params.flatMap(({ name, pattern }) => dfaOf(name, pattern)))
    this.#report = report
  }

  /** The template of a topic; every mistake in it is reported at `place`. */
  parse(topic: unknown, place: Place): Template | undefined {
    if (this.#parsed.has(topic)) return this.#parsed.get(topic)
    const template = this.#read(topic, place)
    this.#parsed.set(topic, template)
    return template
  }

  /** A template that was parsed before. */
  get(topic: string): Template | undefined {
    return this.#parsed.get(topic)
  }

  /** A value that two params can both have; undefined where there is none. */
  common(a: string, b: string): string | undefined {
    const [left, right] = [this.#dfas.get(a), this.#dfas.get(b)]
    const sample = (name: string, dfa: Dfa | undefined) => (dfa === undefined ? name : shortestMatch(dfa))
    if (left === undefined || right === undefined || a === b)
      return left === undefined ? sample(b, right) : sample(a, left)
    return commonMatch(left, right)
  }

  #read(topic: unknown, place: Place): Template | undefined {
    if (typeof topic !== "string") {
      this.#report.add("contract/topic", place, { topic: show(topic).slice(1, -1), problem: "it is no text" })
      return undefined
    }
    const proposal = topic.replace(/^\/+|\/+$/g, "")
    if (proposal !== topic && proposal !== "") {
      this.#report.add("contract/topic-slash", place, { topic, proposal })
      return undefined
    }
    const parsed = parseTemplate(topic)
    if (!parsed.ok) {
      for (const { message } of parsed.issues) this.#report.add("contract/topic", place, { topic, problem: message })
      return undefined
    }
    const unknown = parsed.value.params.filter(
      (name) => name !== this.#told && !this.specs.some((spec) => spec.name === name),
    )
    for (const param of unknown) this.#report.add("contract/param-unknown", place, { topic, param })
    return parsed.value
  }
}

function dfaOf(name: string, pattern: string | undefined): readonly (readonly [string, Dfa])[] {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern)
  return compiled?.ok === true ? [[name, compiled.value]] : []
}

/** A param as `@fleetwire/topic` checks it. */
export function paramSpec({ name, maxLength, reserved, pattern }: ParamIr): ParamSpec {
  if (pattern === undefined) return { name, maxLength, reserved }
  const compiled = compilePattern(pattern)
  // A pattern outside the subset is reported already.
  if (!compiled.ok) return { name, maxLength, reserved }
  return { name, maxLength, reserved, pattern, test: (value) => matchDfa(compiled.value, value) }
}
