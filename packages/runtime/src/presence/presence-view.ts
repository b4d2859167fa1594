import type { ClientCore, CorePart } from "../client/client-core.js"
import { createDeferred, type Deferred } from "../client/deferred.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import type { PresenceDescriptor, StreamDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { SdkError } from "../sdk-error.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { PresenceEntry, PresenceView } from "../surface.js"
import type { InboundMessage } from "../transport.js"
import { sessionOf, wordOf } from "./presence-words.js"
import { Probe } from "./probe.js"

/** P-5: this long without a stored status, after SUBACK, and the view is taken to be complete. */
const QUIET_MS = 250

/** This long without the echo of a probe, and the quiet time has to do: 3.1.1 does not say that a publish was refused. */
const PROBE_MS = 5_000

export interface PresenceWatchSpec {
  readonly deviceParam: string
  /** What the role declares to probe with; undefined where it declares nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: a probe of any shape.
  readonly probe: StreamDescriptor<any> | undefined
}

/** Who is there, as far as can be known. */
export class PresenceWatch<T> implements PresenceView<T> {
  completeness: "none" | "quiet-time" | "barrier" = "none"
  #core: ClientCore
  readonly #channel: PresenceDescriptor<T>
  readonly #spec: PresenceWatchSpec
  readonly #entries = new Map<string, PresenceEntry<T>>()
  readonly #births = new Map<string, string>()
  readonly #listeners = new Set<(entry: PresenceEntry<T>) => void>()
  readonly #readers = new Set<ChangeReader<T>>()
  #subscriber: LegSubscriber
  #probe: Probe | undefined
  #part: CorePart
  /** Devices heard of since the last subscription; undefined while nothing has to be reconciled. */
  #seen: Set<string> | undefined = new Set()
  #complete: Deferred<void> = createDeferred()
  #cancelQuiet: () => void = () => {}
  /** The quiet time decides: there is no probe, or it did not come back. */
  #byQuiet = true
  /** Connections so far, to tell a late echo. */
  #round = 0

  constructor(core: ClientCore, channel: PresenceDescriptor<T>, spec: PresenceWatchSpec) {
    this.#core = core
    this.#channel = channel
    this.#spec = spec
    this.#subscriber = this.#subscribe()
    this.#part = this.#follow()
  }

