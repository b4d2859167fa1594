import type { ParamIr } from "@fleetwire/ir"
import type { Place, Report } from "./diagnostic.js"
import type { Template } from "./template.js"

/** The templates of a contract: each text is parsed, and reported, once. */
export class Templates {
  readonly #params: readonly ParamIr[]
  readonly #report: Report
  readonly #parsed = new Map<string, Template | undefined>()

  constructor(params: readonly ParamIr[], report: Report) {
    this.#params = params
    this.#report = report
  }

  parse(topic: string, place: Place): Template | undefined {
    if (this.#parsed.has(topic)) return this.#parsed.get(topic)
    const levels = String(topic)
      .split("/")
      .map((level) => (/^\{\w+\}$/.test(level) ? { param: level.slice(1, -1) } : { literal: level }))
    const template = { text: topic, levels }
    this.#parsed.set(topic, template)
    for (const level of levels) {
      if ("param" in level && !this.#params.some(({ name }) => name === level.param)) {
        this.#report.add("contract/param-unknown", place, { topic, param: level.param })
      }
    }
    return template
  }
}
