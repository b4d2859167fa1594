import type { LegDescriptor, StreamDescriptor } from "../descriptor.js"
import { createPublisher, type PublishContext } from "../publish/publisher.js"
import { SdkError } from "../sdk-error.js"
import type { DeviceStore, HandleOptions, Publisher } from "../surface.js"
import { DeadLetterStore } from "./dead-letter-store.js"
import type { DeadLetterSink } from "./worker.js"

/** Finds the sink for what one leg's handlers declare; throws `invalid_argument` for one that is not there. */
export type LegDeadLetters = (onFailure: HandleOptions["onFailure"]) => DeadLetterSink | undefined

// biome-ignore lint/suspicious/noExplicitAny: their messages are dead letters.
type AnyStream = StreamDescriptor<any>

/** Characters of an error's words that a dead letter holds. */
const REASON = 200

/** What a client does with messages that its handlers could not handle (M-3): a declared channel, or its store. */
export class DeadLetters {
  readonly #context: PublishContext
  readonly #store: DeadLetterStore
  readonly #channels: readonly AnyStream[]
  readonly #publishers = new Map<string, Publisher<unknown>>()

  constructor(context: PublishContext, store: DeviceStore, channels: readonly AnyStream[]) {
    this.#context = context
    this.#channels = channels
    const { core } = context
    this.#store = new DeadLetterStore(store, (channel) => core.reporter.dropped(channel, "bound"))
  }

  /** `declared` is the channel that the contract names for this leg. */
  of(leg: Pick<LegDescriptor<unknown>, "id">, declared: string | undefined): LegDeadLetters {
    return (onFailure) => {
      if (onFailure === "handled") return undefined
      const wanted = onFailure?.deadLetter ?? (declared === undefined ? undefined : "channel")
      if (wanted === undefined) return undefined
      if (typeof wanted === "function") return ({ delivery }, error) => wanted(delivery, error)
      return wanted === "store" ? this.#toStore(leg.id) : this.#toChannel(leg.id, declared)
    }
  }

  #toStore(channel: string): DeadLetterSink {
    const { clock } = this.#context.core
    return ({ topic, payload, contentType }, error) =>
      this.#store.add({
        channel,
        topic,
        payload,
        code: error.code,
        reason: wordsOf(error),
        at: clock.now(),
        ...(contentType === undefined ? {} : { contentType }),
      })
  }

  #toChannel(channel: string, declared: string | undefined): DeadLetterSink {
    const target = this.#channels.find(({ name }) => name === declared)
    if (target === undefined) throw new SdkError("invalid_argument", `${channel}: the contract declares no dead letter`)
    let publisher = this.#publishers.get(target.name)
    if (publisher === undefined) {
      publisher = createPublisher(this.#context, target, {})
      this.#publishers.set(target.name, publisher)
    }
    const { publish } = publisher
    return ({ topic, payload, contentType }, error) =>
      publish({
        channel,
        topic,
        code: error.code,
        reason: wordsOf(error),
        payload,
        ...(contentType === undefined ? {} : { content_type: contentType }),
      })
  }
}

function wordsOf(error: SdkError): string {
  const words = error.message.replace(/^\[[a-z_]+\] /, "")
  return [...words].slice(0, REASON).join("")
}