  /** Goes over to another connection of the client, because this one's acknowledgements may wait for handlers (M-5). */
  move(core: ClientCore): void {
    if (core === this.#core) return
    const before = { core: this.#core, subscriber: this.#subscriber, part: this.#part, probe: this.#probe }
    this.#lost()
    this.#core = core
    this.#subscriber = this.#subscribe()
    this.#part = this.#follow()
    before.core.remove(before.part)
    const leave = (): void => {
      before.subscriber.release().catch(() => {})
      before.probe?.release().catch(() => {})
    }
    this.#subscriber.granted.then(leave, leave)
  }

  #subscribe(): LegSubscriber {
    this.#probe = this.#spec.probe && new Probe(this.#core, this.#spec.probe)
    return new LegSubscriber(this.#core, this.#channel.message, {}, (message, params, incoming) =>
      this.#heard(message, params, incoming),
    )
  }

  #follow(): CorePart {
    const part: CorePart = {
      ready: () => this.#restarted(),
      lost: () => this.#lost(),
      end: (error) => this.#end(error),
    }
    this.#core.add(part)
    if (this.#core.isReady) this.#restarted()
    return part
  }

  get ready(): Promise<void> {
    return this.#complete.promise
  }

  get(device: string): PresenceEntry<T> {
    return this.#entries.get(device) ?? { device, state: "unknown" }
  }

  entries(): readonly PresenceEntry<T>[] {
    return [...this.#entries.values()]
  }

  on(_event: "change", listener: (entry: PresenceEntry<T>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What is known now, then each change; a slow reader sees the latest of each device. */
  [Symbol.asyncIterator](): AsyncIterator<PresenceEntry<T>> {
    const reader = new ChangeReader<T>(() => this.#readers.delete(reader))
    for (const entry of this.#entries.values()) reader.push(entry)
    this.#readers.add(reader)
    return reader
  }

  /** A connection is there. The subscription is granted before or after; then it is found out when everything has come. */
  #restarted(): void {
    const round = ++this.#round
    this.#byQuiet = this.#probe === undefined
    this.#subscriber.granted.then(
      () => (this.#byQuiet ? this.#waitForQuiet() : this.#waitForEcho(round)),
      (error: unknown) => {
        this.#complete.reject(error)
      },
    )
  }

  #waitForEcho(round: number): void {
    if (!this.#core.isReady || round !== this.#round || this.#probe === undefined) return
    const quietInstead = (): void => {
      if (round !== this.#round) return
      this.#byQuiet = true
      this.#waitForQuiet()
    }
    this.#cancelQuiet()
    this.#cancelQuiet = this.#core.clock.after(PROBE_MS, quietInstead)
    this.#probe.echo().then(
      () => {
        if (round === this.#round && this.completeness === "none") this.#settle("barrier")
      },
      (error: unknown) => {
        if (round !== this.#round) return
        this.#core.reporter.error(error, { channel: this.#spec.probe?.name ?? this.#channel.name })
        quietInstead()
      },
    )
  }

  #waitForQuiet(): void {
    if (!this.#core.isReady || this.completeness !== "none") return
    this.#cancelQuiet()
    this.#cancelQuiet = this.#core.clock.after(QUIET_MS, () => this.#settle("quiet-time"))
  }

  #settle(completeness: "quiet-time" | "barrier"): void {
    this.#cancelQuiet()
    this.completeness = completeness
    const seen = this.#seen
    this.#seen = undefined
    // Whoever was known and has no stored status any more is unknown again.
    for (const device of [...this.#entries.keys()]) {
      if (seen?.has(device) === false) this.#set({ device, state: "unknown", since: this.#core.clock.now() })
    }
    this.#complete.resolve()
  }

  #lost(): void {
    this.#round++
    this.#cancelQuiet()
    this.#seen = new Set()
    if (this.completeness === "none") return
    this.completeness = "none"
    this.#complete = createDeferred()
  }

  #end(error: SdkError): void {
    this.#cancelQuiet()
    this.#complete.reject(error)
    if (error.code === "closed") for (const reader of [...this.#readers]) reader.end()
  }

  #heard(message: InboundMessage, params: Params, incoming: IncomingLeg): void {
    message.acknowledge()
    const device = params[this.#spec.deviceParam]
    if (device === undefined) return
    this.#seen?.add(device)
    if (message.retain && this.#byQuiet && this.completeness === "none") this.#waitForQuiet()
    const since = this.#core.clock.now()
    if (message.payload.length === 0) {
      this.#births.delete(device)
      this.#set({ device, state: "unknown", since })
      return
    }
    const decoded = incoming.decode(message)
    if (!decoded.ok) {
      incoming.refuse(message, decoded.issues)
      return
    }
    const word = wordOf(this.#channel, decoded.value)
    const session = sessionOf(this.#channel, decoded.value)
    if (word === "online") {
      if (session !== undefined) this.#births.set(device, session)
    } else if (word === "offline") {
      const birth = this.#births.get(device)
      // P-4: the end of an older connection says nothing about the present one.
      if (session !== undefined && birth !== undefined && session !== birth) return
    }
    this.#set({ device, state: word ?? "unknown", message: decoded.value as T, since })
  }

  #set(entry: PresenceEntry<T>): void {
    this.#entries.set(entry.device, entry)
    for (const reader of this.#readers) reader.push(entry)
    for (const listener of [...this.#listeners]) {
      try {
        listener(entry)
      } catch (error) {
        this.#core.reporter.error(error, { channel: this.#channel.name })
      }
    }
  }
}

/** Changes that a loop has not read yet: at most one for each device. */
class ChangeReader<T> implements AsyncIterator<PresenceEntry<T>> {
  readonly #waiting = new Map<string, PresenceEntry<T>>()
  readonly #closed: () => void
  #wake: (() => void) | undefined
  #over = false

  constructor(closed: () => void) {
    this.#closed = closed
  }

  push(entry: PresenceEntry<T>): void {
    this.#waiting.delete(entry.device)
    this.#waiting.set(entry.device, entry)
    this.#wake?.()
  }

  end(): void {
    this.#over = true
    this.#closed()
    this.#wake?.()
  }

  async next(): Promise<IteratorResult<PresenceEntry<T>>> {
    while (this.#waiting.size === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    for (const [device, value] of this.#waiting) {
      this.#waiting.delete(device)
      return { value, done: false }
    }
    return { value: undefined, done: true }
  }

  async return(): Promise<IteratorResult<PresenceEntry<T>>> {
    this.end()
    this.#waiting.clear()
    return { value: undefined, done: true }
  }
}
