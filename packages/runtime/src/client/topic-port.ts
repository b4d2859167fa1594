import { formatFilter, formatTopic, parseTemplate, type Template } from "@fleetwire/topic"
import type { Issue } from "../codec.js"
import type { LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"

type TopicLeg = Pick<LegDescriptor<unknown>, "id" | "template" | "params">

/** One leg's topics within a deployment: what leaves is checked (T-2, T-5), what is subscribed has `+` for the rest. */
export class TopicPort {
  readonly template: Template
  readonly #leg: TopicLeg
  readonly #prefix: string

  constructor(leg: TopicLeg, prefix: string) {
    const parsed = parseTemplate(leg.template)
    if (!parsed.ok) throw new SdkError("invalid_argument", `${leg.id}: ${parsed.issues[0]!.message}`)
    this.template = parsed.value
    this.#leg = leg
    this.#prefix = prefix
  }

  /** The topic for these params; throws `invalid_argument` for a bad or missing one. Others than its own are ignored. */
  topic(params: Params): string {
    const own: Record<string, string> = {}
    for (const name of this.template.params) if (params[name] !== undefined) own[name] = params[name]
    return this.#checked(formatTopic(this.template, own, { specs: this.#leg.params, prefix: this.#prefix }))
  }

  /** The filter that matches these params and every value of the others. */
  filter(bound: Params): string {
    const own: Record<string, string> = {}
    for (const name of this.template.params) if (bound[name] !== undefined) own[name] = bound[name]
    return this.#checked(formatFilter(this.template, own, { specs: this.#leg.params, prefix: this.#prefix }))
  }

  #checked(result: ReturnType<typeof formatTopic>): string {
    if (result.ok) return result.value
    const issues: Issue[] = result.issues.map((issue) => ({
      path: issue.param === undefined ? "" : `/${issue.param}`,
      code: "pattern",
      message: issue.message,
    }))
    throw new SdkError("invalid_argument", `${this.#leg.id}: ${result.issues[0]!.message}`, {
      details: { issues, channel: this.#leg.id },
    })
  }
}
