import { type BackendFleet, createFleet } from "@fleetwire/iot-car/controller"
import { createFleet as createFirstFleet, type BackendFleet as FirstFleet } from "@fleetwire/iot-car-v1/controller"
import type { Client, ConnectOptions, Observer } from "@fleetwire/runtime"
import { type HttpApi, serveHttpApi } from "./http-api.js"
import { createIntake, type Intake, type IntakeCounters } from "./intake.js"
import { observeFirstGeneration, observeFleet } from "./observe-fleet.js"
import type { Store } from "./store.js"
import { systemClock } from "./system-clock.js"

export interface BridgeOptions extends ConnectOptions {
  readonly store: Store
  /** Names the broker's session; the same after a restart. Default `bridge`. */
  readonly instance?: string
  /** Port on 127.0.0.1. Default: a free one. */
  readonly httpPort?: number
  /** Whether cars of the first generation are in the fleet. Default false; costs a second connection. */
  readonly firstGeneration?: boolean
  /** Gives up connecting when it is aborted; the promise then rejects with its reason. */
  readonly signal?: AbortSignal
  /** Told of each failed commit and of failures in the background. */
  readonly onTrouble?: (error: unknown) => void
}

/** Stores everything that a fleet says, and shows it. */
export interface Bridge {
  /** Where the API answers. */
  readonly httpUrl: string
  readonly fleet: BackendFleet
  /** The client that reads cars of the first generation, where it was asked for. */
  readonly firstFleet: FirstFleet | undefined
  readonly counters: IntakeCounters
  /**
   * Commits what was received, then says goodbye. What cannot be committed by the deadline is left unacknowledged: the
   * broker keeps it. The store is the caller's to close.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<{ readonly unfinished: number }>
}

/** Subscribes everything, serves the API, and resolves once the broker has granted every subscription. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { store, instance = "bridge", httpPort, firstGeneration = false, signal, onTrouble, ...connect } = options
  const clock = options.clock ?? systemClock
  const intake = await createIntake({ store, clock, ...(onTrouble === undefined ? {} : { onTrouble }) })
  const fleet = createFleet({ ...connect, role: "backend", instance, observer: observerOf(options, intake) })
  const firstFleet = firstGeneration ? createFirstFleet(firstOptions(options, instance)) : undefined
  const clients = firstFleet === undefined ? [fleet] : [fleet, firstFleet]
  const subscriptions = [
    ...observeFleet(fleet, intake),
    ...(firstFleet === undefined ? [] : observeFirstGeneration(firstFleet, intake)),
  ]
  let api: HttpApi | undefined
  try {
    api = await serveHttpApi({
      store,
      health: () => healthOf(clients, intake),
      ...(httpPort === undefined ? {} : { port: httpPort }),
      ...(onTrouble === undefined ? {} : { onError: onTrouble }),
    })
    const connected = Promise.all(clients.map((client) => client.connect()))
    const granted = connected.then(() => Promise.all(subscriptions.map((subscription) => subscription.ready)))
    await Promise.race([granted, abortOf(signal)])
  } catch (error) {
    for (const client of clients) client.abort()
    const closed = clients.map((client) => client.close({ deadlineMs: 0 }))
    await Promise.allSettled([api?.close(), ...closed, intake.close(0)])
    throw error
  }
  const served = api
  return {
    httpUrl: served.url,
    fleet,
    firstFleet,
    get counters() {
      return intake.counters
    },
    async close({ deadlineMs = 5_000 } = {}) {
      await served.close()
      // With commits that fail, a goodbye would wait for acknowledgements that must not be given.
      if (intake.trouble !== undefined) for (const client of clients) client.abort()
      await Promise.all(clients.map((client) => client.close({ deadlineMs })))
      return intake.close(deadlineMs)
    },
  }
}

/** Rejects with the reason of the abort; never settles without one. */
function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason)
    else signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}

/**
 * Cars of the first generation publish at QoS 0 and nothing else, so their reader has no use for a session that the broker
 * keeps, and no acknowledgement that a commit could hold back.
 */
function firstOptions({ observer, onTrouble, store: _store, ...options }: BridgeOptions, instance: string) {
  const told: Observer = {
    ...observer,
    onError(error, context) {
      onTrouble?.(error)
      observer?.onError?.(error, context)
    },
  }
  const { httpPort: _port, firstGeneration: _first, ...connect } = options
  return {
    ...connect,
    role: "backend",
    instance: `${instance}-v1`,
    session: { kind: "clean" },
    observer: told,
  } as const
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

function healthOf(clients: readonly Client[], intake: Intake) {
  const connection = clients.find(({ state }) => state.kind !== "ready")?.state.kind ?? "ready"
  const connected = connection === "ready"
  const trouble = intake.trouble
  return {
    ok: connected && trouble === undefined,
    connection,
    ...intake.counters,
    ...(trouble === undefined ? {} : { trouble: trouble instanceof Error ? trouble.message : String(trouble) }),
  }
}
