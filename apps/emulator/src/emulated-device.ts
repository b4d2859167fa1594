import type { DeviceOptions } from "@fleetwire/runtime"
import type { Scheduler } from "./scheduler.js"

/** A device that lives by itself and speaks through the generated SDK of its contract. */
export interface EmulatedDevice {
  /** Its identity in the topics. */
  readonly id: string
  /** Resolves when it is online and reports. */
  start(): Promise<void>
  /** Offline said, connection closed. */
  stop(): Promise<void>
  /** Cuts the connection without goodbye: the broker says the last will, where there is one. Nothing more is sent. */
  cut(): void
}

/** What every emulated device may be given. */
export interface EmulationOptions extends DeviceOptions {
  /** Equal seeds live equal lives. Default 1. */
  readonly seed?: number
  /** Default: one of its own. Devices of one process share one. */
  readonly scheduler?: Scheduler
  /** Told of what went wrong in the background. */
  readonly onTrouble?: (error: unknown) => void
}
