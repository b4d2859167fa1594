import type { ClientCore } from "../client/client-core.js"
import { createDeferred } from "../client/deferred.js"
import type { StreamDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { Publisher, PublishOptions, StatePublisher } from "../surface.js"
import type { OutboundMessage } from "../transport.js"
import type { Outbox } from "./outbox.js"
import { OutgoingLeg } from "./outgoing-leg.js"
import type { SaidStates } from "./said-states.js"

/** Where publishers send. */
export interface PublishContext {
  readonly core: ClientCore
  readonly outbox: Outbox
  readonly states: SaidStates
  /** Written into `identity` fields. */
  readonly identity: string | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: descriptors arrive with their message types erased.
type AnyStream = StreamDescriptor<any>

/** Publishes telemetry and events of one topic. A bad param throws at once, a bad message rejects. */
export function createPublisher<In>(context: PublishContext, channel: AnyStream, params: Params): Publisher<In> {
  const port = new OutgoingLeg(context.core, channel.message, context.identity)
  const topic = port.topic(params)
  return {
    publish(message, options = {}) {
      return publish(context, port, topic, message, options)
    },
  }
}

/** Publishes a retained state, clears it, and says it again where the broker has lost it (Z-1). */
export function createStatePublisher<In>(
  context: PublishContext,
  channel: AnyStream,
  params: Params,
): StatePublisher<In> {
  const port = new OutgoingLeg(context.core, channel.message, context.identity)
  const topic = port.topic(params)
  return {
    publish(message, options = {}) {
      return publish(context, port, topic, message, options, (packet) => context.states.remember(port.leg, packet))
    },
    clear(options = {}) {
      const packet: OutboundMessage = { topic, payload: new Uint8Array(0), qos: channel.message.qos, retain: true }
      context.states.forget(topic)
      return context.outbox.publish(channel.message, packet, { signal: options.signal })
    },
  }
}

function publish(
  context: PublishContext,
  port: OutgoingLeg,
  topic: string,
  message: unknown,
  options: PublishOptions,
  accepted?: (packet: OutboundMessage) => void,
): Promise<void> {
  const expiryMs = options.expiryMs ?? port.leg.expiryMs
  let packet: OutboundMessage
  try {
    const payload = port.encode(message, options.format)
    packet = port.packet(topic, payload, options.format, { expiryMs, traceparent: options.traceparent })
  } catch (error) {
    const refused = createDeferred<void>()
    refused.reject(error)
    return refused.promise
  }
  accepted?.(packet)
  return context.outbox.publish(port.leg, packet, { expiryMs, signal: options.signal })
}
