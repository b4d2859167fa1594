import { randomBytes } from "node:crypto"
import type { ChannelIr, ContractIr, RoleIr } from "@fleetwire/ir"
import { ContractView, type LegView } from "../../src/contract-view.js"
import { matchesPresence } from "../../src/expect-step.js"
import { encodeMessage, makeMessage } from "../../src/make-message.js"
import type { RawMessage, RawPublishOptions } from "../../src/raw-client.js"
import { readReply } from "../../src/reply-words.js"
import type { Launch, StartSubject } from "../../src/subject.js"
import type { SubjectLine } from "../../src/subject-line.js"
import { PeerFace } from "./peer-face.js"
import { PeerLink } from "./peer-link.js"

/** Starts controllers that keep the protocol, or break it in one way, by hand on raw packets. */
export function peerController(ir: ContractIr, defect?: string): StartSubject {
  return async (launch) => new PeerController(ir, launch, defect).face
}

interface Call {
  readonly ref: string
  readonly leg: LegView
  readonly id: string
  readonly topic: string
  readonly deadline: number
  sent: boolean
  send(): void
  end(words: Readonly<Record<string, string | number>>, value?: unknown): void
}

interface Watch {
  readonly ref: string
  readonly leg: LegView
  readonly device: string | undefined
  readonly takes: number
  fails: number
  readonly calls: string | undefined
  identifier?: number
  queue: { readonly run: () => Promise<void> }[]
  busy: boolean
}

const QUIET_MS = 250

// Longer than 400 lines on purpose: one controller from CONNECT to DISCONNECT, so that a defect can be read in its place.
class PeerController {
  readonly face = new PeerFace()
  readonly #view: ContractView
  readonly #role: RoleIr
  readonly #streams: PeerLink
  /** M-5: calls have a connection of their own. */
  readonly #calls: PeerLink
  readonly #pending = new Map<string, Call>()
  readonly #watches: Watch[] = []
  readonly #presence = new Map<string, string>()
  readonly #counters = { late: 0, invalid: 0, dropped: { bound: 0 } as Record<string, number> }
  readonly #outbox: (() => void)[] = []
  readonly #broadcasts = new Map<string, { readonly ref: string; readonly silent: Set<string> }>()
  #presenceReady = false
  #ready = 0
  #filters = new Set<string>()

