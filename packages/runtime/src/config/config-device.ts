import type { ClientCore, CorePart } from "../client/client-core.js"
import type { IncomingLeg } from "../client/incoming-leg.js"
import { asSdkError } from "../client/reporter.js"
import type { ConfigDescriptor, LegDescriptor } from "../descriptor.js"
import type { Params } from "../engine.js"
import type { PresenceDevice } from "../presence/presence-device.js"
import { OutgoingLeg } from "../publish/outgoing-leg.js"
import { LegSubscriber } from "../stream/subscriber.js"
import type { ConfigContext, ConfigReader, ConfigVerdict, DeviceStore } from "../surface.js"
import type { InboundMessage, OutboundMessage } from "../transport.js"
import {
  type ConfigRecord,
  EMPTY_RECORD,
  type KeptConfig,
  readConfigRecord,
  writeConfigRecord,
} from "./config-memory.js"
import { overlayConfig, versionOf } from "./overlay.js"

// biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing.
type Apply = (config: unknown, context: ConfigContext) => ConfigVerdict | void | Promise<ConfigVerdict | void>
type Side = "own" | "fleet"

/** How long after `ready` the stored configs may still be coming (F-2, P-5). */
const QUIET_MS = 250
/** How long a config withholds its acknowledgement at most (M-2). */
const DEADLINE_MS = 10_000

export interface ConfigDeviceSpec {
  // biome-ignore lint/suspicious/noExplicitAny: a config of any shape.
  readonly channel: ConfigDescriptor<any, any>
  readonly params: Params
  readonly identity: string
  readonly store: DeviceStore
  /** The device's own presence, whose echo shows that everything stored has come. */
  readonly presence: PresenceDevice | undefined
  /** Runs once, when the config is settled and commands may be handed to handlers. */
  readonly settled: () => void
}

/**
 * A device's config: the last good one from the store, then what the broker has, applied once and reported; versions only
 * rise (F-1 to F-3). Applications run one after the other.
 */
export class ConfigDevice implements CorePart, ConfigReader<unknown> {
  current: unknown
  readonly #core: ClientCore
  readonly #spec: ConfigDeviceSpec
  readonly #reports: OutgoingLeg
  readonly #legs: Readonly<Record<Side, IncomingLeg | undefined>>
  #record: ConfigRecord = EMPTY_RECORD
  #apply: Apply | undefined
  /** What came and was not applied yet; null is a withdrawal. */
  readonly #candidates = new Map<Side, KeptConfig | null>()
  readonly #seen = new Set<Side>()
  readonly #withheld = new Set<() => void>()
  #work: Promise<void> = Promise.resolve()
  #barrier = true
  #restoredApplied = false
  #unsaid: OutboundMessage | undefined
  #cancelQuiet: () => void = () => {}

  constructor(core: ClientCore, spec: ConfigDeviceSpec) {
    this.#core = core
    this.#spec = spec
    const { channel, params } = spec
    this.#reports = new OutgoingLeg(core, channel.reported, spec.identity)
    const listen = (side: Side, leg: typeof channel.desired): IncomingLeg => {
      core.serves(leg)
      return new LegSubscriber(core, leg, params, (message, _, incoming) => this.#heard(side, message, incoming))
        .incoming
    }
    this.#legs = { own: listen("own", channel.desired), fleet: channel.fleet && listen("fleet", channel.fleet) }
    core.add(this)
    // P-5: the birth is published after SUBACK; at the same QoS its echo comes behind every config that was stored.
    const { presence } = spec
    const sameQos = (leg: LegDescriptor<unknown> | undefined) => leg === undefined || leg.qos === presence?.qos
    if (sameQos(channel.desired) && sameQos(channel.fleet)) {
      presence?.onEcho(() => this.#enqueue(() => (this.#core.isReady ? this.#lift() : undefined)))
    }
    this.#enqueue(async () => {
      this.#record = await readConfigRecord(spec.store, channel.name)
      this.#restore()
    })
  }

  handle(apply: Apply): void {
    this.#apply = apply
    this.#soon()
  }

  async establish(): Promise<void> {
    // The store is read before commands may come.
    await this.#work
  }

