import type { ClientCore, CorePart } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { SubscriptionHandle } from "../client/subscription-set.js"
import type { CommandSemantics, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { ConnectedInfo, InboundMessage } from "../transport.js"
import { Call, type CallSpec } from "./call.js"
import { decodeId } from "./request-id.js"

/** Ids of calls that are over, for telling a late reply from a stranger's (C-9). */
const REMEMBERED = 1024

/** The calls of one command on one connection, found by id when replies come: strangers' ids cost one look-up (C-13). */
export class CallCenter implements CorePart {
  readonly #core: ClientCore
  // biome-ignore lint/suspicious/noExplicitAny: a reply of any message.
  readonly #reply: LegDescriptor<any>
  readonly #command: CommandSemantics
  readonly #name: string
  readonly #calls = new Map<string, Call>()
  readonly #over = new Set<string>()
  readonly #subscriptions = new Map<string, SubscriptionHandle>()
  #incoming: IncomingLeg | undefined
  #subscriber: LegSubscriber | undefined

  constructor(
    core: ClientCore,
    name: string,
    // biome-ignore lint/suspicious/noExplicitAny: a reply of any message.
    reply: LegDescriptor<any>,
    command: CommandSemantics,
  ) {
    this.#core = core
    this.#name = name
    this.#reply = reply
    this.#command = command
    core.add(this)
  }

  /** Starts a call, or joins the one that is under way with the same id. */
  call(spec: CallSpec): Promise<unknown> {
    const { ended } = this.#core
    if (ended !== undefined) return Promise.reject(ended)
    const known = this.#calls.get(spec.id)
    if (known !== undefined && known.spec.topic === spec.topic) return known.promise
    const call = new Call(this.#core, spec, this.#command, () => {
      this.#calls.delete(spec.id)
      if (this.#over.size >= REMEMBERED) this.#over.delete(this.#over.values().next().value!)
      this.#over.add(spec.id)
    })
    this.#calls.set(spec.id, call)
    this.#over.delete(spec.id)
    call.start(this.#replySubscription(spec))
    return call.promise
  }

  ready(info: ConnectedInfo, first: boolean): void {
    for (const call of [...this.#calls.values()]) call.connected(!first && !info.sessionPresent)
  }

  end(error: SdkError): void {
    for (const call of [...this.#calls.values()]) call.ended(error)
    this.#subscriptions.clear()
    if (error.code === "closed") return
    this.#subscriber?.release().catch(() => {})
    this.#subscriber = undefined
  }

  /** C-1: one subscription for each topic on which replies to this side come, kept once it is there. */
  #replySubscription(spec: CallSpec): Promise<void> {
    const bound: Record<string, string> = { ...spec.params }
    if ("param" in this.#command.correlate.reply) delete bound[this.#command.correlate.reply.param]
    this.#subscriber ??= this.#listen(bound)
    const filter = this.#incoming!.topics.filter(bound)
    let handle = this.#subscriptions.get(filter)
    if (handle === undefined) {
      const held = this.#core.subscriptions.hold({
        filter,
        template: this.#reply.template,
        qos: this.#reply.qos,
        stored: false,
      })
      handle = held
      this.#subscriptions.set(filter, held)
      held.ready.catch(() => this.#subscriptions.delete(filter))
    }
    return handle.ready
  }

  /** The inlet takes replies of every device; the first device's filter is its first subscription. */
  #listen(bound: Params): LegSubscriber {
    const subscriber = new LegSubscriber(
      this.#core,
      this.#reply,
      bound,
      (message, params, incoming) => this.#receive(message, params, incoming),
      () => {},
      { everyTopic: true },
    )
    this.#incoming = subscriber.incoming
    return subscriber
  }

  #receive(message: InboundMessage, params: Params, incoming: IncomingLeg): void {
    message.acknowledge()
    const correlation = message.properties?.correlationData
    const hinted = correlation === undefined ? undefined : decodeId(correlation)
    if (hinted !== undefined && !this.#calls.has(hinted) && !this.#over.has(hinted)) return
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      const call = hinted === undefined ? undefined : this.#calls.get(hinted)
      if (call?.expects(message.topic) === true) {
        call.fail(
          new SdkError("invalid_payload", "the reply does not fit the contract", {
            origin: "remote",
            sent: true,
            details: { issues: decoded.issues, channel: this.#name },
          }),
        )
      }
      return
    }
    const { reply } = this.#command.correlate
    const id = "param" in reply ? params[reply.param] : (decoded.value as Record<string, unknown>)[reply.field]
    const key = String(id)
    const call = this.#calls.get(key)
    if (call?.expects(message.topic) === true) call.replied(decoded.value)
    else if (this.#over.has(key)) this.#core.reporter.late(this.#name, key)
  }
}
