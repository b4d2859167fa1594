import type { TappedMessage } from "@fleetwire/conformance"
import { mqttTransport } from "@fleetwire/mqtt"
import { type ControllerOptions, isSdkError, type Link, systemClock, systemRandom } from "@fleetwire/runtime"

/** A connection that only listens. It comes back by itself. */
export interface Tap {
  /** Resolves once the broker has granted a subscription; rejects where it cannot be reached or grants none. */
  readonly ready: Promise<void>
  /** Never resolves; rejects when the connection ended for good. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export interface TapEvents {
  onMessage(message: TappedMessage): void
  /** What became of the connection, in words. */
  onState(words: string): void
}

const RECONNECT = { enabled: true, spreadMs: 500, baseMs: 250, capMs: 5_000, stableMs: 5_000 }
const REFUSED = 0x80

/** Connects with a session that leaves nothing behind, and subscribes to the filters at QoS 2. */
export function openTap(options: ControllerOptions, filters: readonly string[], events: TapEvents): Tap {
  const ready = settling<void>()
  const failed = settling<never>()
  failed.promise.catch(() => {})
  const { url, protocol = "5", username, password, tls, connectTimeoutMs = 5_000 } = options
  const fail = (error: Error): void => {
    ready.reject(error)
    failed.reject(error)
  }
  const late = setTimeout(() => fail(new Error(`no broker answers at ${url}`)), connectTimeoutMs)
  let link: Link | undefined
  let closing = false
  const subscribe = async (): Promise<void> => {
    const granted = await link!.subscribe(
      filters.map((filter) => ({ filter, qos: 2, retainAsPublished: true, retainHandling: 0 })),
    )
    const refused = filters.filter((_, index) => (granted[index] ?? REFUSED) >= REFUSED)
    for (const filter of refused) events.onState(`the broker refuses to let this account read ${filter}`)
    if (refused.length === filters.length) fail(new Error("the broker refuses to let this account read anything"))
    else {
      events.onState("listening")
      ready.resolve()
    }
  }
  try {
    link = mqttTransport().open(
      {
        url,
        protocol,
        clientId: `fleetwire-monitor-${Buffer.from(systemRandom.bytes(6)).toString("hex")}`,
        session: { kind: "clean" },
        keepAliveSeconds: options.keepAliveSeconds ?? 20,
        ...(username === undefined
          ? {}
          : { credentials: { username, ...(password === undefined ? {} : { password }) } }),
        ...(tls === undefined ? {} : { tls }),
        reconnect: RECONNECT,
        clock: systemClock,
        random: systemRandom,
      },
      {
        onConnected: () => {
          subscribe().catch((error: unknown) => {
            // A connection that was lost meanwhile comes back and subscribes anew.
            if (!isSdkError(error, "unavailable")) fail(error instanceof Error ? error : new Error(String(error)))
          })
        },
        onDisconnected: ({ message, final }) => {
          if (closing) return
          events.onState(`not connected: ${message}`)
          if (final) fail(new Error(message))
        },
        onMessage: (message) => {
          const { topic, payload, qos, retain, properties } = message
          try {
            events.onMessage({
              topic,
              payload,
              qos,
              retain,
              ...(properties?.contentType === undefined ? {} : { contentType: properties.contentType }),
              ...(properties?.payloadIsUtf8 === undefined ? {} : { payloadIsUtf8: properties.payloadIsUtf8 }),
            })
          } finally {
            message.acknowledge()
          }
        },
      },
    )
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)))
  }
  ready.promise.then(
    () => clearTimeout(late),
    () => clearTimeout(late),
  )
  return {
    ready: ready.promise,
    failed: failed.promise,
    async close() {
      closing = true
      clearTimeout(late)
      await link?.close({ deadlineMs: 1_000 })
    },
  }
}

interface Settling<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

function settling<T>(): Settling<T> {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((done, fail) => {
    resolve = done
    reject = fail
  })
  return { promise, resolve, reject }
}
