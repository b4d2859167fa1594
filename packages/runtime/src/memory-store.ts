import type { DeviceStore } from "./surface.js"

/** A store that lasts as long as the process. */
export function createMemoryStore(): DeviceStore {
  const values = new Map<string, Uint8Array>()
  return {
    async get(key) {
      return values.get(key)?.slice()
    },
    async set(key, value) {
      values.set(key, value.slice())
    },
    async delete(key) {
      values.delete(key)
    },
  }
}
