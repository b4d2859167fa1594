import { createHash } from "node:crypto"
import type { CommandChannelIr, ContractIr } from "@fleetwire/ir"
import { ContractView, formatOf, type LegView } from "../../src/contract-view.js"
import { matchesPresence } from "../../src/expect-step.js"
import { encodeMessage, makeMessage } from "../../src/make-message.js"
import type { RawMessage, RawPublishOptions } from "../../src/raw-client.js"
import { writeReply } from "../../src/reply-words.js"
import type { Launch, StartSubject } from "../../src/subject.js"
import type { SubjectLine } from "../../src/subject-line.js"
import { PeerConfig } from "./peer-config.js"
import { PeerExecutor, type PeerOutcome, type PeerRequest } from "./peer-executor.js"
import { PeerFace } from "./peer-face.js"
import { PeerLink } from "./peer-link.js"
import { peerStore } from "./peer-store.js"

// Longer than 400 lines on purpose: one device from CONNECT to DISCONNECT, so that a defect can be read in its place.

/** Starts devices that keep the protocol, or break it in one way: written by hand on raw packets, apart from every SDK. */
export function peerDevice(ir: ContractIr, defect?: string): StartSubject {
  return async (launch) => new PeerDevice(ir, launch, defect).face
}

const QUIET_MS = 250
const TELEMETRY_MS = 200

class PeerDevice {
  readonly face = new PeerFace()
  readonly #view: ContractView
  readonly #link: PeerLink
  readonly #executors = new Map<string, PeerExecutor>()
  readonly #config: PeerConfig | undefined
  readonly #store: ReturnType<typeof peerStore>
  readonly #keeps: boolean
  readonly #outbox: { readonly leg: LegView; readonly payload: Buffer; readonly ref: string | undefined }[] = []
  #dead = false
  readonly #actions = new Set<string>()
  #session = 0
  #repairing = false
  #settled = false
  /** A session is trusted until its subscriptions were refused. */
  #subscribed = true
  #parked: (() => void)[] = []
  #online = false
  #saidOnline = 0
  #timer: NodeJS.Timeout | undefined
  #linkLost: NodeJS.Timeout | undefined
  #firstSeen = new Map<string, number>()

