import { runExpect } from "./expect-step.js"
import { encodeMessage, type MessageParts, makeMessage } from "./make-message.js"
import { numberField } from "./number-field.js"
import { presenceWords } from "./presence-words.js"
import type { RawPublishOptions } from "./raw-client.js"
import { writeReply } from "./reply-words.js"
import { NotObservable, type RunContext, StepFailure } from "./run-context.js"
import type { PublishStep } from "./scenario.js"
import { spoilJson } from "./spoil-message.js"

/** A quick request and its answer. What the scenario is about is judged only where this works. */
export async function runProbe(run: RunContext, alias: string): Promise<void> {
  const leg = `${alias}.request`
  await runPublish(run, { leg, sample: "quick", id: "probe" })
  try {
    await runExpect(run, { leg: `${alias}.reply`, for: "probe", within: 10_000 })
  } catch (error) {
    if (error instanceof StepFailure) throw new NotObservable(`it answers no request: ${error.message}`)
    throw error
  }
}

/** The kit publishes. */
export async function runPublish(run: RunContext, step: PublishStep): Promise<void> {
  const times =
    step.times === "over-queue"
      ? overQueue(run, step)
      : step.times === "memory"
        ? run.setting.view.semantics(run.leg(step.leg!).channel)!.remember.count
        : (step.times ?? 1)
  for (let turn = 1; turn <= times; turn += 1)
    await publishOnce(run, step, turn, times === 1 ? step.id : step.id === undefined ? undefined : `${step.id}${turn}`)
}

async function publishOnce(
  run: RunContext,
  step: PublishStep,
  turn: number,
  idName: string | undefined,
): Promise<void> {
  const { view, bench, mqtt } = run.setting
  const confirm = step.confirm ?? true
  if (step.topic !== undefined) {
    const topic = view.prefix === undefined ? step.topic : `${view.prefix}/${step.topic}`
    await bench.publish(topic, payloadOf(run, step), { qos: step.qos ?? 1, retain: step.retain ?? false }, confirm)
    return
  }
  const leg = run.leg(step.leg!)
  const device = run.deviceNamed(step.device)
  const request = step.reply === undefined ? undefined : run.remembered.get(step.reply)
  const id = request?.id ?? (idName === undefined ? undefined : run.id(idName))
  const semantics = view.semantics(leg.channel)
  const parts: MessageParts = {
    device,
    ...(step.sample === undefined ? {} : { sample: step.sample }),
    ...(id === undefined ? {} : { id }),
    ...(step.version === undefined ? {} : { version: run.setting.versionBase + step.version }),
    ...(step.agoMs === undefined ? {} : { agoMs: step.agoMs }),
    with: {
      ...(semantics !== undefined && leg.leg.name === "reply"
        ? writeReply(semantics, {
            outcome: step.outcome ?? "success",
            ...(step.code === undefined ? {} : { code: step.code }),
            ...(step.retryAfterMs === undefined ? {} : { retryAfterMs: step.retryAfterMs }),
          })
        : {}),
      ...(step.outcome === undefined ? presenceWords(leg.channel, step.sample) : {}),
      ...step.with,
      ...(step.number === true ? { [numberField(run, leg)]: `kit-${turn}` } : {}),
    },
  }
  let payload: Buffer
  const format = step.format ?? leg.leg.sends
  if (step.again !== undefined) payload = run.payloads.get(step.again)!
  else if (step.cancel === true) payload = Buffer.alloc(0)
  else if (step.octets !== undefined) payload = Buffer.alloc(step.octets, 0x5b)
  else if (step.text !== undefined || step.hex !== undefined) payload = payloadOf(run, step)
  else if (step.spoil !== undefined) {
    if (leg.leg.sends !== "json") throw new NotObservable(`${leg.id} does not send JSON`)
    const message = makeMessage(view, leg, run.setting.profile, parts) as Record<string, unknown>
    const keep =
      semantics !== undefined
        ? [semantics.correlate.request]
        : leg.channel.kind === "config"
          ? [leg.channel.versionField]
          : []
    const spoiled = spoilJson(view, leg, message, step.spoil, keep)
    if (spoiled === undefined) throw new NotObservable(`${leg.leg.message} has no place for "${step.spoil}"`)
    payload = spoiled
  } else payload = encodeMessage(view, leg, makeMessage(view, leg, run.setting.profile, parts), format)
  if (step.as !== undefined) run.payloads.set(step.as, payload)

  const options: RawPublishOptions = {
    qos: step.qos ?? leg.leg.qos,
    retain: step.retain ?? leg.leg.retain,
    ...(mqtt === "5"
      ? { properties: propertiesOf(run, step, leg, device, id, format, request?.message.properties.correlationData) }
      : {}),
  }
  const topic =
    request?.message.properties.responseTopic !== undefined && leg.template.params.length > 1
      ? request.message.properties.responseTopic
      : view.topic(leg, device)
  await bench.publish(topic, payload, options, confirm)
}

function overQueue(run: RunContext, step: PublishStep): number {
  const semantics = run.setting.view.semantics(run.leg(step.leg!).channel)!
  return semantics.concurrency + semantics.queueBound + 2
}

function payloadOf(run: RunContext, step: PublishStep): Buffer {
  if (step.hex !== undefined) return Buffer.from(step.hex, "hex")
  const text = (step.text ?? "").replaceAll(/\{id:([a-z0-9]+)\}/g, (_whole, name: string) => run.id(name))
  return Buffer.from(text)
}

function propertiesOf(
  run: RunContext,
  step: PublishStep,
  leg: ReturnType<RunContext["leg"]>,
  device: string,
  id: string | undefined,
  format: "json" | "compact" | "protobuf" | "text" | "bytes",
  correlationOfRequest: Buffer | undefined,
): NonNullable<RawPublishOptions["properties"]> {
  const { view } = run.setting
  const contentType = step.contentType === undefined ? view.contentType(format) : step.contentType
  const semantics = view.semantics(leg.channel)
  const replyLeg = semantics === undefined ? undefined : view.leg(leg.channel.name, "reply")
  const isRequest = leg.leg.name === "request"
  const expiry =
    step.expirySeconds === undefined
      ? leg.leg.expiryMs === undefined || !isRequest
        ? undefined
        : Math.ceil(leg.leg.expiryMs / 1000)
      : (step.expirySeconds ?? undefined)
  const responseTopic =
    step.responseTopic ??
    (isRequest && replyLeg !== undefined && leg.channel.kind === "command" ? view.topic(replyLeg, device) : undefined)
  const correlation = step.correlation === undefined ? (isRequest ? id : undefined) : run.id(step.correlation)
  const correlationData = correlation === undefined ? correlationOfRequest : Buffer.from(correlation)
  const userProperties = {
    ...(step.traceparent === undefined ? {} : { traceparent: step.traceparent }),
    ...(step.userOctets === undefined ? {} : { bulk: "x".repeat(step.userOctets) }),
    ...(step.cancel === true && id !== undefined ? { "fleetwire-cancel": id } : {}),
  }
  return {
    ...(contentType === null ? {} : { contentType }),
    ...(contentType === null ? {} : { payloadFormatIndicator: format !== "protobuf" && format !== "bytes" }),
    ...(expiry === undefined ? {} : { messageExpiryInterval: expiry }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
    ...(Object.keys(userProperties).length === 0 ? {} : { userProperties }),
  }
}
