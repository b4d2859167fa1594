import type { Format } from "../codec.js"
import { fromBase64, toBase64 } from "../octets.js"
import type { DeviceStore } from "../surface.js"

/** One config as it came, so that it can be read again after a restart. */
export interface KeptConfig {
  readonly version: number
  readonly payload: Uint8Array
  readonly format: Format
}

/** What a device remembers of its config (F-1, F-2). */
export interface ConfigRecord {
  readonly own: KeptConfig | undefined
  readonly fleet: KeptConfig | undefined
  /** Highest version that was ever taken: it only rises, withdrawal or not. */
  readonly ownFloor: number
  readonly fleetFloor: number
  /** A reboot was asked for and has not happened. */
  readonly rebooting: boolean
}

export const EMPTY_RECORD: ConfigRecord = {
  own: undefined,
  fleet: undefined,
  ownFloor: 0,
  fleetFloor: 0,
  rebooting: false,
}

/** The record in the store; empty where there is none or where it cannot be read. */
export async function readConfigRecord(store: DeviceStore, name: string): Promise<ConfigRecord> {
  const bytes = await store.get(keyOf(name))
  if (bytes === undefined) return EMPTY_RECORD
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    return {
      own: parseKept(value.own),
      fleet: parseKept(value.fleet),
      ownFloor: Number(value.ownFloor ?? 0),
      fleetFloor: Number(value.fleetFloor ?? 0),
      rebooting: value.rebooting === true,
    }
  } catch {
    return EMPTY_RECORD
  }
}

export async function writeConfigRecord(store: DeviceStore, name: string, record: ConfigRecord): Promise<void> {
  const text = JSON.stringify({
    ...record,
    own: record.own && { ...record.own, payload: toBase64(record.own.payload) },
    fleet: record.fleet && { ...record.fleet, payload: toBase64(record.fleet.payload) },
  })
  await store.set(keyOf(name), new TextEncoder().encode(text))
}

function keyOf(name: string): string {
  return `config/${name}`
}

function parseKept(value: unknown): KeptConfig | undefined {
  if (typeof value !== "object" || value === null) return undefined
  const kept = value as { readonly version: number; readonly payload: string; readonly format: Format }
  return { version: kept.version, payload: fromBase64(kept.payload), format: kept.format }
}
