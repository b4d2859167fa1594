import { encodeMessage, makeMessage } from "./make-message.js"
import { presenceWords } from "./presence-words.js"
import { NotObservable, type RunContext, StepFailure } from "./run-context.js"
import type { ClientStep, ServerPacketStep, StepBody } from "./scenario.js"

/** Makes the subject's wire bad, or good again. */
export function runLink(run: RunContext, how: "cut" | "refuse" | "black-hole" | "half-open" | "heal"): void {
  const { proxy } = run.setting.bench
  if (proxy === undefined) throw new NotObservable("the subject does not come through the kit's proxy")
  if (how === "cut") proxy.reset()
  else if (how === "refuse") {
    proxy.refuse()
    proxy.reset()
  } else if (how === "black-hole") proxy.blackHole()
  else if (how === "half-open") proxy.halfOpen()
  else proxy.heal()
}

/** Does something to the broker. */
export async function runBroker(run: RunContext, how: Extract<StepBody, { broker: unknown }>["broker"]): Promise<void> {
  const { mosquitto, server } = run.setting.bench
  if (how === "hold-acks" || how === "release-acks" || how === "lose-sessions") {
    if (server === undefined) throw new NotObservable("only the scripted broker does that")
    if (how === "hold-acks") server.script.holdAcks = true
    else if (how === "release-acks") server.releaseAcks()
    else server.sessions.clear()
    return
  }
  if (mosquitto === undefined) throw new NotObservable("the broker is not the kit's own")
  switch (how) {
    case "restart":
      await mosquitto.restart()
      await run.setting.bench.rejoin()
      break
    case "kill":
      await mosquitto.kill()
      break
    case "stop":
      await mosquitto.kill()
      break
    case "start":
      await mosquitto.restart()
      await run.setting.bench.rejoin()
      break
    case "pause":
      await mosquitto.pause()
      break
    case "resume":
      await mosquitto.resume()
  }
}

/** The scripted broker answers otherwise from now on, or says something now. */
export function runAnswer(run: RunContext, step: ServerPacketStep): void {
  const { server } = run.setting.bench
  if (server === undefined) throw new NotObservable("only the scripted broker does that")
  if (step.connackCode !== undefined) server.script.connack.code = step.connackCode
  if (step.sessionPresent !== undefined) server.script.connack.sessionPresent = step.sessionPresent
  if (step.subackCode !== undefined) server.script.subackCode = step.subackCode
  if (step.unauthorized === true) server.script.connack.code = run.setting.mqtt === "5" ? 0x87 : 5
  if (step.refuseSubscriptions === true) server.script.subackCode = run.setting.mqtt === "5" ? 0x87 : 0x80
  if (step.hex !== undefined) server.sendOctets(Buffer.from(step.hex, "hex"))
  if (step.disconnect !== undefined) server.sendAll({ cmd: "disconnect", reasonCode: step.disconnect })
  if (step.end === true) server.endAll()
}

/** Another client of the broker. */
export async function runClient(run: RunContext, step: ClientStep): Promise<void> {
  const { bench, view } = run.setting
  const client = run.clients.get(step.name)
  switch (step.do) {
    case "connect": {
      const clientId = step.clientId === "subject" ? subjectClientId(run) : (step.clientId ?? `kit-${step.name}`)
      const will =
        step.willLeg === undefined
          ? undefined
          : {
              topic: view.topic(run.leg(step.willLeg), run.setting.device),
              payload: willPayload(run, step),
              retain: true,
            }
      run.clients.set(
        step.name,
        await bench.connect(clientId, { clean: step.clean ?? true, ...(will === undefined ? {} : { will }) }),
      )
      break
    }
    case "subscribe":
      await client!.subscribe(step.topic!, { qos: step.qos ?? 1 })
      break
    case "publish":
      await client!.publish(step.topic!, step.payload ?? "", { qos: step.qos ?? 1, retain: step.retain ?? false })
      break
    case "disconnect":
      await client!.disconnect()
      break
    case "destroy":
      client!.destroy()
  }
}

function willPayload(run: RunContext, step: ClientStep): Buffer {
  if (step.willSample === undefined) return Buffer.from(step.payload ?? "")
  const { view, profile, device } = run.setting
  const leg = run.leg(step.willLeg!)
  const words = presenceWords(leg.channel, step.willSample)
  return encodeMessage(view, leg, makeMessage(view, leg, profile, { device, with: words }), leg.leg.sends)
}

/** Client id of the subject's last connection, or the one that S-1 gives it. */
export function subjectClientId(run: RunContext): string {
  const { bench, view, scenario, device, instance, role } = run.setting
  const last = bench.proxy?.log.filter(({ cmd }) => cmd === "connect").at(-1)?.packet as
    | { clientId?: string }
    | undefined
  if (last?.clientId !== undefined && last.clientId !== "") return last.clientId
  return scenario.side === "device" ? `${view.ir.name}.device.${device}` : `${view.ir.name}.${role}.${instance}`
}

/** Waits; `link-lost` is longer than the contract waits before the safe action, `memory` than ids are remembered. */
export async function runWait(run: RunContext, step: number | "link-lost" | "memory"): Promise<void> {
  let ms = step
  if (ms === "memory") {
    const kept = [...run.setting.channels.values()].flatMap(
      (channel) => run.setting.view.semantics(channel)?.remember.retentionMs ?? [],
    )
    ms = Math.max(...kept) + 200
  }
  if (ms === "link-lost") {
    const after = [...run.setting.channels.values()].flatMap((channel) =>
      channel.kind === "command" && channel.command.onLinkLost !== undefined
        ? [channel.command.onLinkLost.afterMs]
        : [],
    )
    ms = Math.max(...after) + 1_000
  }
  await run.until(() => undefined, ms)
}

/** Time between a mark and now. */
export function runElapsed(
  run: RunContext,
  step: { readonly since: string; readonly below?: number; readonly above?: number },
): void {
  const mark = run.marks.get(step.since)
  if (mark === undefined) throw new Error(`no mark ${step.since}`)
  const passed = performance.now() - mark.at
  if (step.below !== undefined && passed >= step.below)
    throw new StepFailure(`it took ${Math.round(passed)} ms, at most ${step.below} are allowed`)
  if (step.above !== undefined && passed <= step.above)
    throw new StepFailure(`it took only ${Math.round(passed)} ms, at least ${step.above} were needed`)
}
