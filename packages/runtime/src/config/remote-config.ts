import type { ClientCore } from "../client/client-core.js"
import { createDeferred } from "../client/deferred.js"
import { timeLimit } from "../client/time-limit.js"
import type { ConfigDescriptor, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { Outbox } from "../publish/outbox.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { isSdkError, SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { CallOptions, PublishOptions, RemoteConfig } from "../surface.js"
import { versionOf } from "./overlay.js"

/** How long `apply` waits for a report unless the caller says otherwise. */
const APPLY_TIMEOUT_MS = 30_000

export interface RemoteConfigContext {
  readonly core: ClientCore
  readonly outbox: Outbox
  readonly identity: string | undefined
}

/** Sets desired configs, retained, and waits for reports (F-1). */
export function createRemoteConfig<In, Report>(
  context: RemoteConfigContext,
  // biome-ignore lint/suspicious/noExplicitAny: a config of any shape.
  channel: ConfigDescriptor<any, any>,
  params: Params,
): RemoteConfig<In, Report> {
  const desired = createDesired<In>(context, channel.desired, params)
  return {
    ...desired,
    apply: (config, options = {}) => {
      const version = versionOf(config, channel.versionField)
      if (version === undefined) {
        return Promise.reject(new SdkError("invalid_argument", `${channel.name}: ${channel.versionField} is missing`))
      }
      return awaitReport<Report>(context.core, channel, params, version, options, () =>
        desired.set(config, publishOptions(options)),
      )
    },
  }
}

/** The fleet's desired config, which no report of its own answers. */
export function createDesired<In>(
  context: RemoteConfigContext,
  // biome-ignore lint/suspicious/noExplicitAny: a config of any shape.
  leg: LegDescriptor<any>,
  params: Params,
): Pick<RemoteConfig<In, never>, "set" | "clear"> {
  const port = new OutgoingLeg(context.core, leg, context.identity)
  return {
    set(config, options = {}) {
      try {
        const topic = port.topic(params)
        const payload = port.encode(config, options.format)
        const packet = port.packet(topic, payload, options.format, { traceparent: options.traceparent })
        return context.outbox.publish(leg, { ...packet, retain: true }, { signal: options.signal })
      } catch (error) {
        const refused = createDeferred<void>()
        refused.reject(error)
        return refused.promise
      }
    },
    clear(options = {}) {
      try {
        const packet = { topic: port.topic(params), payload: new Uint8Array(0), qos: leg.qos, retain: true }
        return context.outbox.publish(leg, packet, { signal: options.signal })
      } catch (error) {
        return Promise.reject(error)
      }
    },
  }
}

async function awaitReport<Report>(
  core: ClientCore,
  // biome-ignore lint/suspicious/noExplicitAny: a config of any shape.
  channel: ConfigDescriptor<any, any>,
  params: Params,
  version: number,
  options: CallOptions,
  publish: () => Promise<void>,
): Promise<Report> {
  const timeoutMs = timeLimit("timeoutMs", options.timeoutMs, APPLY_TIMEOUT_MS)
  const report = createDeferred<Report>()
  const subscriber = new LegSubscriber(
    core,
    channel.reported,
    params,
    (message, _, incoming) => {
      message.acknowledge()
      // A stored report may be of an earlier attempt; the device repeats what still holds.
      if (message.retain) return
      const decoded = incoming.decode(message)
      if (!decoded.ok) incoming.refuse(message, decoded.issues)
      else if (versionOf(decoded.value, "version") === version) report.resolve(decoded.value as Report)
    },
    (error) => report.reject(error),
  )
  let sent = false
  const cancelTimer = core.clock.after(timeoutMs, () =>
    report.reject(new SdkError("timeout", `no report of version ${version} within ${timeoutMs} ms`, { sent })),
  )
  const abort = (): void => report.reject(new SdkError("canceled", "canceled by the caller", { sent }))
  options.signal?.addEventListener("abort", abort, { once: true })
  if (options.signal?.aborted === true) abort()
  subscriber.granted
    .then(async () => {
      sent = true
      await publish()
    })
    .catch((error: unknown) =>
      report.reject(isSdkError(error) ? error : new SdkError("unavailable", "not sent", { cause: error })),
    )
  try {
    return await report.promise
  } finally {
    cancelTimer()
    options.signal?.removeEventListener("abort", abort)
    subscriber.release().catch(() => {})
  }
}

function publishOptions(options: CallOptions): PublishOptions {
  const { format, signal, traceparent } = options
  return {
    ...(format === undefined ? {} : { format }),
    ...(signal === undefined ? {} : { signal }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}
