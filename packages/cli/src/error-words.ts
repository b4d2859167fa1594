import type { FaultCode } from "@fleetwire/conformance"
import type { IssueCode } from "@fleetwire/dynamic"
import type { SdkErrorCode } from "@fleetwire/runtime"

/** What a code means, and what to do about it. */
export interface Words {
  readonly meaning: string
  readonly help: string
}

/** Codes of errors that calls of an SDK fail with. */
export const sdkErrorWords: Readonly<Record<SdkErrorCode, Words>> = {
  invalid_argument: {
    meaning: "The caller's param, message or option does not fit the contract. Nothing was sent.",
    help: "correct the call; `details.issues` says where",
  },
  invalid_payload: {
    meaning: "The other side sent, or refused, data that does not fit the contract.",
    help: "compare the versions of both sides with `fleetwire diff`",
  },
  timeout: {
    meaning: "There was no outcome in time.",
    help: "where `mayHaveRun` is true, ask again under the same idempotency key",
  },
  unavailable: { meaning: "The device is offline, or there is no connection.", help: "try later" },
  busy: { meaning: "The device runs as many requests as it may.", help: "wait `details.retryAfterMs` and ask again" },
  conflict: {
    meaning: "The idempotency key was used before, with another request.",
    help: "choose a new key for a new request",
  },
  preempted: { meaning: "Another command took over, such as an emergency stop.", help: "look at the world first" },
  interrupted: {
    meaning: "The device restarted while the command ran.",
    help: "look at the world before you repeat it",
  },
  expired: {
    meaning: "The request was not sent or not begun before it expired.",
    help: "ask again if it still matters",
  },
  canceled: { meaning: "The caller's AbortSignal ended the wait.", help: "nothing to do; the device may have gone on" },
  dropped: {
    meaning: "The bound of an outbox or a queue pushed the message out.",
    help: "send less, or raise the bound",
  },
  unauthorized: { meaning: "Credentials or access rules refuse it.", help: "ask the operator of the broker" },
  unsupported: {
    meaning: "The server, the protocol version or the contract cannot do it.",
    help: "`details.limit` names what is in the way",
  },
  command_failed: { meaning: "The handler ran and says that it failed.", help: "read `details.reply`" },
  closed: { meaning: "The client was closed.", help: "make a new one" },
}

/** Codes of issues: what does not fit in data on the wire. */
export const issueWords: Readonly<Record<IssueCode, Words>> = {
  syntax: { meaning: "The payload is not of its format at all.", help: "look at who sends it, and in which format" },
  encoding: { meaning: "A text is not UTF-8, or has half a surrogate pair.", help: "encode it as UTF-8" },
  truncated: { meaning: "The payload ends too early.", help: "look for a limit on the way" },
  too_large: { meaning: "The payload has more octets than the channel takes.", help: "send less, or raise `maxBytes`" },
  too_deep: { meaning: "The payload is nested deeper than any contract.", help: "look at who sends it" },
  type: { meaning: "The value is of another kind than declared.", help: "send the declared kind" },
  required: { meaning: "A required field is absent.", help: "send it, or compare the versions of both sides" },
  null: { meaning: "null stands where no null may.", help: "leave the field out, or declare `nullAsAbsent`" },
  duplicate: { meaning: "A declared key stands twice.", help: "send it once" },
  minimum: { meaning: "The number is below its bound.", help: "send one within the bounds" },
  maximum: { meaning: "The number is above its bound.", help: "send one within the bounds" },
  multiple_of: { meaning: "The number is no multiple of its step.", help: "round it" },
  not_integer: { meaning: "The number has a fraction and may not.", help: "round it" },
  not_finite: { meaning: "The number is not finite, or does not fit its width.", help: "leave it out" },
  min_length: { meaning: "The text or the octets are too short.", help: "send more" },
  max_length: { meaning: "The text or the octets are too long.", help: "send fewer" },
  max_bytes: { meaning: "The text has too many octets in UTF-8.", help: "shorten it" },
  pattern: { meaning: "The text does not match its pattern.", help: "look at the pattern in the reference" },
  format: { meaning: "The text is not of its format, such as a date.", help: "look at the grammar in the handbook" },
  enum: { meaning: "The value is none of those that are listed.", help: "compare the versions of both sides" },
  const: { meaning: "The value is not the constant.", help: "compare the versions of both sides" },
  min_items: { meaning: "The list has too few items.", help: "send more" },
  max_items: { meaning: "The list has too many items.", help: "send fewer" },
  max_properties: { meaning: "The map has too many entries.", help: "send fewer" },
  union_tag: { meaning: "No branch has this tag.", help: "compare the versions of both sides" },
  wire_type: {
    meaning: "A protobuf field has another wire type than declared.",
    help: "compare the versions of both sides",
  },
  identity: { meaning: "A device says another name than its topic does.", help: "look at who sends it" },
}

/** Codes of what a monitor finds in a message as a whole. */
export const faultWords: Readonly<Record<FaultCode, Words>> = {
  topic: {
    meaning: "The topic is none of the contract's, or a param in it is not what the contract allows.",
    help: "look at who sends there, and at the param's pattern",
  },
  qos: { meaning: "The message came with another QoS than the channel's.", help: "look at who sends it" },
  retain: {
    meaning: "RETAIN is not as the channel says.",
    help: "look at who sends it; clear what should not be stored",
  },
  size: { meaning: "The payload has more octets than the channel takes.", help: "send less, or raise `maxBytes`" },
  content_type: {
    meaning: "The Content Type names a format that the channel does not take.",
    help: "send one that it takes, or add it to `formats`",
  },
  version: {
    meaning: "The sender speaks another major version of the contract.",
    help: "compare the versions of both sides with `fleetwire diff`",
  },
  payload: {
    meaning: "The payload does not fit; the words behind it begin with an issue's code.",
    help: "explain that code",
  },
  identity: issueWords.identity,
  empty: { meaning: "An empty payload stands where it means nothing.", help: "look at who clears the topic" },
}
