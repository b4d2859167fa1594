import type { ClientCore, CorePart } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { SubscriptionHandle } from "../client/subscription-set.js"
import type { CommandDescriptor, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { ConnectedInfo, InboundMessage } from "../transport.js"
import { Call, type CallSpec } from "./call.js"
import type { ProgressQueue } from "./progress-queue.js"
import { decodeId } from "./request-id.js"

// biome-ignore lint/suspicious/noExplicitAny: a command of any shape.
type AnyCommand = CommandDescriptor<any, any>
// biome-ignore lint/suspicious/noExplicitAny: a leg of any message.
type AnyLeg = LegDescriptor<any>
type Receive = (message: InboundMessage, params: Params, incoming: IncomingLeg) => void

/** Ids of calls that are over, for telling a late reply from a stranger's (C-9). */
const REMEMBERED = 1024

/** The calls of one command on one connection, found by id when replies come: strangers' ids cost one look-up (C-13). */
export class CallCenter implements CorePart {
  readonly #core: ClientCore
  readonly #channel: AnyCommand
  readonly #calls = new Map<string, Call>()
  readonly #over = new Set<string>()
  readonly #subscriptions = new Map<string, SubscriptionHandle>()
  #replies: LegSubscriber | undefined
  #progress: LegSubscriber | undefined

  constructor(core: ClientCore, channel: AnyCommand) {
    this.#core = core
    this.#channel = channel
    core.add(this)
  }

  /** Starts a call, or joins the one that is under way with the same id. */
  call(spec: CallSpec, progress: ProgressQueue | undefined): Promise<unknown> {
    const { ended } = this.#core
    if (ended !== undefined) return Promise.reject(ended)
    const known = this.#calls.get(spec.id)
    if (known !== undefined && known.spec.topic === spec.topic) {
      if (progress !== undefined) known.follow(progress)
      return known.promise
    }
    const call = new Call(this.#core, spec, this.#channel.command, () => {
      this.#calls.delete(spec.id)
      if (this.#over.size >= REMEMBERED) this.#over.delete(this.#over.values().next().value!)
      this.#over.add(spec.id)
    })
    if (progress !== undefined) call.follow(progress)
    this.#calls.set(spec.id, call)
    this.#over.delete(spec.id)
    call.start(this.#subscribed(spec))
    return call.promise
  }

  ready(info: ConnectedInfo, first: boolean): void {
    for (const call of [...this.#calls.values()]) call.connected(!first && !info.sessionPresent)
  }

  end(error: SdkError): void {
    for (const call of [...this.#calls.values()]) call.ended(error)
    this.#subscriptions.clear()
    if (error.code === "closed") return
    this.#replies?.release().catch(() => {})
    this.#progress?.release().catch(() => {})
    this.#replies = undefined
    this.#progress = undefined
  }

  /** C-1: one subscription for each topic on which answers to this side come, kept once it is there. */
  #subscribed(spec: CallSpec): Promise<unknown> {
    const { reply, progress, command } = this.#channel
    const bound: Record<string, string> = { ...spec.params }
    if ("param" in command.correlate.reply) delete bound[command.correlate.reply.param]
    this.#replies ??= this.#listen(reply, bound, (...heard) => this.#receive(...heard))
    const replies = this.#hold(reply, this.#replies.incoming.topics.filter(bound))
    if (progress === undefined) return replies
    this.#progress ??= this.#listen(progress, bound, (...heard) => this.#onTheWay(...heard))
    return Promise.all([replies, this.#hold(progress, this.#progress.incoming.topics.filter(bound))])
  }

  #hold(leg: AnyLeg, filter: string): Promise<void> {
    let handle = this.#subscriptions.get(filter)
    if (handle === undefined) {
      const held = this.#core.subscriptions.hold({ filter, template: leg.template, qos: leg.qos, stored: false })
      handle = held
      this.#subscriptions.set(filter, held)
      held.ready.catch(() => this.#subscriptions.delete(filter))
    }
    return handle.ready
  }

  /** The inlet takes answers of every device; the first device's filter is its first subscription. */
  #listen(leg: AnyLeg, bound: Params, receive: Receive): LegSubscriber {
    return new LegSubscriber(this.#core, leg, bound, receive, () => {}, { everyTopic: true })
  }

  #onTheWay(message: InboundMessage, params: Params, incoming: IncomingLeg): void {
    message.acknowledge()
    if (this.#isForeign(message)) return
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      return
    }
    const key = this.#idOf(params, decoded.value)
    const call = this.#calls.get(key)
    if (call !== undefined && call.spec.progressTopic === message.topic) call.progressed(decoded.value)
    else if (this.#over.has(key)) this.#core.reporter.late(this.#channel.name, key)
  }

  /** C-13: at MQTT 5 Correlation Data tells without decoding. */
  #isForeign(message: InboundMessage): boolean {
    const correlation = message.properties?.correlationData
    if (correlation === undefined) return false
    const id = decodeId(correlation)
    return !this.#calls.has(id) && !this.#over.has(id)
  }

  #idOf(params: Params, value: unknown): string {
    const { reply } = this.#channel.command.correlate
    return String("param" in reply ? params[reply.param] : (value as Record<string, unknown>)[reply.field])
  }

  #receive(message: InboundMessage, params: Params, incoming: IncomingLeg): void {
    message.acknowledge()
    const correlation = message.properties?.correlationData
    if (this.#isForeign(message)) return
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      const call = correlation === undefined ? undefined : this.#calls.get(decodeId(correlation))
      if (call?.expects(message.topic) === true) {
        call.fail(
          new SdkError("invalid_payload", "the reply does not fit the contract", {
            origin: "remote",
            sent: true,
            details: { issues: decoded.issues, channel: this.#channel.name },
          }),
        )
      }
      return
    }
    const key = this.#idOf(params, decoded.value)
    const call = this.#calls.get(key)
    if (call?.expects(message.topic) === true) call.replied(decoded.value)
    else if (this.#over.has(key)) this.#core.reporter.late(this.#channel.name, key)
  }
}
