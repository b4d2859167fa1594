import { type FaultProxy, type Mosquitto, startFaultProxy, startMosquitto } from "@fleetwire/broker-lab"
import { connectRaw, type MqttVersion, type RawClient, type RawMessage, type RawPublishOptions } from "./raw-client.js"
import type { BrokerSetUp } from "./scenario.js"
import { ScriptedServer } from "./scripted-server.js"

/** A broker for one scenario, the wire to the subject, and the kit's own ear and voice. */
export interface Bench {
  /** Where the subject connects. */
  readonly url: string
  /** Between subject and broker; absent where the subject is attached elsewhere. */
  readonly proxy: FaultProxy | undefined
  /** Absent for the scripted one and for a broker that is given. */
  readonly mosquitto: Mosquitto | undefined
  readonly server: ScriptedServer | undefined
  /** Everything that the kit heard, in order. */
  readonly heard: readonly RawMessage[]
  onHeard(listener: () => void): () => void
  publish(topic: string, payload: Buffer, options: RawPublishOptions, confirm: boolean): Promise<void>
  /** Another client of the broker. */
  connect(
    clientId: string,
    options: { readonly clean: boolean; readonly will?: { topic: string; payload: Buffer; retain: boolean } },
  ): Promise<RawClient>
  /** The kit's connection is made again after the broker came back. */
  rejoin(): Promise<void>
  close(): Promise<void>
}

/** How a bench is made. */
export interface BenchOptions {
  readonly mqtt: MqttVersion
  readonly broker: BrokerSetUp
  /** A broker that runs already, instead of one of its own. */
  readonly url?: string
  /** Filters that the kit listens to. */
  readonly filters: readonly string[]
  readonly clientId: string
  /** Retained messages of the kit that are taken back at the end, on a broker that is given. */
  readonly isOurs?: (topic: string) => boolean
  /** The subject does not come through the kit's proxy. */
  readonly attached?: boolean
}

/** Starts what a scenario needs. */
export async function openBench(options: BenchOptions): Promise<Bench> {
  if (options.broker.kind === "scripted") return openScripted(options)
  const given = options.url
  const { persistence, settings } = options.broker
  const mosquitto =
    given === undefined
      ? await startMosquitto({
          settings: { max_queued_messages: 0, ...settings },
          ...(persistence === undefined ? {} : { persistence }),
        })
      : undefined
  const brokerUrl = given ?? mosquitto!.url
  try {
    const { hostname, port } = new URL(brokerUrl)
    const reach = { targetPort: Number(port === "" ? 1883 : port), targetHost: hostname }
    const proxy = options.attached === true ? undefined : await startFaultProxy(reach)
    const bench = new BrokerBench(options, brokerUrl, mosquitto, proxy)
    await bench.rejoin()
    return bench
  } catch (error) {
    await mosquitto?.stop()
    throw error
  }
}

class BrokerBench implements Bench {
  readonly server = undefined
  readonly heard: RawMessage[] = []
  readonly #listeners = new Set<() => void>()
  readonly #others: RawClient[] = []
  #kit: RawClient | undefined
  readonly #retained = new Set<string>()

  constructor(
    private readonly options: BenchOptions,
    private readonly brokerUrl: string,
    readonly mosquitto: Mosquitto | undefined,
    readonly proxy: FaultProxy | undefined,
  ) {}

  get url(): string {
    return this.proxy?.url ?? this.brokerUrl
  }

  onHeard(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async publish(topic: string, payload: Buffer, options: RawPublishOptions, confirm: boolean): Promise<void> {
    if (options.retain === true && payload.length > 0) this.#retained.add(topic)
    const sent = this.#kit!.publish(topic, payload, options)
    if (confirm) await sent
    else sent.catch(() => undefined)
  }

  async connect(
    clientId: string,
    options: { readonly clean: boolean; readonly will?: { topic: string; payload: Buffer; retain: boolean } },
  ): Promise<RawClient> {
    const { clean, will } = options
    const client = await connectRaw({
      url: this.brokerUrl,
      mqtt: this.options.mqtt,
      clientId,
      clean,
      properties: { sessionExpiryInterval: clean ? 0 : 300 },
      ...(will === undefined ? {} : { will: { ...will, qos: 1 } }),
    })
    this.#others.push(client)
    return client
  }

  async rejoin(): Promise<void> {
    this.#kit?.destroy()
    const kit = await connectRaw({ url: this.brokerUrl, mqtt: this.options.mqtt, clientId: this.options.clientId })
    this.#kit = kit
    kit.onMessage((message) => {
      this.heard.push(message)
      for (const listener of [...this.#listeners]) listener()
    })
    // Retain as published: at MQTT 5 the kit sees the flag that the subject set.
    await kit.subscribe(this.options.filters, { qos: 2, ...(this.options.mqtt === "5" ? { rap: true } : {}) })
  }

  async close(): Promise<void> {
    if (this.options.url !== undefined && this.#kit?.open === true)
      for (const topic of this.#retained)
        if (this.options.isOurs?.(topic) === true)
          await this.#kit.publish(topic, Buffer.alloc(0), { qos: 1, retain: true }).catch(() => undefined)
    for (const client of this.#others) client.destroy()
    this.#kit?.destroy()
    await this.proxy?.stop()
    await this.mosquitto?.stop()
  }
}

async function openScripted(options: BenchOptions): Promise<Bench> {
  const server = await ScriptedServer.start()
  server.script.connack.properties = { ...options.broker.connack }
  const proxy = await startFaultProxy({ targetPort: server.port })
  const listeners = new Set<() => void>()
  server.onMessage(() => {
    for (const listener of [...listeners]) listener()
  })
  return {
    url: proxy.url,
    proxy,
    mosquitto: undefined,
    server,
    heard: server.messages,
    onHeard(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async publish(topic, payload, publishOptions) {
      server.publish(topic, payload, publishOptions)
    },
    connect: () => Promise.reject(new Error("the scripted broker serves the subject alone")),
    rejoin: async () => undefined,
    async close() {
      await proxy.stop()
      await server.close()
    },
  }
}
