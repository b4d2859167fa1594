import type { SdkError } from "../sdk-error.js"
import type { ConnectionState } from "../surface.js"

/** What moves a connection from state to state. */
export type ConnectionEvent =
  | { readonly kind: "open" }
  | { readonly kind: "accepted"; readonly sessionPresent: boolean }
  | { readonly kind: "established" }
  | { readonly kind: "lost"; readonly reason: string; readonly retryInMs: number }
  | { readonly kind: "fail"; readonly error: SdkError }
  | { readonly kind: "close" }

/**
 * The state after an event, or undefined where the event means nothing in that state (an answer that came too late).
 *
 * ```
 * idle ──open──▶ connecting ──accepted──▶ establishing ──established──▶ ready
 *                   │  ▲                      │    ▲                      │
 *                  lost └──────────┐         lost  └──accepted──┐        lost
 *                   ▼              │          ▼                 │         ▼
 *                   └─────────▶ disconnected ◀──────────────────┴─────────┘
 * any but closed ──fail──▶ failed ──open──▶ connecting          any ──close──▶ closed
 * ```
 */
export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState | undefined {
  if (state.kind === "closed") return undefined
  switch (event.kind) {
    case "close":
      return { kind: "closed" }
    case "fail":
      return { kind: "failed", error: event.error }
    case "open":
      return state.kind === "idle" || state.kind === "failed" ? { kind: "connecting", attempt: 1 } : undefined
    case "accepted":
      return state.kind === "connecting" || state.kind === "disconnected"
        ? { kind: "establishing", sessionPresent: event.sessionPresent }
        : undefined
    case "established":
      return state.kind === "establishing" ? { kind: "ready" } : undefined
    case "lost":
      return state.kind === "idle" || state.kind === "failed"
        ? undefined
        : { kind: "disconnected", reason: event.reason, retryInMs: event.retryInMs }
  }
}
