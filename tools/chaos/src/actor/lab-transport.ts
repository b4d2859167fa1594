import { mqttTransport } from "@fleetwire/mqtt"
import type { ConnectOptions, Transport } from "@fleetwire/runtime"

/** The real transport with deadlines as short as a run of two seconds needs them. */
export function labTransport(): Transport {
  const inner = mqttTransport()
  return {
    capabilities: inner.capabilities,
    open: (options, events) => inner.open({ ...options, connectTimeoutMs: 1_200, acknowledgeTimeoutMs: 1_000 }, events),
  }
}

/** Reconnection and keep-alive of every actor. */
export const labConnection: Pick<ConnectOptions, "keepAliveSeconds" | "reconnect" | "connectTimeoutMs"> = {
  keepAliveSeconds: 2,
  reconnect: { spreadMs: 120, baseMs: 60, capMs: 400, stableMs: 1_000 },
  // The first connection may fall into a fault.
  connectTimeoutMs: 60_000,
}
