import type { PresenceDescriptor } from "../descriptor.js"

// biome-ignore lint/suspicious/noExplicitAny: presence of any shape.
type AnyPresence = PresenceDescriptor<any>

/** What a presence message says; undefined where it says neither. */
export function wordOf(channel: AnyPresence, message: unknown): "online" | "offline" | undefined {
  if (agrees(channel.online, message)) return "online"
  return agrees(channel.offline, message) ? "offline" : undefined
}

/** The session number in a presence message, where the contract declares one (P-4). */
export function sessionOf(channel: AnyPresence, message: unknown): string | undefined {
  const field = channel.message.auto.find((auto) => auto.fill === "session")?.field
  if (field === undefined || typeof message !== "object" || message === null) return undefined
  const session = (message as Record<string, unknown>)[field]
  return session === undefined ? undefined : String(session)
}

/** True where a message equals a scalar, or has all of an object's fields. */
function agrees(constant: unknown, message: unknown): boolean {
  if (typeof constant !== "object" || constant === null) return constant === message
  if (typeof message !== "object" || message === null) return false
  const fields = message as Record<string, unknown>
  return Object.entries(constant).every(([name, value]) => fields[name] === value)
}