  constructor(
    ir: ContractIr,
    private readonly launch: Launch,
    private readonly defect: string | undefined,
  ) {
    this.#view = new ContractView(ir, this.is("ignores-prefix") ? undefined : launch.prefix)
    this.#store = peerStore(launch.store)
    this.#keeps = launch.store !== undefined
    const { session, param } = ir.device
    this.#link = new PeerLink({
      launch,
      clientId: this.is("random-client-id")
        ? `peer-${Math.random().toString(36).slice(2)}`
        : `${ir.name}.device.${launch.identity}`,
      persistent: session.kind === "persistent" && !this.is("clean-session"),
      expirySeconds: session.kind === "persistent" ? session.expirySeconds : 0,
      receiveMaximum:
        16 +
        this.#inbound()
          .filter(({ leg }) => leg.acknowledge === "on-handled")
          .reduce((sum, { leg }) => sum + leg.queue.bound, 0),
      will: () => this.#will(),
      onMessage: (message, settle) => this.#take(message, settle),
      establish: (present) => this.#establish(present),
      onState: (kind, words = {}) => this.face.say("state", { kind, ...words }),
      onLost: () => this.#lost(),
      is: (name) => this.is(name),
    })
    for (const channel of ir.channels) {
      if (channel.kind !== "command") continue
      this.#executors.set(channel.name, this.#executor(channel))
    }
    const config = ir.channels.find(({ kind }) => kind === "config")
    if (config?.kind === "config")
      this.#config = new PeerConfig({
        store: this.#store,
        versionField: config.versionField,
        is: (name) => this.is(name),
        report: (report) =>
          void this.#publishLeg(this.#view.leg(config.name, "reported")!, report, {
            retain: !this.is("report-not-retained"),
          }),
        applied: (value, words) =>
          this.face.say("applied", { channel: config.name, ...words, restored: words.restored }, value),
      })
    this.face.onTell = (line) => void this.#told(line)
    this.face.onTerminate = () => void this.#goodbye()
    for (const { topic, payload } of this.#store.outbox) {
      const place = this.#view.place(topic)
      if (place !== undefined) this.#outbox.push({ leg: place.view, payload, ref: undefined })
    }
    this.face.onKill = () => {
      this.#dead = true
      for (const executor of this.#executors.values()) executor.die()
      clearInterval(this.#timer)
      clearTimeout(this.#linkLost)
      this.#link.destroy()
    }
    this.face.say("subject", { fleetwire: 1 })
    const spec = ir.params.find(({ name }) => name === param)!
    const fits = spec.pattern === undefined || new RegExp(`^(?:${spec.pattern})$`, "u").test(launch.identity)
    if (
      (!fits || spec.reserved.includes(launch.identity) || /[/+#]/.test(launch.identity)) &&
      !this.is("takes-any-identity") &&
      !this.is("takes-reserved-identity")
    ) {
      this.face.exit(1)
      return
    }
    this.#link.start()
  }

  is(name: string): boolean {
    return this.defect === name
  }

  #topic(leg: LegView): string {
    if (!this.is("takes-any-identity")) return this.#view.topic(leg, this.launch.identity)
    return leg.template.text.replace(`{${this.#view.ir.device.param}}`, this.launch.identity)
  }

  #filter(leg: LegView): string {
    return this.is("takes-any-identity") ? this.#topic(leg) : this.#view.filter(leg, this.launch.identity)
  }

  #inbound(): readonly LegView[] {
    // What controllers say to each other is none of a device's affair.
    return this.#view.legs.filter(
      ({ leg, channel }) => channel.kind === "presence" || (leg.from === "controller" && channel.kind !== "event"),
    )
  }

  #presence(): LegView | undefined {
    return this.#view.legs.find(({ channel }) => channel.kind === "presence")
  }

  #will() {
    this.#session += this.is("will-of-old-session") && this.#session > 0 ? 0 : 1
    const leg = this.#presence()!
    const retain = !this.is("will-not-retained")
    const topic = this.is("will-on-other-topic") ? `${this.#topic(leg)}/will` : this.#topic(leg)
    const qos = this.is("will-at-qos-0") ? 0 : leg.leg.qos
    return { topic, payload: this.#presenceOctets(this.is("will-says-online")), qos, retain }
  }

  #presenceOctets(online: boolean): Buffer {
    const leg = this.#presence()!
    const words = leg.channel.kind === "presence" ? (online ? leg.channel.online : leg.channel.offline) : {}
    const made = makeMessage(
      this.#view,
      leg,
      {},
      { device: this.launch.identity, with: words as Record<string, unknown> },
    )
    const session = this.#view.fieldWith(leg, "session")
    if (session !== undefined) (made as Record<string, unknown>)[session.name] = this.#session
    return encodeMessage(this.#view, leg, made, leg.leg.sends)
  }

  async #establish(sessionPresent: boolean): Promise<void> {
    clearTimeout(this.#linkLost)
    if (!sessionPresent || !this.#subscribed) {
      if (this.is("birth-before-subscribe")) await this.#birth()
      if (!(this.is("no-resubscribe") && this.#settled)) {
        const filters = this.#inbound().map((leg) =>
          this.is("subscribes-for-all") && leg.channel.kind === "command" ? this.#view.filter(leg) : this.#filter(leg),
        )
        const granted = await this.#link.subscribe([...new Set(filters)])
        this.#subscribed = granted || this.is("ignores-suback")
        if (!this.#subscribed) throw new Error("not granted")
      }
    }
    if (this.is("telemetry-before-birth")) this.#spontaneous()
    await this.#birth()
    for (const executor of this.#executors.values()) await executor.recover()
    this.#drain()
    setTimeout(() => this.#settle(), QUIET_MS)
    if (this.is("commands-before-config")) this.#settle()
    clearInterval(this.#timer)
    this.#spontaneous()
    this.#timer = setInterval(() => this.#spontaneous(), TELEMETRY_MS)
    this.#timer.unref()
  }

  async #birth(): Promise<void> {
    this.#online = true
    this.#saidOnline = performance.now()
    const leg = this.#presence()!
    const retain = !this.is("birth-not-retained")
    await this.#link.publish(this.#topic(leg), this.#presenceOctets(true), {
      qos: leg.leg.qos,
      retain,
      ...this.#properties(leg),
    })
  }

  /** F-2: once both configurations are here, or it has been quiet. */
  #settle(): void {
    this.#settled = true
    this.#config?.lift()
    for (const run of this.#parked.splice(0)) run()
  }

  #lost(): void {
    this.#online = false
    clearInterval(this.#timer)
    const lost = this.#view.ir.channels.find(
      (channel): channel is CommandChannelIr => channel.kind === "command" && channel.command.onLinkLost !== undefined,
    )
    clearTimeout(this.#linkLost)
    if (lost === undefined || this.is("no-action-on-link-loss")) return
    this.#linkLost = setTimeout(
      () => this.#executors.get(lost.name)!.abort({ code: "preempted", detail: "the link was lost" }),
      lost.command.onLinkLost!.afterMs,
    )
  }

  #spontaneous(): void {
    if (this.#link.client?.open !== true) return
    for (const leg of this.#view.legs) {
      if (leg.leg.from !== "device" || leg.leg.name !== "message") continue
      if (leg.channel.kind !== "telemetry" && leg.channel.kind !== "state") continue
      const retain = leg.channel.kind === "state" ? !this.is("state-not-retained") : this.is("telemetry-retained")
      const qos = this.is("wrong-qos") ? 1 : leg.leg.qos
      const format = this.is("compact-at-3.1.1") && leg.leg.accepts.includes("compact") ? "compact" : leg.leg.sends
      let octets = encodeMessage(
        this.#view,
        leg,
        makeMessage(this.#view, leg, {}, { device: this.launch.identity }),
        format,
      )
      if (this.is("sends-invalid")) octets = Buffer.from('{"nothing":1}')
      void this.#link.publish(this.#topic(leg), octets, {
        qos,
        retain,
        ...this.#properties(leg, format),
      })
    }
  }

  #properties(leg: LegView, format = leg.leg.sends): Pick<RawPublishOptions, "properties"> {
    if (this.is("no-content-type")) return {}
    const contentType = this.is("content-type-without-version")
      ? this.#view.contentType(format).split(";")[0]!
      : this.#view.contentType(format)
    return { properties: { contentType, payloadFormatIndicator: format !== "protobuf" && format !== "bytes" } }
  }

  #publishLeg(leg: LegView, message: unknown, options: RawPublishOptions = {}): Promise<boolean> {
    const octets = encodeMessage(this.#view, leg, message, leg.leg.sends)
    return this.#link.publish(this.#topic(leg), octets, {
      qos: leg.leg.qos,
      retain: leg.leg.retain,
      ...this.#properties(leg),
      ...options,
    })
  }

  #executor(channel: CommandChannelIr): PeerExecutor {
    const reply = this.#view.leg(channel.name, "reply")!
    return new PeerExecutor({
      semantics: channel.command,
      store: this.#store,
      journal: channel.command.journal === "required" || (channel.command.journal === "optional" && this.#keeps),
      is: (name) => this.is(name),
      duration: (message) => Number((message.parameters as { duration?: number } | undefined)?.duration ?? 5),
      encode: (request, outcome) => this.#reply(reply, request.id, outcome),
      reply: (payload, request) => {
        const device = this.launch.identity
        const topic = this.is("replies-elsewhere")
          ? `${this.#view.topic(reply, device)}/elsewhere`
          : this.#view.topic(reply, device)
        const correlation =
          request.correlation === undefined || this.is("no-correlation") ? {} : { correlationData: request.correlation }
        const { properties } = this.#properties(reply)
        const sent = this.#link.publish(topic, payload, {
          qos: this.is("replies-at-qos-0") ? 0 : reply.leg.qos,
          properties: { ...properties, ...correlation },
        })
        return sent
      },
      say: (verb, words) => this.face.say(verb, { channel: channel.name, ...words }),
    })
  }

  #reply(leg: LegView, id: string, { code, detail, retryAfterMs }: PeerOutcome): Buffer {
    const semantics = this.#view.semantics(leg.channel)!
    const made = makeMessage(
      this.#view,
      leg,
      {},
      {
        device: this.launch.identity,
        id: this.is("replies-with-other-id") ? `${id}x`.slice(-40) : id,
        with: {
          ...writeReply(semantics, {
            outcome: code === undefined || this.is("failures-as-success") ? "success" : "failure",
            ...(code === undefined ? {} : { code }),
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          }),
          ...(semantics.outcome?.detail === undefined || code === undefined
            ? {}
            : {
                [semantics.outcome.detail]:
                  `[${code}${retryAfterMs === undefined ? "" : ` retry_after_ms=${retryAfterMs}`}] ${detail ?? ""}`.trim(),
              }),
        },
      },
    )
    return encodeMessage(this.#view, leg, made, leg.leg.sends)
  }

  #take(message: RawMessage, settle: () => void): void {
    const place = this.#view.place(message.topic)
    const known = place !== undefined && this.#inbound().some(({ id }) => id === place.view.id)
    if (!known || (place.device !== undefined && place.device !== this.launch.identity)) {
      if (this.is("dies-of-bad-topics") && message.topic.includes("\ufffd")) this.face.kill()
      this.face.say("unroutable", { topic: message.topic.replaceAll(" ", "_") })
      if (this.is("dies-of-foreign-topic")) this.face.kill()
      else if (!this.is("keeps-foreign-topic")) settle()
      return
    }
    const leg = place.view
    switch (leg.channel.kind) {
      case "presence":
        settle()
        this.#presenceHeard(message)
        break
      case "config":
        this.#configHeard(leg, message)
        if (!this.is("never-acknowledges-config")) settle()
        break
      case "command":
      case "broadcast":
        if (
          message.retain &&
          !this.is("runs-retained") &&
          !(leg.channel.kind === "broadcast" && this.is("runs-retained-broadcast"))
        ) {
          this.face.say("invalid", { channel: leg.channel.name })
          if (this.is("dies-of-rubbish") && message.payload[0] === 0xff) this.face.kill()
          settle()
          return
        }
        if (this.#settled || this.is("commands-before-config")) this.#request(leg, message, settle)
        else this.#parked.push(() => this.#request(leg, message, settle))
        break
      case "action":
        this.#action(leg, message, settle)
        break
      default:
        settle()
    }
  }

  #presenceHeard(message: RawMessage): void {
    const { channel } = this.#presence()!
    if (
      message.retain ||
      !this.#online ||
      this.#link.closing ||
      channel.kind !== "presence" ||
      this.is("ignores-foreign-offline")
    )
      return
    const read = this.#view.decode(this.#presence()!, message.payload, message.properties.contentType)
    if (!read.ok || !matchesPresence(channel, read.value, false)) return
    const session = this.#view.fieldWith(this.#presence()!, "session")
    if (
      session !== undefined &&
      (read.value as Record<string, unknown>)[session.name] !== this.#session &&
      !this.is("believes-old-session")
    )
      return
    if (this.#repairing && !this.is("repairs-in-storm")) return
    this.#repairing = true
    const wait = this.is("repairs-in-storm") ? 0 : Math.max(0, this.#saidOnline + 1_000 - performance.now())
    if (wait > 0) this.#saidOnline = performance.now() + wait
    setTimeout(() => {
      this.#repairing = false
      if (this.#online) void this.#birth()
    }, wait).unref()
  }

  #configHeard(leg: LegView, message: RawMessage): void {
    const side = leg.leg.name === "fleet" ? "fleet" : "own"
    if (message.payload.length === 0) {
      this.#config!.take(side, undefined, undefined)
      return
    }
    const read = this.#view.decode(leg, message.payload, message.properties.contentType)
    if (read.ok) this.#config!.take(side, read.value as Record<string, unknown>, undefined)
    else {
      this.face.say("invalid", { channel: leg.channel.name })
      this.#config!.take(side, undefined, { why: read.why, version: readNumber(message.payload, "version") })
    }
  }

  #action(leg: LegView, message: RawMessage, settle: () => void): void {
    const correlation = message.properties.correlationData?.toString("hex")
    const read = this.#view.decode(leg, message.payload, message.properties.contentType)
    if (!read.ok || message.retain) this.face.say("invalid", { channel: leg.channel.name })
    else if (correlation === undefined || !this.#actions.has(correlation) || this.is("repeats-actions")) {
      if (correlation !== undefined) this.#actions.add(correlation)
      if (!this.is("ignores-actions")) this.face.say("run", { channel: leg.channel.name })
    }
    if (!this.is("keeps-actions")) settle()
  }

  #request(leg: LegView, message: RawMessage, settle: () => void): void {
    const { channel } = leg
    const served = channel.kind === "broadcast" && channel.as !== undefined ? channel.as : channel.name
    const executor = this.#executors.get(served)!
    const semantics = this.#view.semantics(channel)!
    const { correlationData, responseTopic, contentType, messageExpiryInterval, userProperties } = message.properties
    const unwanted = userProperties?.["fleetwire-cancel"]
    if (semantics.cancel === true && typeof unwanted === "string" && message.payload.length === 0) {
      executor.cancel(unwanted)
      settle()
      return
    }
    if (JSON.stringify(userProperties ?? {}).length > 50_000 && this.is("dies-of-user-properties")) this.face.kill()
    const oversize = message.payload.length > leg.leg.maxBytes
    if (message.payload.length >= 1_000_000 && this.is("dies-of-large-payloads")) this.face.kill()
    const format = contentType === undefined ? leg.leg.sends : formatOf(contentType)
    const version = /v=(\d+)/.exec(contentType ?? "")?.[1]
    let invalid: string | undefined
    let value: Record<string, unknown> = {}
    const read =
      oversize && this.is("reads-oversize")
        ? this.#view.codec(leg.leg.message, "json").decode(message.payload)
        : undefined
    const decoded =
      read !== undefined
        ? read.ok
          ? read
          : { ok: false as const, why: "oversize" }
        : this.is("guesses-format") && (format === undefined || !leg.leg.accepts.includes(format))
          ? this.#view.decode(leg, message.payload)
          : this.#view.decode(leg, message.payload, contentType)
    if (decoded.ok) value = decoded.value as Record<string, unknown>
    else invalid = decoded.why
    if (version !== undefined && Number(version) !== this.#view.major && !this.is("ignores-version"))
      invalid = "another version of the contract"
    if (invalid !== undefined && this.#forgives(invalid)) {
      value = JSON.parse(message.payload.toString("utf8")) as Record<string, unknown>
      invalid = undefined
    }
    if (
      this.is("refuses-unknown-fields") &&
      Object.keys(
        JSON.parse(oversize || invalid !== undefined ? "{}" : message.payload.toString("utf8")) as object,
      ).includes("fw_kit_unknown")
    )
      invalid = "a field too many"
    if (this.is("requires-defaults") && invalid === undefined && !message.payload.includes("priority"))
      invalid = "no priority"
    const ownReply = this.#view.leg(served, "reply")
    if (
      invalid === undefined &&
      responseTopic !== undefined &&
      ownReply !== undefined &&
      responseTopic !== this.#view.topic(ownReply, this.launch.identity) &&
      channel.kind === "command" &&
      !this.is("takes-any-response-topic")
    )
      invalid = "a foreign response topic"
    const id = oversize ? undefined : readId(message.payload, semantics.correlate.request)
    if (invalid !== undefined) {
      this.face.say("invalid", { channel: channel.name })
      if (!this.is("no-safe-action")) executor.abort({ code: "preempted", detail: "the safe action" })
      const say =
        id ??
        (correlationData === undefined || this.launch.mqtt !== "5" || this.is("silent-without-id")
          ? undefined
          : "unknown")
      if (say === undefined || this.is("silent-on-invalid")) {
        if (!this.is("withholds-invalid")) settle()
        return
      }
      const code = this.is("invalid-without-code") ? "command_failed" : "invalid_payload"
      const reply = this.#view.leg(served, "reply")!
      const payload = this.#reply(reply, say, { code, detail: invalid.slice(0, 60) })
      const sent = this.#executorReply(reply, payload, correlationData)
      if (this.is("withholds-invalid")) return
      void sent.then(settle)
      return
    }
    const arrived = performance.now()
    const seenId = String(value[semantics.correlate.request])
    // C-5: the declared time of sending where clocks are trusted.
    const { trustedClock } = semantics
    const ago =
      trustedClock === undefined || this.is("trusts-no-clock") ? 0 : Date.now() - Number(value[trustedClock]) * 1_000
    const first = this.#firstSeen.get(seenId) ?? arrived - Math.max(0, ago)
    this.#firstSeen.set(seenId, first)
    const expiryMs =
      this.launch.mqtt === "5"
        ? messageExpiryInterval === undefined
          ? undefined
          : messageExpiryInterval * 1_000
        : leg.leg.expiryMs
    const request: PeerRequest = {
      id: seenId,
      hash: createHash("sha256").update(message.payload).digest("hex"),
      message: value,
      correlation: correlationData,
      traceparent: this.is("drops-traceparent") ? undefined : (userProperties?.traceparent as string | undefined),
      deadline: expiryMs === undefined ? undefined : (this.launch.mqtt === "5" ? arrived : first) + expiryMs,
      settle,
      progress: () => this.#progress(served, seenId, correlationData),
    }
    if (channel.kind === "broadcast" && this.is("ignores-broadcast")) settle()
    else executor.take(request, channel.kind === "broadcast" && this.is("runs-broadcasts-twice"))
  }

  /** C-12: half of it is done. */
  #progress(channel: string, id: string, correlation: Buffer | undefined): void {
    const leg = this.#view.leg(channel, "progress")
    if (leg === undefined) return
    const made = makeMessage(this.#view, leg, {}, { device: this.launch.identity, id, with: { percent: 50 } })
    void this.#publishLeg(leg, made, {
      properties: {
        ...this.#properties(leg).properties,
        ...(correlation === undefined ? {} : { correlationData: correlation }),
      },
    })
  }

  /** A defect that lets one kind of mistake pass. */
  #forgives(invalid: string): boolean {
    if (this.is("accepts-out-of-range"))
      return /above|maximum|more than|at most|greater/.test(invalid) && !/octets/.test(invalid)
    return this.is("accepts-unknown-words") && /one of|enum|unknown/.test(invalid)
  }

  #executorReply(leg: LegView, payload: Buffer, correlation: Buffer | undefined): Promise<boolean> {
    const { properties } = this.#properties(leg)
    return this.#link.publish(this.#topic(leg), payload, {
      qos: leg.leg.qos,
      properties: { ...properties, ...(correlation === undefined ? {} : { correlationData: correlation }) },
    })
  }

  /** What an application tells it to publish goes through a bounded outbox. */
  async #told(line: SubjectLine): Promise<void> {
    if (this.#dead) return
    const { ref, channel = "" } = line.words
    if (line.verb === "counters" && this.is("shows-no-counters")) return
    if (line.verb === "counters") return void this.face.say("counters", { ref }, { dropped: this.#link.dropped })
    if (line.verb !== "publish" && line.verb !== "clear") return
    const leg = this.#view.leg(channel, "message")!
    if (line.verb === "clear") {
      await this.#link.publish(this.#topic(leg), Buffer.alloc(0), {
        qos: leg.leg.qos,
        retain: !this.is("clears-not-retained"),
      })
      return this.face.say("outcome", { ref, ok: 1 })
    }
    const { isObject, value } = { isObject: typeof line.value === "object", value: line.value }
    const message = isObject
      ? makeMessage(this.#view, leg, {}, { device: this.launch.identity, with: value as Record<string, unknown> })
      : value
    const made = this.#view.codec(leg.leg.message, leg.leg.sends).encode(message)
    if (!made.ok && !this.is("sends-what-is-invalid"))
      return this.face.say("outcome", { ref, code: "invalid_argument", sent: 0 })
    const payload = made.ok ? Buffer.from(made.value) : Buffer.from(JSON.stringify(message))
    const { bound, drop, durable } = leg.leg.outbox
    if (durable && !this.is("outbox-not-durable"))
      this.#store.outbox.push({
        topic: this.#topic(leg),
        payload,
        qos: leg.leg.qos,
        retain: leg.leg.retain,
      })
    const same = this.#outbox.filter((each) => each.leg.id === leg.id)
    if (!this.#link.ready && same.length >= bound && !this.is("unbounded-outbox")) {
      const evicted = drop === "oldest" || drop === "latest-only" ? same[0]! : undefined
      if (!this.is("loses-silently")) {
        this.#link.dropped.bound = (this.#link.dropped.bound ?? 0) + 1
        this.face.say("outcome", { ref: evicted === undefined ? ref : evicted.ref, code: "dropped", sent: 0 })
      }
      if (evicted === undefined) return
      this.#outbox.splice(this.#outbox.indexOf(evicted), 1)
    }
    if (this.is("reorders")) this.#outbox.unshift({ leg, payload, ref })
    else this.#outbox.push({ leg, payload, ref })
    if (this.is("drops-while-offline") && !this.#link.ready) this.#outbox.pop()
    this.#drain()
  }

  #drain(): void {
    if (this.#link.client?.open !== true || !this.#online) return
    for (const { leg, payload, ref } of this.#outbox.splice(0))
      void this.#link
        .publish(this.#topic(leg), payload, {
          qos: leg.leg.qos,
          retain: leg.leg.retain,
          ...this.#properties(leg),
        })
        .then((ok) => {
          if (this.#dead) return
          const kept = this.#store.outbox.findIndex((each) => each.payload === payload)
          if (ok && kept >= 0) this.#store.outbox.splice(kept, 1)
          this.face.say("outcome", ok ? { ref, ok: 1 } : { ref, code: "unavailable" })
        })
  }

  async #goodbye(): Promise<void> {
    clearInterval(this.#timer)
    const leg = this.#presence()!
    this.#online = false
    if (this.is("disconnects-without-offline")) {
      await this.#link.end()
      this.face.exit(0)
      return
    }
    if (this.is("hangs-on-close")) return
    this.#link.closing = true
    const said = this.#link.publish(this.#topic(leg), this.#presenceOctets(false), {
      qos: leg.leg.qos,
      retain: true,
      ...this.#properties(leg),
    })
    if (this.is("disconnects-before-ack")) {
      await this.#link.end()
    } else {
      await Promise.race([said, new Promise((resolve) => setTimeout(resolve, 2_000))])
      if (this.is("ends-without-disconnect")) this.#link.destroy()
      else await this.#link.end()
    }
    this.face.exit(0)
  }
}

function readId(payload: Buffer, field: string): string | undefined {
  const found = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(payload.toString("utf8"))
  return found?.[1]
}

function readNumber(payload: Buffer, field: string): number {
  return Number(new RegExp(`"${field}"\\s*:\\s*(\\d+)`).exec(payload.toString("utf8"))?.[1] ?? 0)
}
