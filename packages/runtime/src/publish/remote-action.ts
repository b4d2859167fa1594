import { createDeferred } from "../client/deferred.js"
import { createRequestId, encodeId } from "../command/request-id.js"
import type { ActionDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { RemoteAction } from "../surface.js"
import { OutgoingLeg } from "./outgoing-leg.js"
import type { PublishContext } from "./publisher.js"

/** Sends an action; resolves when the broker has it. At MQTT 5 Correlation Data tells it from a repetition (C-15). */
export function createRemoteAction<In>(
  context: PublishContext,
  // biome-ignore lint/suspicious/noExplicitAny: an action of any shape.
  channel: ActionDescriptor<any>,
  params: Params,
): RemoteAction<In> {
  const port = new OutgoingLeg(context.core, channel.request, context.identity)
  return (request, options = {}) => {
    try {
      const topic = port.topic(params)
      const id = createRequestId(context.core.random)
      const expiryMs = options.expiryMs ?? channel.request.expiryMs
      const packet = port.packet(topic, port.encode(request, options.format, { id }), options.format, {
        expiryMs,
        traceparent: options.traceparent,
        correlationData: encodeId(id),
      })
      return context.outbox.publish(port.leg, packet, { expiryMs, signal: options.signal })
    } catch (error) {
      const refused = createDeferred<void>()
      refused.reject(error)
      return refused.promise
    }
  }
}
