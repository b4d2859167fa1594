import { randomBytes } from "node:crypto"
import type { ChannelIr } from "@fleetwire/ir"
import type { Bench } from "./bench.js"
import type { ContractView, Decoded, LegView } from "./contract-view.js"
import type { Profile } from "./profile.js"
import type { MqttVersion, RawClient, RawMessage } from "./raw-client.js"
import type { Scenario } from "./scenario.js"
import type { StartSubject, Subject } from "./subject.js"
import type { SubjectLine } from "./subject-line.js"

/** A step that did not hold. */
export class StepFailure extends Error {
  override readonly name = "StepFailure"
}

/** The kit lacks something that the step needs: the scenario says nothing. */
export class NotObservable extends Error {
  override readonly name = "NotObservable"
}

/** A message that the kit heard, read by the contract. */
export interface Heard {
  readonly message: RawMessage
  readonly leg: LegView | undefined
  readonly device: string | undefined
  readonly decoded: Decoded
  readonly id: string | undefined
  consumed: boolean
}

/** Who is asked, and with what. */
export interface RunSetting {
  readonly scenario: Scenario
  readonly view: ContractView
  readonly profile: Profile
  readonly mqtt: MqttVersion
  readonly channels: ReadonlyMap<string, ChannelIr>
  readonly bench: Bench
  readonly start: StartSubject | undefined
  /** Device under test, or the first one that the kit plays. */
  readonly device: string
  readonly otherDevice: string
  /** Instance of a controller under test. */
  readonly instance: string
  readonly role: string | undefined
  readonly store: string | undefined
  /** Added to every version of a configuration that a scenario names. */
  readonly versionBase: number
}

/** What one run of a scenario knows. */
export class RunContext {
  readonly heard: Heard[] = []
  readonly ids = new Map<string, string>()
  /** Octets by name, and requests that were remembered. */
  readonly payloads = new Map<string, Buffer>()
  readonly remembered = new Map<string, Heard>()
  readonly marks = new Map<string, { readonly at: number; readonly packets: number }>()
  readonly clients = new Map<string, RawClient>()
  /** Lines of all runs of the subject. */
  readonly lines: (SubjectLine & { consumed?: boolean })[] = []
  subject: Subject | undefined
  /** Further subjects beside it. */
  readonly others: Subject[] = []
  readonly #wake = new Set<() => void>()
  readonly #token = randomBytes(4).toString("hex")

  constructor(readonly setting: RunSetting) {
    setting.bench.onHeard(() => {
      this.#take()
      this.wake()
    })
    this.#take()
  }

  /** A leg by alias and name, such as `cmd.request`. */
  leg(name: string): LegView {
    const [alias = "", legName = ""] = name.split(".")
    const channel = this.setting.channels.get(alias)
    if (channel === undefined) throw new Error(`${this.setting.scenario.id}: ${alias} is no alias`)
    const found = this.setting.view.leg(channel.name, legName)
    if (found === undefined) throw new NotObservable(`the channel ${channel.name} has no leg ${legName}`)
    return found
  }

  channel(alias: string): ChannelIr {
    const channel = this.setting.channels.get(alias)
    if (channel === undefined) throw new Error(`${this.setting.scenario.id}: ${alias} is no alias`)
    return channel
  }

  /** Identity behind a name: the device itself, `other`, or a literal one. */
  deviceNamed(name: string | undefined): string {
    if (name === undefined || name === "device") return this.setting.device
    // As long as a topic can be, whatever its other levels are.
    if (name === "longest") return "x".repeat(65_000)
    return name === "other" ? this.setting.otherDevice : name
  }

  /** The id behind a name: the same each time. */
  id(name: string): string {
    const id = this.ids.get(name) ?? `kit-${this.#token}-${name}`
    this.ids.set(name, id)
    return id
  }

  /** Resolves with the first defined value; undefined after `ms`. Looked at again whenever something happens. */
  async until<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    const end = performance.now() + ms
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      const left = end - performance.now()
      if (left <= 0) return undefined
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          this.#wake.delete(done)
          resolve()
        }
        // The packet log has no events: it is looked at every 10 ms.
        const timer = setTimeout(done, Math.min(left, 10))
        this.#wake.add(done)
      })
    }
  }

  wake(): void {
    for (const each of [...this.#wake]) each()
  }

  #take(): void {
    const { bench, view } = this.setting
    while (this.heard.length < bench.heard.length) {
      const message = bench.heard[this.heard.length]!
      const place = view.place(message.topic)
      const decoded: Decoded =
        place === undefined
          ? { ok: false, why: "no topic of the contract" }
          : message.payload.length === 0
            ? { ok: true, value: undefined }
            : view.decode(place.view, message.payload, message.properties.contentType)
      const id =
        place === undefined ? undefined : view.idOf(place.view, decoded.ok ? decoded.value : undefined, message.topic)
      this.heard.push({ message, leg: place?.view, device: place?.device, decoded, id, consumed: false })
    }
  }
}
