import type { LabPacket } from "@fleetwire/broker-lab"
import { runDistinct, runExpect, runSilence, runValid } from "./expect-step.js"
import { runProbe, runPublish } from "./publish-step.js"
import { NotObservable, RunContext, type RunSetting, StepFailure } from "./run-context.js"
import type { Step } from "./scenario.js"
import { runExit, runInOrder, runLine, runNoLine, runStart, runStop, runSum, runTell } from "./subject-step.js"
import { addFault, runWire } from "./wire-step.js"
import { runAnswer, runBroker, runClient, runElapsed, runLink, runWait } from "./world-step.js"

/** What became of a scenario. */
export type Verdict =
  | { readonly kind: "pass" }
  | {
      readonly kind: "fail"
      readonly why: string
      /** Step that did not hold, from 1. */
      readonly step: number
      /** Packets on the subject's wire, the last ones. */
      readonly packets: readonly string[]
      /** Lines of the subject, the last ones. */
      readonly lines: readonly string[]
    }
  | { readonly kind: "not-applicable" | "not-observable"; readonly why: string }

const PACKETS_SHOWN = 40

/** Plays one scenario on a bench that is open. The subject is ended afterwards. */
export async function runScenario(setting: RunSetting): Promise<Verdict> {
  const run = new RunContext(setting)
  let at = 0
  try {
    for (const step of setting.scenario.steps) {
      at += 1
      await runStep(run, step)
    }
    return { kind: "pass" }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof NotObservable) return { kind: "not-observable", why }
    if (!(error instanceof StepFailure)) {
      // The kit's own connection failed, or a scenario is wrong: never the subject's fault.
      return { kind: "not-observable", why: `step ${at}: ${why}` }
    }
    const step = setting.scenario.steps[at - 1]!
    if (step.given === true)
      return { kind: "not-observable", why: `what it needs did not come about: step ${at}: ${why}` }
    const log = evidence(setting.bench.proxy?.log ?? [])
    return {
      kind: "fail",
      why,
      step: at,
      packets: log.slice(-PACKETS_SHOWN).map(String),
      lines: run.lines.slice(-10).map(({ text }) => text),
    }
  } finally {
    for (const subject of [run.subject, ...run.others]) {
      if (subject?.running !== true) continue
      subject.kill()
      await subject.exited
    }
  }
}

/** What a reader wants to see: no keep-alive, and no stream at QoS 0 where there is more than fits. */
function evidence(log: readonly LabPacket[]): readonly LabPacket[] {
  const packets = log.filter(({ cmd }) => cmd !== "pingreq" && cmd !== "pingresp")
  if (packets.length <= PACKETS_SHOWN) return packets
  return packets.filter(({ packet }) => packet?.cmd !== "publish" || packet.qos > 0)
}

/** What a scenario needs may take its time: a slow machine is no fault of the subject. */
const PATIENCE_MS = 10_000

function patient<T extends { readonly within?: number }>(step: T, given: boolean): T {
  return given ? { ...step, within: Math.max(step.within ?? 0, PATIENCE_MS) } : step
}

async function runStep(run: RunContext, step: Step): Promise<void> {
  const given = step.given === true
  if ("start" in step) return runStart(run, step.start)
  if ("stop" in step) return runStop(run, step.stop)
  if ("exit" in step) return runExit(run, step.exit)
  if ("publish" in step) return runPublish(run, step.publish)
  if ("expect" in step) return runExpect(run, patient(step.expect, given))
  if ("silence" in step) return runSilence(run, step.silence)
  if ("wire" in step) return runWire(run, step.wire)
  if ("link" in step) return runLink(run, step.link)
  if ("fault" in step) return addFault(run, step.fault)
  if ("broker" in step) return runBroker(run, step.broker)
  if ("answer" in step) return runAnswer(run, step.answer)
  if ("client" in step) return runClient(run, step.client)
  if ("tell" in step) return runTell(run, step.tell)
  if ("line" in step) return runLine(run, patient(step.line, given))
  if ("no-line" in step) return runNoLine(run, step["no-line"])
  if ("in-order" in step) return runInOrder(run, step["in-order"])
  if ("sum" in step) return runSum(run, step.sum)
  if ("distinct" in step) return runDistinct(run, step.distinct)
  if ("valid" in step) return runValid(run, step.valid)
  if ("elapsed" in step) return runElapsed(run, step.elapsed)
  if ("wait" in step) return runWait(run, step.wait)
  if ("probe" in step) return runProbe(run, step.probe)
  if ("mark" in step)
    run.marks.set(step.mark, { at: performance.now(), packets: run.setting.bench.proxy?.log.length ?? 0 })
  else throw new Error(`a step without a known verb: ${JSON.stringify(step)}`)
}
