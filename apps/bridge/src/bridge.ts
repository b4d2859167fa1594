import { type BackendFleet, createFleet } from "@fleetwire/iot-car/controller"
import type { ConnectOptions, Observer } from "@fleetwire/runtime"
import { type HttpApi, serveHttpApi } from "./http-api.js"
import { createIntake, type Intake, type IntakeCounters } from "./intake.js"
import { observeFleet } from "./observe-fleet.js"
import type { Store } from "./store.js"
import { systemClock } from "./system-clock.js"

export interface BridgeOptions extends ConnectOptions {
  readonly store: Store
  /** Names the broker's session; the same after a restart. Default `bridge`. */
  readonly instance?: string
  /** Port on 127.0.0.1. Default: a free one. */
  readonly httpPort?: number
  /** Told of each failed commit and of failures in the background. */
  readonly onTrouble?: (error: unknown) => void
}

/** Stores everything that a fleet says, and shows it. */
export interface Bridge {
  /** Where the API answers. */
  readonly httpUrl: string
  readonly fleet: BackendFleet
  readonly counters: IntakeCounters
  /**
   * Commits what was received, then says goodbye. What cannot be committed by the deadline is left unacknowledged: the
   * broker keeps it. The store is the caller's to close.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<{ readonly unfinished: number }>
}

/** Subscribes everything, serves the API, and resolves once the broker has granted every subscription. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { store, instance = "bridge", httpPort, onTrouble, ...connect } = options
  const clock = options.clock ?? systemClock
  const intake = await createIntake({ store, clock, ...(onTrouble === undefined ? {} : { onTrouble }) })
  const fleet = createFleet({ ...connect, role: "backend", instance, observer: observerOf(options, intake) })
  const subscriptions = observeFleet(fleet, intake)
  let api: HttpApi | undefined
  try {
    api = await serveHttpApi({
      store,
      health: () => healthOf(fleet, intake),
      ...(httpPort === undefined ? {} : { port: httpPort }),
      ...(onTrouble === undefined ? {} : { onError: onTrouble }),
    })
    await fleet.connect()
    await Promise.all(subscriptions.map((subscription) => subscription.ready))
  } catch (error) {
    fleet.abort()
    await Promise.allSettled([api?.close(), fleet.close({ deadlineMs: 0 }), intake.close(0)])
    throw error
  }
  const served = api
  return {
    httpUrl: served.url,
    fleet,
    get counters() {
      return intake.counters
    },
    async close({ deadlineMs = 5_000 } = {}) {
      await served.close()
      // With commits that fail, a goodbye would wait for acknowledgements that must not be given.
      if (intake.trouble !== undefined) fleet.abort()
      await fleet.close({ deadlineMs })
      return intake.close(deadlineMs)
    },
  }
}

function observerOf({ observer, onTrouble }: BridgeOptions, intake: Intake): Observer {
  return {
    ...observer,
    onState(state) {
      if (state.kind === "establishing") intake.connected(state.sessionPresent)
      observer?.onState?.(state)
    },
    onError(error, context) {
      onTrouble?.(error)
      observer?.onError?.(error, context)
    },
  }
}

function healthOf(fleet: BackendFleet, intake: Intake) {
  const connected = fleet.state.kind === "ready"
  const trouble = intake.trouble
  return {
    ok: connected && trouble === undefined,
    connection: fleet.state.kind,
    ...intake.counters,
    ...(trouble === undefined ? {} : { trouble: trouble instanceof Error ? trouble.message : String(trouble) }),
  }
}
