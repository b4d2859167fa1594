import type { JsonValue } from "@fleetwire/ir"
import { duration } from "../../core/durations.js"
import type { Lane } from "./plan.js"

/** What the contract says of when and how a command runs: a word for each fact, and a sentence. */
export function laneFacts({ channel, requests }: Lane): readonly (readonly [fact: string, sentence: string])[] {
  const { command } = channel
  const { preempt, onInvalid, onLinkLost } = command
  const expiryMs = requests[0]!.leg.expiryMs
  const facts: (readonly [string, string])[] = []
  if (preempt !== undefined)
    facts.push([
      "pre-empts",
      `${request(preempt)}: begins at once, whatever runs or waits is ended, and is never busy.`,
    ])
  if (onInvalid !== undefined)
    facts.push(["safe action", `${request(onInvalid)}, with no caller, where a request cannot be read.`])
  if (onLinkLost !== undefined)
    facts.push([
      "safe action",
      `${request(onLinkLost.action)}, with no caller, once the connection has been lost for ${duration(onLinkLost.afterMs)}.`,
    ])
  facts.push([
    "at once",
    `${command.concurrency} ${command.concurrency === 1 ? "runs" : "run"}, ${command.queueBound} wait; a further one is answered busy.`,
  ])
  facts.push([
    "expiry",
    expiryMs === undefined
      ? "None: it may begin however late it comes to its turn."
      : `What has not begun ${duration(expiryMs)} after it came does not begin, and is not answered.`,
  ])
  facts.push([
    "time limits",
    `It is cut off after ${duration(command.executionTimeoutMs)}; its caller waits ${duration(command.timeoutMs)} unless it says otherwise.`,
  ])
  facts.push([
    "remembered",
    `For ${duration(command.remember.retentionMs)} after the reply: the same id is not run twice.`,
  ])
  return facts
}

function request(fields: { readonly [field: string]: JsonValue }): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ")
}
