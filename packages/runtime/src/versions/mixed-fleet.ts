import { SdkError } from "../sdk-error.js"
import { together } from "../stream/merge-streams.js"
import type { HandleOptions, RemoteCommand, Subscription } from "../surface.js"
import type { Said, VersionSource } from "./version-source.js"

/** A message of a mixed fleet, and which version its device speaks. */
export interface SaidByVersion<V extends string, T> extends Said<T> {
  readonly version: V
}

/** One process's view of devices that speak several versions of a contract. The clients of the versions are the caller's. */
export interface MixedFleet<V extends string> {
  /** Version that the device spoke last; undefined while nothing was heard that tells. */
  versionOf(device: string): V | undefined
  /** Every device that was heard, with its version. */
  readonly devices: ReadonlyMap<string, V>
  /** Reads one channel of all versions as one stream of messages, and learns which version each device speaks. */
  read<T>(
    sources: { readonly [K in V]?: VersionSource<T> },
    handler: (said: SaidByVersion<V, T>) => void | Promise<void>,
    options?: HandleOptions,
  ): Subscription
  /**
   * A command to any device, sent in the words of its version. Rejects with `unavailable`, and nothing sent, while the
   * version of the device is not known and no `unknown` was chosen.
   */
  command<In, Response>(
    ways: {
      readonly [K in V]: (device: string) => RemoteCommand<In, Response>
    },
  ): (device: string) => RemoteCommand<In, Response>
}

export interface MixedFleetOptions<V extends string> {
  /** Version in whose words a device is spoken to that has said nothing yet. Default: it is not spoken to. */
  readonly unknown?: V
}

/** Makes the view of a fleet whose devices speak several versions; type the versions: `createMixedFleet<"v1" | "v2">()`. */
export function createMixedFleet<V extends string>({ unknown }: MixedFleetOptions<V> = {}): MixedFleet<V> {
  const devices = new Map<string, V>()
  return {
    devices,
    versionOf: (device) => devices.get(device),
    read(sources, handler, options) {
      const all = (Object.entries(sources) as [V, VersionSource<never> | undefined][]).flatMap(([version, source]) =>
        source === undefined
          ? []
          : [
              source.handle((said) => {
                devices.set(said.device, version)
                return handler({ ...said, version })
              }, options),
            ],
      )
      return together(all)
    },
    command: (ways) => (device) => (request, options) => {
      const version = devices.get(device) ?? unknown
      if (version !== undefined) return ways[version](device)(request, options)
      const message = `${device} has said nothing yet that tells which version it speaks`
      return Promise.reject(new SdkError("unavailable", message))
    },
  }
}
