import type { ClientCore } from "../client/client-core.js"
import type { Issue } from "../codec.js"
import type { CommandSemantics } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { OutgoingLeg } from "../publish/outgoing-leg.js"
import type { InboundMessage } from "../transport.js"
import type { Inlet } from "./execution.js"
import { readIdWithin } from "./id-within.js"

/** User property that takes a request back, where the command declares `cancel` (C-12). MQTT 5. */
export const CANCEL_PROPERTY = "fleetwire-cancel"

/** What a packet on a request topic is. */
export type RequestReading =
  | { readonly kind: "request"; readonly id: unknown; readonly request: unknown }
  | { readonly kind: "stored"; readonly issues: readonly Issue[] }
  | { readonly kind: "cancel"; readonly id: string }
  | { readonly kind: "invalid"; readonly issues: readonly Issue[]; readonly id: unknown }

/** Reads one packet: retained ones are none (C-14), invalid ones still tell whom to answer where they can (C-7). */
export function readRequest(core: ClientCore, inlet: Inlet, message: InboundMessage, params: Params): RequestReading {
  if (message.retain) {
    return { kind: "stored", issues: [{ path: "", code: "retained", message: "a stored request is never run" }] }
  }
  const { command, incoming } = inlet
  if (command.cancel === true) {
    const cancel = message.properties?.userProperties?.find((pair) => pair[0] === CANCEL_PROPERTY)
    if (cancel !== undefined) return { kind: "cancel", id: cancel[1] }
  }
  const decoded = incoming.decode(message)
  if (!decoded.ok) {
    // W-5: what is too long is not parsed, not even for its id.
    const tooLarge = decoded.issues[0]?.code === "too_large"
    const id = tooLarge ? undefined : readIdWithin(message.payload, incoming.formatOf(message), command)
    return { kind: "invalid", issues: decoded.issues, id: id ?? command.correlate.anonymous }
  }
  const id = (decoded.value as Readonly<Record<string, unknown>>)[command.correlate.request]
  const wanted = message.properties?.responseTopic
  if (wanted !== undefined && inlet.reply !== undefined && wanted !== replyTopic(inlet.reply, command, params, id)) {
    const issue: Issue = {
      path: "",
      code: "response_topic",
      message: "Response Topic is not the contract's reply topic",
    }
    core.reporter.invalid(incoming.leg.id, message.topic, [issue], message.payload)
    return { kind: "invalid", issues: [issue], id }
  }
  return { kind: "request", id, request: decoded.value }
}

/** The contract's own reply topic for a request; undefined where its id cannot stand in a topic. */
export function replyTopic(
  reply: OutgoingLeg,
  command: CommandSemantics,
  params: Params,
  id: unknown,
): string | undefined {
  const bound = "param" in command.correlate.reply ? { ...params, [command.correlate.reply.param]: String(id) } : params
  try {
    return reply.topic(bound)
  } catch {
    return undefined
  }
}
