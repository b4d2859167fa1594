import type { Publisher } from "@fleetwire/runtime"

/** Diagnostics as every contract with the device basics has them; the SDK fills in who and when. */
interface UnitDiagnostics {
  readonly firmware: string
  readonly uptime: number
  readonly free_heap: number
  readonly wifi_rssi: number
  readonly reset_reason: "power"
}

/** Says how an emulated unit is doing after `uptimeMs`. One function serves every contract that took in the device basics. */
export function sayDiagnostics(publisher: Publisher<UnitDiagnostics>, uptimeMs: number): Promise<void> {
  return publisher.publish({
    firmware: "1.0.0-emulated",
    uptime: Math.floor(uptimeMs / 1_000),
    free_heap: 180_000,
    wifi_rssi: -58,
    reset_reason: "power",
  })
}
