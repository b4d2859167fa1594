import type { ClientCore } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { ActionDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import { SdkError } from "../sdk-error.js"
import { traceparentOf } from "../stream/delivery.js"
import { LegSubscriber } from "../stream/subscriber.js"
import { StreamWorker } from "../stream/worker.js"
import type { CommandContext } from "../surface.js"
import type { InboundMessage } from "../transport.js"

type ActionContext = Omit<CommandContext, "id">
type Handler = (request: unknown, context: ActionContext) => unknown

interface Requested {
  readonly request: unknown
  readonly context: ActionContext
  readonly expiresAt: number | undefined
}

/** Ids of actions that are remembered, where MQTT 5 gives them one. */
const REMEMBERED = 256

/** Runs actions: at least once, in order, without reply; at MQTT 5 Correlation Data tells a repetition (C-15). */
export class ActionExecutor {
  readonly #core: ClientCore
  // biome-ignore lint/suspicious/noExplicitAny: an action of any shape.
  readonly #channel: ActionDescriptor<any>
  readonly #worker: StreamWorker<Requested>
  readonly #begun = new Set<string>()
  readonly #abort = new AbortController()
  #handler: Handler | undefined
  #waiting: (() => void)[] = []

  // biome-ignore lint/suspicious/noExplicitAny: an action of any shape.
  constructor(core: ClientCore, channel: ActionDescriptor<any>, bound: Params) {
    this.#core = core
    this.#channel = channel
    this.#worker = new StreamWorker<Requested>(
      core,
      StreamWorker.options<Requested>(channel.request, {}, undefined, (one) => this.#run(one)),
    )
    core.add({ relieve: () => this.#worker.relieve() })
    core.serves(channel.request)
    new LegSubscriber(
      core,
      channel.request,
      bound,
      (message, _, incoming) => this.#receive(message, incoming),
      (error) => {
        if (error.code !== "closed") return
        this.#abort.abort(error)
        this.#worker.close()
      },
    )
  }

  /** One handler, of whatever the contract says its requests are. */
  handle(handler: (request: never, context: ActionContext) => unknown): void {
    this.#handler = handler as Handler
    for (const begin of this.#waiting.splice(0)) begin()
  }

  #receive(message: InboundMessage, incoming: IncomingLeg): void {
    const stored = message.retain
      ? ([{ path: "", code: "retained", message: "a stored request is never run" }] as const)
      : undefined
    const decoded = stored === undefined ? incoming.decode(message) : ({ ok: false, issues: stored } as const)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      message.acknowledge()
      return
    }
    if (this.#isRepetition(message.properties?.correlationData)) {
      this.#core.counters.duplicate++
      message.acknowledge()
      return
    }
    const traceparent = traceparentOf(message.properties)
    const announced = message.properties?.messageExpirySeconds
    const expiryMs = announced === undefined ? this.#channel.request.expiryMs : announced * 1000
    const requested: Requested = {
      request: decoded.value,
      context: {
        signal: this.#abort.signal,
        topic: message.topic,
        broadcast: false,
        safeAction: false,
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      expiresAt: expiryMs === undefined ? undefined : this.#core.clock.monotonic() + expiryMs,
    }
    this.#worker.push(requested, "", message)
  }

  #run({ request, context, expiresAt }: Requested): unknown {
    if (expiresAt !== undefined && this.#core.clock.monotonic() >= expiresAt) {
      this.#core.reporter.dropped(this.#channel.request.id, "expired")
      return undefined
    }
    const handler = this.#handler
    if (handler !== undefined) return handler(request, context)
    // Attached late: the first waits here, the others in the queue.
    return new Promise<void>((resolve, reject) => {
      this.#waiting.push(() => {
        Promise.resolve(this.#run({ request, context, expiresAt })).then(() => resolve(), reject)
      })
      this.#abort.signal.addEventListener("abort", () => reject(new SdkError("closed", "the client was closed")), {
        once: true,
      })
    })
  }

  #isRepetition(correlationData: Uint8Array | undefined): boolean {
    if (correlationData === undefined) return false
    const id = String.fromCharCode(...correlationData.subarray(0, 128))
    if (this.#begun.has(id)) return true
    if (this.#begun.size >= REMEMBERED) this.#begun.delete(this.#begun.values().next().value!)
    this.#begun.add(id)
    return false
  }
}
