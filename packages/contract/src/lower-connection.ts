import type { SessionIr } from "@fleetwire/ir"
import type { Place, Report } from "./diagnostic.js"
import { parseDuration } from "./duration.js"
import { type OptionReader, show } from "./options.js"

/** Names of the options that say how a party connects. */
export const CONNECTION_OPTIONS = ["session", "reconnectSpread", "keepAlive"]

const PERSISTENT_MS = 3_600_000

export interface ConnectionIr {
  readonly session: SessionIr
  readonly reconnectSpreadSeconds: number
  readonly keepAliveSeconds: number
}

/** Session, spread and keep-alive of a device or a role; `device` chooses the defaults. */
export function lowerConnection(options: OptionReader, device: boolean, place: Place, report: Report): ConnectionIr {
  const seconds = (name: string, fallback: number) => Math.ceil((options.duration(name, 0) ?? fallback) / 1000)
  return {
    session: lowerSession(options, device, place, report),
    reconnectSpreadSeconds: seconds("reconnectSpread", device ? 30_000 : 1_000),
    keepAliveSeconds: seconds("keepAlive", 30_000),
  }
}

function lowerSession(options: OptionReader, device: boolean, place: Place, report: Report): SessionIr {
  const written = options.raw("session") ?? (device ? "persistent" : "clean")
  if (written === "clean") return { kind: "clean" }
  if (written === "persistent") return { kind: "persistent", expirySeconds: PERSISTENT_MS / 1000 }
  const expiry = typeof written === "object" && written !== null ? (written as { expiry?: unknown }).expiry : undefined
  const milliseconds = parseDuration(expiry)
  if (milliseconds !== undefined) return { kind: "persistent", expirySeconds: Math.ceil(milliseconds / 1000) }
  const example = '`"clean"`, `"persistent"` or `{ expiry: "1 h" }`'
  report.add("contract/option-value", place, {
    option: "session",
    received: show(written),
    expected: "a session",
    example,
  })
  return { kind: "clean" }
}
