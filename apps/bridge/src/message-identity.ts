import { createHash } from "node:crypto"

/**
 * Fields that name one message for good, by leg. A request or a reply that is published again, by a retrying caller or
 * by a device that answers a duplicate, has the same id and the same bytes: it is the same message, and kept once. Legs
 * that are not listed have no such field; there only the broker's own redelivery is recognised.
 */
const ID_FIELDS: Readonly<Record<string, string>> = {
  "drive.request": "id",
  "drive.reply": "command_id",
  "broadcast.request": "id",
}

/** The id that the contract gives a message of this leg; undefined where it gives none. */
export function messageIdOf(leg: string, message: unknown): string | undefined {
  const field = ID_FIELDS[leg]
  if (field === undefined || typeof message !== "object" || message === null) return undefined
  const id = (message as Readonly<Record<string, unknown>>)[field]
  return typeof id === "string" ? id : undefined
}

/** Digest of topic and payload text: 128 bits of SHA-256, base64. */
export function digestOf(topic: string, payload: string): string {
  return createHash("sha256").update(topic).update("\n").update(payload).digest().subarray(0, 16).toString("base64")
}

/** A decoded message as JSON text: 64-bit integers as decimal strings, bytes as base64. */
export function toJsonText(message: unknown): string {
  return JSON.stringify(message, (_, value: unknown) => {
    if (typeof value === "bigint") return value.toString()
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64")
    return value
  })
}
