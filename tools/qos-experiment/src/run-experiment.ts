import { type MosquittoSettings, startMosquitto } from "@fleetwire/broker-lab"
import { mqttTransport } from "@fleetwire/mqtt"
import type { ProtocolVersion } from "@fleetwire/runtime"
import { createController, createDevice } from "@fleetwire/runtime/codegen-v1"
import { channelOf, contract, LEVELS, type Level, reader } from "./numbered-contract.js"
import { type Tally, tallyOf } from "./tally.js"

/** What happens to the broker in mid-stream. */
export interface Mishap {
  readonly name: string
  /** `kill`: kill -9. `stop`: an orderly end, in which the broker saves what it persists. */
  readonly end: "kill" | "stop"
  readonly broker: MosquittoSettings
}

/** The mishaps of the printed tables. */
export const MISHAPS: readonly Mishap[] = [
  { name: "kill -9, nothing is persisted", end: "kill", broker: {} },
  {
    name: "kill -9, state saved after each change",
    end: "kill",
    broker: { persistence: true, settings: { autosave_on_changes: true, autosave_interval: 1 } },
  },
  { name: "orderly restart, state is saved", end: "stop", broker: { persistence: true } },
]

export interface ExperimentOptions {
  readonly mishap: Mishap
  readonly protocol: ProtocolVersion
  /** Messages on each topic. */
  readonly messages: number
  /** On each topic. */
  readonly perSecond: number
  /** Milliseconds between end and restart of the broker. */
  readonly downMs: number
}

/** What became of the messages of each level. */
export type Outcome = Readonly<Record<Level, Tally>>

/**
 * Sends numbered messages on three topics, ends the broker after about half of them and starts it again, and counts what
 * the one subscriber of each topic got.
 */
export async function runExperiment(options: ExperimentOptions): Promise<Outcome> {
  const { mishap, protocol, messages, perSecond, downMs } = options
  const broker = await startMosquitto({
    ...mishap.broker,
    settings: { max_queued_messages: 0, ...mishap.broker.settings },
  })
  const connect = { url: broker.url, protocol, transport: mqttTransport(), reconnect: { spreadMs: 0, baseMs: 50 } }
  const received: Record<Level, number[]> = { 0: [], 1: [], 2: [] }
  const readers = LEVELS.map((level) => {
    // A subscriber of its own for each level, so that none waits for another.
    const engine = createController({ contract, role: reader }, { ...connect, instance: `reader-${level}` })
    const stream = engine.stream<number, { readonly counter: string }>(channelOf(level))
    return { engine, reading: stream.handle(({ message }) => void received[level].push(message)) }
  })
  const device = createDevice({ contract, channels: LEVELS.map(channelOf) }, "counter-1", connect)
  try {
    await Promise.all(readers.map(({ engine }) => engine.client.connect()))
    await Promise.all(readers.map(({ reading }) => reading.ready))
    await device.client.connect()
    const publishers = LEVELS.map((level) => ({ level, publisher: device.publisher<number>(channelOf(level)) }))
    const accepted: Record<Level, number> = { 0: 0, 1: 0, 2: 0 }
    const sent: Promise<void>[] = []
    let mishapOver: Promise<void> | undefined
    for (let number = 1; number <= messages; number += 1) {
      for (const { level, publisher } of publishers) {
        const settled = publisher.publish(number).then(
          () => {
            accepted[level] += 1
          },
          // What QoS 0 cannot send, and what a policy drops, is the publisher's to know; it is counted as not accepted.
          () => {},
        )
        sent.push(settled)
      }
      if (number === Math.floor(messages / 2)) mishapOver = befall(broker, mishap, downMs)
      await wait(1000 / perSecond)
    }
    await mishapOver
    await Promise.race([Promise.all(sent), patience(10_000)])
    await quiet(received)
    return Object.fromEntries(
      LEVELS.map((level) => [level, tallyOf({ sent: messages, accepted: accepted[level], received: received[level] })]),
    ) as unknown as Outcome
  } finally {
    await Promise.allSettled([device.client, ...readers.map(({ engine }) => engine.client)].map((one) => one.close()))
    await broker.stop()
  }
}

async function befall(
  broker: Awaited<ReturnType<typeof startMosquitto>>,
  mishap: Mishap,
  downMs: number,
): Promise<void> {
  // An orderly stop would remove the broker's directory; a restart ends it in an orderly way and keeps it.
  if (mishap.end === "stop") {
    await broker.restart()
    return
  }
  await broker.kill()
  await wait(downMs)
  await broker.restart()
}

/** Waits until nothing has arrived for a second. */
async function quiet(received: Readonly<Record<Level, readonly number[]>>): Promise<void> {
  const count = (): number => LEVELS.reduce<number>((sum, level) => sum + received[level].length, 0)
  for (let before = -1; before !== count(); ) {
    before = count()
    await wait(1_000)
  }
}

/** A wait that does not keep the process. */
function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
