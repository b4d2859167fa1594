import { createDispatcher, type Dispatcher, type Template } from "@fleetwire/topic"
import type { ParamDescriptor } from "../descriptor.js"
import type { InboundMessage } from "../transport.js"

/** A consumer of one leg. */
export interface Inlet {
  readonly template: Template
  readonly specs: readonly ParamDescriptor[]
  /** True for the topics that this consumer asked for. Absent: all of the template's. */
  readonly wants?: (params: Readonly<Record<string, string>>) => boolean
  /** Takes the message and owes its acknowledgement. */
  receive(message: InboundMessage, params: Readonly<Record<string, string>>): void
}

/** Where messages of one topic go. */
export interface Route {
  readonly params: Readonly<Record<string, string>>
  readonly inlets: readonly Inlet[]
  /** M-9: of the copies that overlapping filters cause, the one with this identifier counts. */
  readonly canonicalId: number | undefined
}

const CACHED_TOPICS = 8192

/** Finds the consumers of a topic: one look-up for topics seen before. */
export class Router {
  readonly #prefix: string
  readonly #canonicalId: (topic: string) => number | undefined
  #inlets: Inlet[] = []
  #dispatcher: Dispatcher<Inlet[]> | undefined
  #cache = new Map<string, Route>()

  /** `canonicalId` names the subscription whose copy of a topic's message counts, where several match. */
  constructor(prefix: string, canonicalId: (topic: string) => number | undefined) {
    this.#prefix = prefix
    this.#canonicalId = canonicalId
  }

  add(inlet: Inlet): void {
    this.#inlets.push(inlet)
    this.#dispatcher = undefined
    this.forget()
  }

  remove(inlet: Inlet): void {
    this.#inlets = this.#inlets.filter((one) => one !== inlet)
    this.#dispatcher = undefined
    this.forget()
  }

  /** Subscriptions changed: what was found out about topics may no longer be so. */
  forget(): void {
    this.#cache = new Map()
  }

  /** The route of a topic; undefined where nobody wants it (T-6). */
  find(topic: string): Route | undefined {
    const known = this.#cache.get(topic)
    if (known !== undefined) return known
    this.#dispatcher ??= this.#compile()
    const found = this.#dispatcher.dispatch(topic)
    if (found === undefined) return undefined
    const inlets = found.value.filter((inlet) => inlet.wants === undefined || inlet.wants(found.params))
    if (inlets.length === 0) return undefined
    const route: Route = { params: found.params, inlets, canonicalId: this.#canonicalId(topic) }
    if (this.#cache.size >= CACHED_TOPICS) this.#cache = new Map()
    this.#cache.set(topic, route)
    return route
  }

  #compile(): Dispatcher<Inlet[]> {
    const groups = new Map<string, Inlet[]>()
    for (const inlet of this.#inlets) {
      const group = groups.get(inlet.template.text)
      if (group === undefined) groups.set(inlet.template.text, [inlet])
      else group.push(inlet)
    }
    return createDispatcher(
      [...groups.values()].map((group) => ({ template: group[0]!.template, specs: group[0]!.specs, value: group })),
      { prefix: this.#prefix, cacheSize: 2 },
    )
  }
}