  constructor(
    ir: ContractIr,
    launch: Launch,
    private readonly defect: string | undefined,
  ) {
    this.#view = new ContractView(ir, this.is("ignores-prefix") ? undefined : launch.prefix)
    this.#role = ir.roles.find(({ name }) => name === launch.role)!
    const { session } = this.#role
    const stem = this.is("random-client-id")
      ? `peer-${randomBytes(4).toString("hex")}`
      : `${ir.name}.${launch.role}.${launch.identity}`
    const common = {
      launch,
      expirySeconds: session.kind === "persistent" ? session.expirySeconds : 0,
      persistent: session.kind === "persistent" && !this.is("clean-session"),
      receiveMaximum: 80,
      onLost: () => undefined,
      is: (name: string) => this.is(name),
    }
    this.#streams = new PeerLink({
      ...common,
      clientId: stem,
      onMessage: (message, settle) => this.#heard(message, settle),
      establish: (present) => this.#establish(present),
      onState: (kind, words = {}) => this.#state(kind, words),
    })
    this.#calls = this.is("one-connection")
      ? this.#streams
      : new PeerLink({
          ...common,
          clientId: `${stem}.calls`,
          onMessage: (message, settle) => this.#replied(message, settle),
          establish: (present) => this.#establishCalls(present),
          onState: (kind, words = {}) => this.#state(kind, words),
        })
    this.face.onTell = (line) => this.#told(line)
    this.face.onTerminate = () => void this.#end()
    this.face.onKill = () => {
      this.#streams.destroy()
      this.#calls.destroy()
    }
    this.face.say("subject", { fleetwire: 1 })
    this.#streams.start()
    if (this.#calls !== this.#streams) this.#calls.start()
  }

  is(name: string): boolean {
    return this.defect === name
  }

  #state(kind: string, words: Readonly<Record<string, string | number>>): void {
    if (kind !== "ready") {
      this.#ready = 0
      this.face.say("state", { kind, ...words })
      return
    }
    this.#ready += 1
    if (this.#ready === (this.#calls === this.#streams ? 1 : 2) || (this.#streams.ready && this.#calls.ready))
      this.face.say("state", { kind: "ready" })
    if (this.#streams.ready) for (const send of this.#outbox.splice(0)) send()
  }

  async #establish(sessionPresent: boolean): Promise<void> {
    const filters = [...this.#presenceLegs(), ...this.#probeLegs()].map((leg) => this.#view.filter(leg))
    if (this.is("probes-before-suback")) this.#probe()
    if (this.#calls === this.#streams) filters.push(...this.#replyFilters())
    const wanted = new Set([...filters, ...this.#filters])
    if (!(sessionPresent && this.#filters.size > 0) && !(this.is("no-resubscribe") && this.#ready < 0)) {
      const again = this.is("no-resubscribe") && this.#filters.size > 0 ? filters : [...wanted]
      const plain = again.filter((filter) => !this.#identifiers.has(filter))
      let granted = plain.length === 0 || (await this.#streams.subscribe(plain))
      for (const filter of again)
        if (!plain.includes(filter))
          granted = (await this.#streams.subscribe([filter], this.#identifiers.get(filter))) && granted
      if (!granted && !this.is("ignores-suback")) throw new Error("not granted")
    }
    for (const filter of wanted) this.#filters.add(filter)
    if (!this.is("probes-before-suback") && !this.is("never-probes")) this.#probe()
    if (this.is("unknown-is-offline")) this.#presenceReady = true
    setTimeout(() => {
      this.#presenceReady = true
    }, QUIET_MS).unref()
    // What is retained is here before anybody is told that it is ready.
    await new Promise((resolve) => setTimeout(resolve, this.is("presence-at-once") ? 0 : QUIET_MS))
  }

  async #establishCalls(sessionPresent: boolean): Promise<void> {
    if (
      !this.is("request-before-subscription") &&
      !(this.is("no-resubscribe") && this.#pending.size >= 0 && this.#lostOnce)
    ) {
      const granted = await this.#calls.subscribe(this.#replyFilters())
      if (!granted && !this.is("ignores-suback")) throw new Error("not granted")
    } else if (this.is("request-before-subscription"))
      setTimeout(() => {
        if (this.#calls.client?.open === true) this.#calls.subscribe(this.#replyFilters()).catch(() => {})
      }, 300)
    this.#lostOnce = true
    if (sessionPresent) return
    // C-10: a lost session ends calls that were sent, unless the contract says that they may be asked again.
    for (const call of [...this.#pending.values()]) {
      if (!call.sent) continue
      const semantics = this.#view.semantics(call.leg.channel)!
      if (semantics.idempotent || semantics.journal === "required" || this.is("asks-again-after-loss")) call.send()
      else if (!this.is("forgets-calls"))
        call.end({ code: "unavailable", sent: 1, mayHaveRun: this.is("denies-run") ? 0 : 1 })
    }
  }

  #lostOnce = false
  /** M-9: at MQTT 5 the broker sends a copy for each filter that overlaps; each copy says which one it is for. */
  readonly #identifiers = new Map<string, number>()

  #replyFilters(): readonly string[] {
    const legs = this.#view.legs.filter(({ leg }) => leg.name === "reply" || leg.name === "progress")
    return [...new Set(legs.map((leg) => this.#view.filter(leg)))]
  }

  #presenceLegs(): readonly LegView[] {
    return this.#view.legs.filter(({ channel, id }) => channel.kind === "presence" && this.#role.read.includes(id))
  }

  /** What its role publishes and reads to learn that it has seen everything stored (P-5). */
  #probeLegs(): readonly LegView[] {
    return this.#view.legs.filter(({ channel }) => channel.name === this.#role.probe)
  }

  #probe(): void {
    for (const leg of this.#probeLegs()) {
      this.#probeId = randomBytes(8).toString("hex")
      const made = makeMessage(this.#view, leg, {}, { device: "", with: { id: this.#probeId } })
      void this.#streams.publish(this.#topic(leg, undefined), encodeMessage(this.#view, leg, made, leg.leg.sends), {
        qos: leg.leg.qos,
        properties: this.#properties(leg),
      })
    }
  }

  #probeId = ""
  #echoed = false

  /** C-12: locally and at once; where it is declared the device is told. */
  #cancel(call: Call | undefined): void {
    call?.end({ code: "canceled", sent: 1, mayHaveRun: 1 })
    if (call === undefined || this.is("cancels-silently")) return
    if (this.#view.semantics(call.leg.channel)?.cancel !== true) return
    void this.#calls.publish(call.topic, Buffer.alloc(0), {
      qos: call.leg.leg.qos,
      properties: { userProperties: { "fleetwire-cancel": call.id } },
    })
  }

  #told(line: SubjectLine): void {
    const { ref = "", channel: name = "", device } = line.words
    const channel = this.#view.ir.channels.find((each) => each.name === name)
    switch (line.verb) {
      case "call":
        this.#call(ref, channel!, device!, line)
        break
      case "cancel":
        if (!this.is("cannot-cancel")) this.#cancel([...this.#pending.values()].find((call) => call.ref === ref))
        break
      case "broadcast":
        this.#broadcast(ref, channel!, line)
        break
      case "config":
        this.#send(ref, this.#view.leg(name, line.words.fleet === "1" ? "fleet" : "desired")!, device, line.value)
        break
      case "publish":
        if (!this.is("drops-actions"))
          this.#send(ref, this.#view.leg(name, channel!.legs[0]!.name)!, device, line.value)
        break
      case "watch":
        this.#watch(ref, channel!, line)
        break
      case "presence": {
        const known = this.#presence.get(device!)
        this.face.say("presence", {
          ref,
          device,
          state: known ?? (this.is("unknown-is-offline") ? "offline" : "unknown"),
          completeness: this.#echoed ? "barrier" : this.#presenceReady ? "quiet-time" : "none",
        })
        break
      }
      case "counters":
        if (!this.is("shows-no-counters"))
          this.face.say(
            "counters",
            { ref },
            {
              ...this.#counters,
              ...(this.is("does-not-count-losses") ? { dropped: { bound: 0 } } : {}),
              ...(this.is("counts-half")
                ? { dropped: { bound: Math.ceil((this.#counters.dropped.bound ?? 0) / 2) } }
                : {}),
              queueDepth: this.#watches.reduce((sum, { queue }) => sum + queue.length, 0),
            },
          )
        break
      case "close":
        void this.#end()
        break
      default:
    }
  }

  #refuse(leg: LegView, device: string | undefined): string | undefined {
    const { param } = this.#view.ir.device
    if (!leg.template.params.includes(param)) return undefined
    const spec = this.#view.ir.params.find(({ name }) => name === param)!
    if (this.is("takes-any-device")) return undefined
    if (spec.reserved.includes(device!) && !this.is("takes-reserved-device")) return "reserved"
    const fits = spec.pattern === undefined || new RegExp(`^(?:${spec.pattern})$`, "u").test(device!)
    return fits || spec.reserved.includes(device!) ? undefined : "no such value"
  }

  #topic(leg: LegView, device: string | undefined): string {
    const { param } = this.#view.ir.device
    if (this.is("takes-any-device"))
      return leg.template.text.replace(`{${param}}`, (device ?? "").replaceAll(/[+#]/g, "x"))
    return this.#view.topic(leg, device ?? "")
  }

  #encode(leg: LegView, value: unknown, id: string | undefined, device: string): Buffer | undefined {
    const own = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
    const fields = this.#view.objectOf(leg)?.fields
    let message: unknown = value
    if (fields !== undefined) {
      const made = makeMessage(this.#view, leg, {}, { device, ...(id === undefined ? {} : { id }) }) as Record<
        string,
        unknown
      >
      const auto = Object.fromEntries(
        fields
          .filter(
            (field) => field.auto !== undefined || field.name === this.#view.semantics(leg.channel)?.correlate.request,
          )
          .map(({ name }) => [name, made[name]]),
      )
      const defaults = this.is("writes-defaults")
        ? Object.fromEntries(
            fields.flatMap((field) => (field.default === undefined ? [] : [[field.name, field.default]])),
          )
        : {}
      message = { ...auto, ...defaults, ...own }
    }
    const made = this.#view.codec(leg.leg.message, leg.leg.sends).encode(message)
    if (made.ok) return Buffer.from(made.value)
    return this.is("sends-what-is-invalid") ? Buffer.from(JSON.stringify(message)) : undefined
  }

  #properties(leg: LegView): NonNullable<RawPublishOptions["properties"]> {
    if (this.is("no-content-type")) return {}
    const { sends } = leg.leg
    const contentType = this.is("content-type-without-version")
      ? this.#view.contentType(sends).split(";")[0]!
      : this.#view.contentType(sends)
    return { contentType, payloadFormatIndicator: sends !== "protobuf" && sends !== "bytes" }
  }

  #call(ref: string, channel: ChannelIr, device: string, line: SubjectLine): void {
    const leg = this.#view.leg(channel.name, "request")!
    const reply = this.#view.leg(channel.name, "reply")!
    const semantics = this.#view.semantics(channel)!
    const refused = this.#refuse(leg, device)
    const id =
      line.words.id ?? (this.is("counts-ids") ? `c${(this.#pending.size % 3) + 1}` : randomBytes(12).toString("hex"))
    const payload = refused === undefined ? this.#encode(leg, line.value, id, device) : undefined
    if (payload === undefined)
      return void this.face.say("outcome", { ref, code: "invalid_argument", sent: 0, mayHaveRun: 0 })
    const known = this.#presence.get(device)
    const offline = known === "offline" || (known === undefined && this.is("unknown-is-offline"))
    if (this.#presenceReady && offline && !this.is("calls-the-offline"))
      return void this.face.say("outcome", { ref, code: "unavailable", sent: 0, mayHaveRun: 0 })
    const timeout = Number(line.words.timeout ?? semantics.timeoutMs)
    const expirySeconds = Math.ceil((leg.leg.expiryMs ?? timeout) / 1000)
    const bare = this.is("bare-requests")
    let timer: NodeJS.Timeout | undefined
    const call: Call = {
      ref,
      leg,
      id,
      topic: this.#topic(leg, device),
      deadline: performance.now() + timeout,
      sent: false,
      send: () => {
        call.sent = true
        const { traceparent } = line.words
        void this.#calls
          .publish(this.#topic(leg, device), payload, {
            qos: this.is("requests-at-qos-0") ? 0 : leg.leg.qos,
            retain: this.is("retains-requests"),
            properties: {
              ...this.#properties(leg),
              ...(bare
                ? {}
                : {
                    correlationData: Buffer.from(id),
                    responseTopic: this.#topic(reply, device),
                    messageExpiryInterval: expirySeconds,
                  }),
              ...(traceparent === undefined || this.is("drops-traceparent") ? {} : { userProperties: { traceparent } }),
            },
          })
          .then((ok) => {
            const limit = this.#calls.client?.connack.properties?.maximumQoS
            if (!ok && limit !== undefined && limit < leg.leg.qos)
              call.end({ code: "unsupported", sent: 0, mayHaveRun: 0 })
          })
      },
      end: (words, value) => {
        if (this.#pending.get(id) !== call && !this.is("two-outcomes")) return
        if (!this.is("late-resolves-next")) this.#pending.delete(id)
        clearTimeout(timer)
        this.face.say("outcome", { ref, ...words }, value)
      },
    }
    this.#pending.set(id, call)
    timer = setTimeout(() => {
      if (!this.is("never-times-out")) call.end({ code: "timeout", sent: 1, mayHaveRun: this.is("denies-run") ? 0 : 1 })
      if (this.is("two-outcomes")) setTimeout(() => call.end({ code: "unavailable", sent: 1, mayHaveRun: 1 }), 200)
      this.#pending.delete(id)
    }, timeout)
    timer.unref()
    call.send()
    const early = this.#early.get(id)
    if (early !== undefined) setTimeout(() => this.#replied(early, () => undefined), 20)
  }

  readonly #early = new Map<string, RawMessage>()

  #onTheWay(leg: LegView, message: RawMessage): void {
    const read = this.#view.decode(leg, message.payload, message.properties.contentType)
    if (!read.ok || this.is("drops-progress")) return
    const id = this.#view.idOf(leg, read.value, message.topic)
    const call =
      (id === undefined ? undefined : this.#pending.get(id)) ??
      (this.is("takes-any-progress") ? [...this.#pending.values()].at(-1) : undefined)
    if (call !== undefined) this.face.say("progress", { ref: call.ref }, read.value)
  }

  #replied(message: RawMessage, settle: () => void): void {
    if (!this.is("keeps-foreign-topic")) settle()
    const place = this.#view.place(message.topic)
    if (place?.view.leg.name === "progress") {
      this.#onTheWay(place.view, message)
      return
    }
    if (place === undefined || place.view.leg.name !== "reply") {
      this.face.say("unroutable", { topic: message.topic.replaceAll(" ", "_") })
      return
    }
    const read = this.#view.decode(place.view, message.payload, message.properties.contentType)
    const loose = read.ok ? read.value : readLoosely(message.payload)
    const id = this.#view.idOf(place.view, loose, message.topic)
    const all = id === undefined ? undefined : this.#broadcasts.get(id)
    if (all !== undefined && place.device !== undefined) {
      all.silent.delete(place.device)
      this.face.say("reply", { ref: all.ref, device: place.device }, read.ok ? read.value : undefined)
      return
    }
    const call =
      (id === undefined ? undefined : this.#pending.get(id)) ??
      (this.is("takes-any-reply") ? [...this.#pending.values()].at(-1) : undefined)
    if (call === undefined && id !== undefined && this.is("keeps-early-replies")) this.#early.set(id, message)
    if (call === undefined) {
      if (id !== undefined && !this.is("does-not-count-late")) this.#counters.late += 1
      return
    }
    if (!read.ok) {
      if (!this.is("ignores-invalid-replies")) call.end({ code: "invalid_payload", sent: 1, mayHaveRun: 1 })
      return
    }
    const words = readReply(this.#view.semantics(call.leg.channel)!, read.value)
    if (words?.outcome === "failure" && words.code === "busy" && !this.is("gives-up-when-busy")) {
      const wait = Math.max(words.retryAfterMs ?? 100, 50) * (1 + Math.random())
      if (performance.now() + wait < call.deadline) {
        setTimeout(() => {
          if (this.#pending.get(call.id) !== call) return
          if (this.is("retries-with-new-id")) {
            call.end({ code: "busy", sent: 1, mayHaveRun: 0 })
            return
          }
          call.send()
        }, wait).unref()
        return
      }
    }
    if (words?.outcome === "failure")
      call.end({
        code: this.is("failures-as-success") ? "none" : (words.code ?? "command_failed"),
        sent: 1,
        mayHaveRun: 1,
      })
    else call.end({ ok: 1 }, read.value)
    if (this.is("two-outcomes") && words?.outcome === "success") this.face.say("outcome", { ref: call.ref, ok: 1 })
  }

  #broadcast(ref: string, channel: ChannelIr, line: SubjectLine): void {
    const leg = this.#view.leg(channel.name, "request")!
    const id = randomBytes(12).toString("hex")
    const payload = this.#encode(leg, line.value, id, "")
    if (payload === undefined) return void this.face.say("outcome", { ref, code: "invalid_argument", sent: 0 })
    const silent = new Set([...this.#presence].filter(([, state]) => state === "online").map(([device]) => device))
    this.#broadcasts.set(id, { ref, silent })
    void this.#calls.publish(this.#topic(leg, undefined), payload, {
      qos: leg.leg.qos,
      retain: this.is("retains-broadcasts"),
      properties: { ...this.#properties(leg), correlationData: Buffer.from(id) },
    })
    setTimeout(
      () => {
        this.#broadcasts.delete(id)
        if (!this.is("forgets-the-silent")) for (const device of silent) this.face.say("silent", { ref, device })
        if (!this.is("broadcast-never-ends")) this.face.say("outcome", { ref, ok: 1 })
      },
      Number(line.words.timeout ?? 5_000),
    ).unref()
  }

  #send(ref: string, leg: LegView, device: string | undefined, value: unknown): void {
    const payload = this.#encode(leg, value, undefined, device ?? "")
    if (payload === undefined || (device !== undefined && this.#refuse(leg, device) !== undefined))
      return void this.face.say("outcome", { ref, code: "invalid_argument", sent: 0 })
    if (this.is("drops-while-offline") && !(this.#streams.ready && this.#calls.ready)) return
    const send = (): void => {
      const retain = leg.channel.kind === "config" ? !this.is("config-not-retained") : leg.leg.retain
      void this.#streams
        .publish(this.#topic(leg, device), payload, {
          qos: this.is("config-at-qos-0") ? 0 : leg.leg.qos,
          retain,
          properties: this.#properties(leg),
        })
        .then((ok) => this.face.say("outcome", ok ? { ref, ok: 1 } : { ref, code: "unavailable" }))
    }
    if (this.#streams.ready) send()
    else this.#outbox.push(send)
  }

  #watch(ref: string, channel: ChannelIr, line: SubjectLine): void {
    const leg = this.#view.leg(channel.name, "message")!
    const { device, takes = "0", fails = "0", calls } = line.words
    this.#watches.push({ ref, leg, device, takes: Number(takes), fails: Number(fails), calls, queue: [], busy: false })
    const filter = this.is("subscribes-to-everything") ? "#" : this.#view.filter(leg, device)
    this.#filters.add(filter)
    const known = this.#identifiers.get(filter) ?? this.#identifiers.size + 1
    this.#identifiers.set(filter, known)
    this.#watches.at(-1)!.identifier = known
    this.#streams.subscribe([filter], known).then(
      () => this.face.say("watching", { ref }),
      // The connection is gone: it is asked for again on the next one.
      () => undefined,
    )
  }

  #heard(message: RawMessage, settle: () => void): void {
    const place = this.#view.place(message.topic)
    if (place === undefined) {
      this.face.say("unroutable", { topic: message.topic.replaceAll(" ", "_") })
      if (!this.is("keeps-foreign-topic")) settle()
      return
    }
    const { view: leg, device } = place
    if ((leg.leg.name === "reply" || leg.leg.name === "progress") && this.#calls === this.#streams)
      return void this.#replied(message, settle)
    if (leg.channel.name === this.#role.probe) {
      if (message.payload.includes(this.#probeId)) this.#echoed = true
      settle()
      return
    }
    if (device !== undefined && device.length > 60_000 && this.is("dies-of-long-topics")) this.face.kill()
    if (leg.channel.kind === "presence") {
      const read = this.#view.decode(leg, message.payload, message.properties.contentType)
      if (read.ok && device !== undefined && !(this.is("ignores-retained-presence") && message.retain))
        this.#presence.set(device, matchesPresence(leg.channel, read.value, true) ? "online" : "offline")
      settle()
      return
    }
    const meant = message.properties.subscriptionIdentifier
    const watches = this.#watches.filter(
      (watch) =>
        watch.leg.id === leg.id &&
        (watch.device === undefined || watch.device === device) &&
        (meant === undefined || watch.identifier === undefined || [meant].flat().includes(watch.identifier)),
    )
    if (message.payload.length === 0 && leg.channel.kind === "state") {
      settle()
      if (this.is("clear-is-invalid")) this.face.say("invalid", { channel: leg.channel.name })
      else for (const { ref } of watches) this.face.say("cleared", { ref, device })
      return
    }
    const oversize = this.is("reads-oversize") && message.payload.length > leg.leg.maxBytes
    let read = oversize
      ? this.#view.codec(leg.leg.message, leg.leg.sends).decode(message.payload)
      : this.#view.decode(leg, message.payload, message.properties.contentType)
    if (!read.ok && this.is("guesses-format")) read = this.#view.decode(leg, message.payload)
    const version = /v=(\d+)/.exec(message.properties.contentType ?? "")?.[1]
    const foreign = version !== undefined && Number(version) !== this.#view.major && !this.is("ignores-version")
    const forgiven = !read.ok && this.is("delivers-invalid") ? readLoosely(message.payload) : undefined
    const strict = this.is("refuses-unknown-fields") && message.payload.includes("fw_kit_unknown")
    if ((!read.ok && forgiven === undefined) || foreign || strict) {
      this.#counters.invalid += 1
      this.face.say("invalid", { channel: leg.channel.name })
      if (!this.is("withholds-invalid")) settle()
      return
    }
    const value = read.ok && "value" in read ? read.value : forgiven
    const late = leg.leg.acknowledge === "on-handled" && !this.is("acknowledges-before-handling")
    if (!late) settle()
    let open = watches.length
    if (open === 0) settle()
    for (const watch of this.is("one-handler-only") ? watches.slice(0, 1) : watches) {
      const bound = leg.leg.queue.bound
      if (message.qos === 0 && watch.queue.length >= bound && !this.is("unbounded-queue")) {
        this.#counters.dropped.bound = (this.#counters.dropped.bound ?? 0) + 1
        watch.queue.shift()
      }
      watch.queue.push({
        run: async () => {
          const times = this.is("twice-per-handler") ? 2 : 1
          for (let turn = 0; turn < times; turn += 1)
            this.face.say(
              "message",
              { ref: watch.ref, device: this.is("untyped-params") ? undefined : device, retained: message.retain },
              value,
            )
          if (watch.takes > 0) await new Promise((resolve) => setTimeout(resolve, watch.takes))
          if (watch.calls !== undefined) await this.#callFrom(watch, device!)
          if (watch.fails > 0) {
            watch.fails -= 1
            this.face.say("error", { channel: leg.channel.name })
            this.#bury(leg, message)
            if (this.is("stops-at-failure")) return
          }
          this.face.say("handled", { ref: watch.ref })
          open -= 1
          if (open === 0) settle()
        },
      })
      if (this.is("reorders") && watch.queue.length > 1) watch.queue.reverse()
      void this.#work(watch)
    }
  }

  /** M-3: to the channel that the contract declares. */
  #bury(leg: LegView, message: RawMessage): void {
    const { channel } = leg
    const named = "deadLetter" in channel ? channel.deadLetter : undefined
    const target = named === undefined ? undefined : this.#view.leg(named, "message")
    if (target === undefined || this.is("loses-dead-letters")) return
    const payload = message.payload.subarray(0, 2_048)
    const letter = { channel: leg.id, topic: message.topic, code: "command_failed", reason: "it failed", payload }
    const octets = encodeMessage(this.#view, target, letter, target.leg.sends)
    void this.#streams.publish(this.#topic(target, undefined), octets, {
      qos: target.leg.qos,
      properties: this.#properties(target),
    })
  }

  #callFrom(watch: Watch, device: string): Promise<void> {
    return new Promise((resolve) => {
      const channel = this.#view.ir.channels.find(({ name }) => name === watch.calls)!
      const ref = `from-${watch.ref}-${randomBytes(3).toString("hex")}`
      const off = this.face.onLine((line) => {
        if (line.verb !== "outcome" || line.words.ref !== ref) return
        off()
        resolve()
      })
      const made = makeMessage(this.#view, this.#view.leg(channel.name, "request")!, {}, { device }) as Record<
        string,
        unknown
      >
      this.#call(ref, channel, device, { verb: "call", words: {}, text: "", value: { action: made.action } })
    })
  }

  async #work(watch: Watch): Promise<void> {
    if (watch.busy) return
    watch.busy = true
    for (let next = watch.queue.shift(); next !== undefined; next = watch.queue.shift()) await next.run()
    watch.busy = false
  }

  async #end(): Promise<void> {
    if (this.is("hangs-on-close")) return
    for (const call of [...this.#pending.values()]) call.end({ code: "closed", sent: 1, mayHaveRun: 1 })
    await this.#streams.end()
    if (this.#calls !== this.#streams) await this.#calls.end()
    this.face.exit(0)
  }
}

function readLoosely(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"))
  } catch {
    return undefined
  }
}