  ready(): void {
    const unsaid = this.#unsaid
    if (unsaid !== undefined) this.#say(unsaid)
    if (this.#barrier && this.#spec.presence?.echoed === true) this.#enqueue(() => this.#lift())
    if (this.#barrier) this.#cancelQuiet = this.#core.clock.after(QUIET_MS, () => this.#lift())
  }

  lost(): void {
    this.#cancelQuiet()
  }

  end(): void {
    this.#cancelQuiet()
    this.relieve()
  }

  #restore(): void {
    const { own, fleet } = this.#record
    if (own !== undefined || fleet !== undefined) this.current = this.#effective(own, fleet)
  }

  #heard(side: Side, message: InboundMessage, incoming: IncomingLeg): void {
    const acknowledge = this.#withhold(message)
    this.#seen.add(side)
    if (message.payload.length === 0) {
      this.#enqueue(async () => {
        this.#candidates.set(side, null)
        await this.#arrived()
      }, acknowledge)
      return
    }
    const decoded = incoming.decode(message)
    const payload = message.payload.slice()
    const version = decoded.ok ? versionOf(decoded.value, this.#spec.channel.versionField) : undefined
    if (!decoded.ok || version === undefined) {
      const issue = decoded.ok ? undefined : decoded.issues[0]
      if (!decoded.ok) incoming.refuse(message, decoded.issues)
      const reason = issue === undefined ? "it has no version" : `${issue.path || "/"}: ${issue.message}`
      this.#enqueue(async () => {
        this.#reject(side, readableVersion(payload, this.#spec.channel.versionField), reason)
        await this.#arrived()
      }, acknowledge)
      return
    }
    const kept: KeptConfig = { version, payload, format: incoming.format }
    this.#enqueue(() => this.#take(side, kept), acknowledge)
  }

  /** M-2: until it is applied, or its deadline; the broker keeps a config anyway. */
  #withhold(message: InboundMessage): () => void {
    const acknowledge = (): void => {
      if (!this.#withheld.delete(acknowledge)) return
      cancelTimer()
      message.acknowledge()
    }
    this.#withheld.add(acknowledge)
    const cancelTimer = this.#core.clock.after(DEADLINE_MS, acknowledge)
    return acknowledge
  }

  /** C-8: no stop waits for a config that takes its time. */
  relieve(): void {
    for (const acknowledge of [...this.#withheld]) acknowledge()
  }

  /** One after the other; what fails is reported, and the next has its turn. */
  #enqueue(task: () => void | Promise<void>, after: () => void = () => {}): void {
    const { name } = this.#spec.channel
    this.#work = this.#work
      .then(task)
      .catch((error: unknown) =>
        // What a handler throws never comes here.
        this.#core.reporter.error(asSdkError(error, "unavailable", `${name}: the store failed`), { channel: name }),
      )
      .then(after)
  }

  async #take(side: Side, kept: KeptConfig): Promise<void> {
    const floor = side === "own" ? this.#record.ownFloor : this.#record.fleetFloor
    if (kept.version < floor) {
      this.#reject(side, kept.version, `version ${kept.version} is below ${floor}, which was applied`)
    } else if (kept.version === floor) {
      // F-1: not applied again; its report is repeated, unless the boot that it waits for is still to be told of.
      if (this.#restoredApplied || !this.#record.rebooting) this.#report("applied")
    } else this.#candidates.set(side, kept)
    await this.#arrived()
  }

  /** F-2: apply once both are here, or when it has been quiet. */
  async #arrived(): Promise<void> {
    if (!this.#barrier) await this.#applyNow()
    else if (this.#seen.has("own") && (this.#legs.fleet === undefined || this.#seen.has("fleet"))) this.#lift()
  }

  #lift(): void {
    if (!this.#barrier) return
    this.#barrier = false
    this.#cancelQuiet()
    this.#soon()
    this.#enqueue(() => this.#spec.settled())
  }

  #soon(): void {
    this.#enqueue(() => this.#applyNow())
  }

  async #applyNow(): Promise<void> {
    if (this.#apply === undefined) return
    if (!this.#restoredApplied) await this.#applyRestored()
    if (this.#barrier || this.#candidates.size === 0) return
    const own = this.#candidates.get("own")
    const fleet = this.#candidates.get("fleet")
    this.#candidates.clear()
    const next = {
      own: own === undefined ? this.#record.own : (own ?? undefined),
      fleet: fleet === undefined ? this.#record.fleet : (fleet ?? undefined),
    }
    const config = this.#effective(next.own, next.fleet)
    const ownVersion = next.own?.version ?? 0
    const fleetVersion = next.fleet?.version ?? 0
    const verdict =
      config === undefined
        ? ({ outcome: "applied" } as const)
        : await this.#ask(config, ownVersion, fleetVersion, false)
    if (verdict.outcome === "rejected") {
      const side = own == null ? "fleet" : "own"
      this.#reject(side, side === "own" ? ownVersion : fleetVersion, verdict.reason)
      return
    }
    const record: ConfigRecord = {
      ...next,
      ownFloor: Math.max(this.#record.ownFloor, ownVersion),
      fleetFloor: Math.max(this.#record.fleetFloor, fleetVersion),
      rebooting: verdict.outcome === "reboot_required",
    }
    if (!(await this.#keep(record))) {
      // F-1: what is not kept does not count, and what was in effect is again.
      if (verdict.outcome === "applied") await this.#applyFormer()
      const side = own == null ? "fleet" : "own"
      this.#reject(side, side === "own" ? ownVersion : fleetVersion, "it cannot be kept")
      return
    }
    if (verdict.outcome === "applied") this.current = config
    this.#report(verdict.outcome)
  }

  /** A device starts on its last good config; the version that wanted a reboot has had it now. */
  async #applyRestored(): Promise<void> {
    this.#restoredApplied = true
    const { own, fleet, rebooting } = this.#record
    const config = this.#effective(own, fleet)
    if (config === undefined) return
    const verdict = await this.#ask(config, own?.version ?? 0, fleet?.version ?? 0, true)
    if (verdict.outcome === "rejected") return
    this.current = config
    if (!rebooting) return
    if (await this.#keep({ ...this.#record, rebooting: false })) this.#report("applied")
  }

  async #applyFormer(): Promise<void> {
    const { own, fleet } = this.#record
    if (this.current !== undefined) await this.#ask(this.current, own?.version ?? 0, fleet?.version ?? 0, false)
  }

  async #ask(config: unknown, version: number, fleetVersion: number, restored: boolean): Promise<ConfigVerdict> {
    try {
      return (await this.#apply?.(config, { version, fleetVersion, restored })) ?? { outcome: "applied" }
    } catch (error) {
      const { name } = this.#spec.channel
      this.#core.reporter.error(asSdkError(error, "command_failed", `${name}: the handler failed`), { channel: name })
      return { outcome: "rejected", reason: "the handler failed" }
    }
  }

  #effective(own: KeptConfig | undefined, fleet: KeptConfig | undefined): unknown {
    return overlayConfig(this.#decode("fleet", fleet), this.#decode("own", own), this.#spec.channel.objects)
  }

  #decode(side: Side, kept: KeptConfig | undefined): unknown {
    const decoded = kept && this.#legs[side]?.leg.codecs[kept.format]?.decode(kept.payload)
    return decoded?.ok === true ? decoded.value : undefined
  }

  /** False where the store cannot. */
  async #keep(record: ConfigRecord): Promise<boolean> {
    const { store, channel } = this.#spec
    try {
      await writeConfigRecord(store, channel.name, record)
      this.#record = record
      return true
    } catch (error) {
      const words = `${channel.name}: the store cannot keep it`
      this.#core.reporter.error(asSdkError(error, "unavailable", words), { channel: channel.name })
      return false
    }
  }

  /** F-3: said, and the last good one stays; where no version can be read, the report has the one in effect. */
  #reject(side: Side, version: number | undefined, reason: string): void {
    const { own, fleet } = this.#record
    this.#publish({
      version: (side === "own" ? version : undefined) ?? own?.version ?? 0,
      fleet_version: (side === "fleet" ? version : undefined) ?? fleet?.version ?? 0,
      outcome: "rejected",
      reason,
    })
  }

  #report(outcome: "applied" | "reboot_required"): void {
    const { own, fleet } = this.#record
    this.#publish({ version: own?.version ?? 0, fleet_version: fleet?.version ?? 0, outcome })
  }

  #publish(report: Record<string, unknown>): void {
    try {
      const payload = this.#encode(report)
      const packet = this.#reports.packet(this.#reports.topic(this.#spec.params), payload, undefined)
      this.#say({ ...packet, retain: true })
    } catch (error) {
      this.#core.reporter.error(error, { channel: this.#spec.channel.name })
    }
  }

  /** The contract may bound the reason more tightly than it is worded. */
  #encode(report: Record<string, unknown>): Uint8Array {
    const { reason, ...bare } = report
    if (reason === undefined) return this.#reports.encode(bare, undefined)
    for (const text of [String(reason), String(reason).slice(0, 32)]) {
      try {
        return this.#reports.encode({ ...bare, reason: text }, undefined)
      } catch {
        // Tried again with less.
      }
    }
    return this.#reports.encode(bare, undefined)
  }

  #say(packet: OutboundMessage): void {
    this.#unsaid = packet
    if (!this.#core.isReady) return
    this.#core.send(packet).then(
      () => {
        if (this.#unsaid === packet) this.#unsaid = undefined
      },
      (error: unknown) => {
        const failure = asSdkError(error, "unavailable", "not sent")
        if (failure.code !== "unavailable") this.#core.reporter.error(failure, { channel: this.#spec.channel.name })
      },
    )
  }
}

/** The version within a config that is JSON and otherwise invalid; undefined where none can be read. */
function readableVersion(payload: Uint8Array, field: string): number | undefined {
  try {
    return versionOf(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)), field)
  } catch {
    return undefined
  }
}
