/* A device or a controller in a process of its own, told by lines of JSON what to do: the part that is killed. */
import { createInterface } from "node:readline"
import { openHistory } from "../history.js"
import { startController } from "./controller.js"
import { startDevice } from "./device.js"
import type { Job, Order, Word } from "./job.js"

/** What both kinds have in common. */
export interface Actor {
  /** Begins the planned work; times count from `goAt`. */
  go(goAt: number): void
  look(url: string): Promise<void>
  finish(): Promise<void>
}

function say(word: Word): void {
  process.stdout.write(`${word}\n`)
}

let actor: Promise<Actor> | undefined

async function begin(job: Job): Promise<Actor> {
  const history = openHistory(job.historyPath, job.actor.name, job.life)
  history.write({ what: "start" })
  const trouble = (error: unknown): void => {
    history.write({ what: "trouble", text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(70)
  }
  process.on("uncaughtException", trouble)
  process.on("unhandledRejection", trouble)
  const { actor: plan } = job
  const ready = (): void => say("ready")
  const made =
    plan.kind === "device" ? await startDevice(job, plan, history, ready) : startController(job, plan, history, ready)
  if (job.goAt !== undefined) made.go(job.goAt)
  return made
}

async function obey(order: Order): Promise<void> {
  const made = await actor!
  switch (order.kind) {
    case "go":
      made.go(order.at)
      break
    case "look":
      await made.look(order.url)
      say("looked")
      break
    case "finish":
      await made.finish()
      process.exit(0)
  }
}

const lines = createInterface({ input: process.stdin })
lines.on("line", (line) => {
  if (actor === undefined) actor = begin(JSON.parse(line) as Job)
  else void obey(JSON.parse(line) as Order)
})
// Whoever runs this is gone.
lines.on("close", () => process.exit(0))
say("loaded")
