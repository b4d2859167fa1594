import { matchesPresence } from "./expect-step.js"
import { makeMessage } from "./make-message.js"
import { numberField } from "./number-field.js"
import { profileSample } from "./profile.js"
import { NotObservable, type RunContext, StepFailure } from "./run-context.js"
import type { LineStep, StartStep, SumStep, TellStep } from "./scenario.js"
import type { Launch } from "./subject.js"
import { formatSubjectLine } from "./subject-line.js"
import { matchesAll } from "./wire-match.js"
import { matchesPacket } from "./wire-step.js"

const START_MS = 30_000
const WITHIN_MS = 5_000

/** Starts the subject and waits until it is there. */
export async function runStart(run: RunContext, step: StartStep): Promise<void> {
  const { setting } = run
  const device = setting.scenario.side === "device"
  if (setting.start === undefined) {
    if (!device) throw new NotObservable("a controller is started by --exec")
    // Without presence it is taken to be there.
    if (!hasPresence(run)) return
    const found = await run.until(
      () => run.heard.find((heard) => isOnline(heard) && heard.device === setting.device),
      step.within ?? START_MS,
    )
    if (found === undefined) throw new StepFailure(`${setting.device} is not online`)
    found.consumed = true
    return
  }
  const from = run.heard.length
  const lines = run.lines.length
  const packets = setting.bench.proxy?.log.length ?? 0
  const { subject: setUp = {} } = setting.scenario
  const launch: Launch = {
    url: setting.bench.url,
    mqtt: setting.mqtt,
    identity: identityOf(run, setUp.identity) ?? (device ? setting.device : setting.instance),
    ...(setting.role === undefined ? {} : { role: setting.role }),
    ...(setting.view.prefix === undefined ? {} : { prefix: setting.view.prefix }),
    ...(setting.store === undefined ? {} : { store: setting.store }),
    ...(setUp.keepAliveSeconds === undefined ? {} : { keepAliveSeconds: setUp.keepAliveSeconds }),
    spreadMs: setUp.spreadMs ?? 0,
  }
  const subject = await setting.start(launch)
  run.subject = subject
  for (let extra = 1; extra <= (step.more ?? 0); extra += 1)
    run.others.push(await setting.start({ ...launch, identity: otherIdentity(run, extra) }))
  run.lines.push(...subject.lines)
  subject.onLine((line) => {
    run.lines.push({ ...line })
    run.wake()
  })
  if (step.nowait === true) return
  const ready = () => {
    if (!subject.running) return "ended"
    const granted = () => setting.bench.proxy?.log.slice(packets).filter(({ cmd }) => cmd === "suback") ?? []
    if (new Set(granted().map(({ connection }) => connection)).size < (step.more ?? 0)) return undefined
    if (device) {
      const found = run.heard.slice(from).find((heard) => isOnline(heard) && heard.device === setting.device)
      if (found !== undefined) return "ready"
      if (hasPresence(run)) return undefined
      const log = setting.bench.proxy?.log.slice(packets) ?? []
      return log.some(({ cmd }) => cmd === "suback") ? "ready" : undefined
    }
    return run.lines.slice(lines).some(({ verb, words }) => verb === "state" && words.kind === "ready")
      ? "ready"
      : undefined
  }
  const how = await run.until(ready, step.within ?? START_MS)
  if (how === "ready") {
    // Its birth is known: what scenarios expect comes after it.
    for (const heard of run.heard.slice(from)) if (isOnline(heard)) heard.consumed = true
    for (const line of run.lines) if (line.verb === "state") line.consumed = true
    return
  }
  const last = run.lines.slice(-3).map(({ text }) => text)
  throw new StepFailure(
    `the subject ${how === "ended" ? "ended" : "did not become ready"}${last.length === 0 ? "" : `; it said: ${last.join(" | ")}`}`,
  )
}

/** Of a further subject: a device's fits its pattern. */
function otherIdentity(run: RunContext, extra: number): string {
  const { setting } = run
  return setting.scenario.side === "device"
    ? setting.view.sampleParam(setting.view.ir.device.param, 5_000 + extra)
    : `${setting.instance}-${extra}`
}

function identityOf(run: RunContext, named: string | undefined): string | undefined {
  if (named !== "$reserved") return named
  const { ir } = run.setting.view
  return ir.params.find(({ name }) => name === ir.device.param)?.reserved[0]
}

function hasPresence(run: RunContext): boolean {
  return run.setting.view.ir.channels.some(({ kind }) => kind === "presence")
}

function isOnline(heard: RunContext["heard"][number]): boolean {
  const channel = heard.leg?.channel
  return channel?.kind === "presence" && heard.decoded.ok && matchesPresence(channel, heard.decoded.value, true)
}

/** Ends the subject. */
export async function runStop(run: RunContext, how: "term" | "kill"): Promise<void> {
  const { subject } = run
  if (subject === undefined) throw new NotObservable("a subject that is attached cannot be ended")
  if (how === "term") subject.terminate()
  else {
    subject.kill()
    await subject.exited
  }
}

/** The subject ends by itself. */
export async function runExit(
  run: RunContext,
  step: { readonly within: number; readonly code?: number; readonly never?: true },
): Promise<void> {
  const { subject } = run
  if (subject === undefined) throw new NotObservable("a subject that is attached cannot be seen to end")
  let code: number | null | undefined
  void subject.exited.then((value) => {
    code = value
    run.wake()
  })
  const ended = await run.until(() => (code === undefined ? undefined : { code }), step.within)
  if (step.never === true) {
    if (ended !== undefined) throw new StepFailure(`the subject ended with ${ended.code}`)
    return
  }
  if (ended === undefined) throw new StepFailure(`the subject did not end within ${step.within} ms`)
  if (step.code !== undefined && ended.code !== step.code)
    throw new StepFailure(`the subject ended with ${ended.code}, not ${step.code}`)
}

/** Writes a line to the subject. */
export function runTell(run: RunContext, step: TellStep): void {
  const { subject, setting } = run
  if (subject === undefined) throw new NotObservable("a subject that is attached takes no lines")
  const times = step.times === "over-outbox" ? run.channel(step.channel!).legs[0]!.outbox.bound + 5 : (step.times ?? 1)
  for (let turn = 1; turn <= times; turn += 1) {
    const channel = step.channel === undefined ? undefined : run.channel(step.channel)
    const device = step.device === "$reserved" ? (identityOf(run, "$reserved") ?? "") : run.deviceNamed(step.device)
    const first = channel === undefined ? undefined : setting.view.leg(channel.name, firstLeg(step, channel))
    const value =
      first === undefined || step.verb === "watch" || step.verb === "clear" || step.verb === "presence"
        ? undefined
        : makeInput(run, first, step, device, (step.from ?? 1) + turn - 1)
    const ref = step.times === undefined || step.ref === undefined ? step.ref : `${step.ref}${turn}`
    const words = {
      ref,
      channel: channel?.name,
      device:
        channel === undefined || step.device === "none" ? undefined : step.device === "fleet" ? undefined : device,
      fleet: step.device === "fleet" ? 1 : undefined,
      id: step.id === undefined ? undefined : run.id(step.id),
      ...namedWords(run, step.words),
    }
    subject.tell(formatSubjectLine(step.verb, words, value))
  }
}

/** `$cmd` is the name of the channel with that alias. */
function namedWords(run: RunContext, words: TellStep["words"]): NonNullable<TellStep["words"]> {
  return Object.fromEntries(
    Object.entries(words ?? {}).map(([name, word]) => [
      name,
      typeof word === "string" && word.startsWith("$") ? run.channel(word.slice(1)).name : word,
    ]),
  )
}

function firstLeg(step: TellStep, channel: { readonly kind: string }): string {
  if (step.verb === "config") return step.device === "fleet" ? "fleet" : "desired"
  return channel.kind === "command" || channel.kind === "action" || channel.kind === "broadcast"
    ? "request"
    : channel.kind === "config"
      ? "desired"
      : "message"
}

/** What an application would give: without what an SDK fills in by itself. */
function makeInput(
  run: RunContext,
  leg: ReturnType<RunContext["leg"]>,
  step: TellStep,
  device: string,
  turn: number,
): unknown {
  const { view, profile } = run.setting
  const made = makeMessage(view, leg, profile, {
    device,
    ...(step.sample === undefined ? {} : { sample: step.sample }),
    ...(step.version === undefined ? {} : { version: run.setting.versionBase + step.version }),
    with: { ...step.with, ...(step.number === true ? { [numberField(run, leg)]: `kit-${turn}` } : {}) },
  })
  const fields = view.objectOf(leg)?.fields
  if (fields === undefined) return made
  const words = made as Record<string, unknown>
  if (Object.hasOwn(words, "fw_enum")) {
    const field = fields.find(({ type }) => type.kind === "enum")
    if (field === undefined) throw new NotObservable(`${leg.leg.message} has no enum`)
    words[field.name] = words.fw_enum
  }
  const semantics = view.semantics(leg.channel)
  const own = fields.filter(({ name, auto }) => auto === undefined && name !== semantics?.correlate.request)
  return Object.fromEntries(
    own.flatMap(({ name }) => {
      const value = (made as Record<string, unknown>)[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** The subject says what it must. */
export async function runLine(run: RunContext, step: LineStep): Promise<void> {
  const within = step.within ?? WITHIN_MS
  const end = performance.now() + within
  for (let turn = 1; turn <= (step.count ?? 1); turn += 1) {
    const found = await run.until(() => takeLine(run, step), Math.max(0, end - performance.now()))
    if (found === undefined) {
      const last = run.lines
        .filter(({ verb }) => verb === step.verb)
        .slice(-2)
        .map(({ text }) => text)
      throw new StepFailure(
        `the subject did not say "${lineWords(step)}" within ${within} ms${last.length === 0 ? "" : `; it said ${last.join(" | ")}`}`,
      )
    }
  }
}

/** The subject says numbered messages, each for the first time in its order. */
export async function runInOrder(
  run: RunContext,
  step: {
    readonly verb: string
    readonly ref: string
    readonly leg: string
    readonly count: number
    readonly within?: number
  },
): Promise<void> {
  const field = numberField(run, run.leg(step.leg))
  const firsts = (): readonly string[] => [
    ...new Set(
      run.lines
        .filter(({ verb, words }) => verb === step.verb && words.ref === step.ref)
        .map(({ value }) => String((value as Record<string, unknown> | undefined)?.[field])),
    ),
  ]
  const wanted = Array.from({ length: step.count }, (_, index) => `kit-${index + 1}`)
  const all = await run.until(() => (firsts().length >= step.count ? true : undefined), step.within ?? WITHIN_MS)
  if (all === undefined || firsts().join() !== wanted.join())
    throw new StepFailure(
      `the subject was given ${firsts().join(", ") || "nothing"}, not kit-1 to kit-${step.count} in order`,
    )
}

/** What was delivered, what waits and what was counted as dropped is all that the broker sent (M-4, M-6). */
export function runSum(run: RunContext, step: SumStep): void {
  const { proxy } = run.setting.bench
  if (proxy === undefined) throw new NotObservable("the subject does not come through the kit's proxy")
  const wanted = { from: "broker", cmd: "publish", leg: step.leg } as const
  const sent = proxy.log.filter((packet) => matchesPacket(run, packet, wanted)).length
  const at = run.lines.findIndex(({ verb, words }) => verb === "counters" && words.ref === step.counters)
  if (at < 0) throw new NotObservable("the subject said no counters")
  const counters = run.lines[at]!.value as {
    readonly dropped?: Readonly<Record<string, number>>
    readonly queueDepth?: number
  }
  const before = run.lines.slice(0, at)
  const delivered = before.filter(({ verb, words }) => verb === "message" && words.ref === step.ref).length
  const lost = Object.values(counters.dropped ?? {}).reduce((sum, each) => sum + each, 0)
  const waiting = counters.queueDepth ?? 0
  // What is delivered more than once is another clause's.
  if (delivered + waiting + lost < sent)
    throw new StepFailure(
      `the broker sent ${sent}; ${delivered} were delivered, ${waiting} wait and ${lost} were counted as dropped`,
    )
}

/** The subject does not say that. */
export async function runNoLine(run: RunContext, step: LineStep & { readonly ms: number }): Promise<void> {
  const found = await run.until(() => takeLine(run, step), step.ms)
  if (found !== undefined) throw new StepFailure(`the subject said, and must not: ${found.text}`)
}

function takeLine(run: RunContext, step: LineStep): RunContext["lines"][number] | undefined {
  const found = run.lines.find(
    (line) =>
      line.verb === step.verb &&
      (step.all === true || line.consumed !== true) &&
      (step.ref === undefined || line.words.ref === step.ref) &&
      matchesWords(line.words, channelWords(run, step.words)) &&
      matchesAll(line.value, sampleFields(run, step.whereSample)) &&
      matchesAll(line.value, step.where),
  )
  if (found !== undefined) found.consumed = true
  return found
}

/** `channel` names an alias of the scenario; `$device` and `$other` are those that the kit plays. */
function channelWords(run: RunContext, words: LineStep["words"]): LineStep["words"] {
  if (words === undefined) return undefined
  return Object.fromEntries(
    Object.entries(words).map(([name, word]) => {
      if (name === "channel" && typeof word === "string") return [name, run.channel(word).name]
      if (word === "$device") return [name, run.setting.device]
      return [name, word === "$other" ? run.setting.otherDevice : word]
    }),
  )
}

function sampleFields(run: RunContext, named: string | undefined): LineStep["where"] {
  if (named === undefined) return undefined
  const [alias = "", sample = ""] = named.split(".")
  return profileSample(run.setting.profile, run.channel(alias), sample) as LineStep["where"]
}

/** Words are text: numbers in a pattern compare as such. */
function matchesWords(words: Readonly<Record<string, string>>, wanted: LineStep["words"]): boolean {
  const read = Object.fromEntries(
    Object.entries(words).map(([name, word]) => [
      name,
      typeof wanted?.[name] !== "string" && /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word,
    ]),
  )
  return matchesAll(read, wanted)
}

function lineWords(step: LineStep): string {
  const words = Object.entries(step.words ?? {}).map(
    ([name, pattern]) => `${name}=${typeof pattern === "object" ? JSON.stringify(pattern) : pattern}`,
  )
  const where = step.where === undefined ? [] : [`-- ${JSON.stringify(step.where)}`]
  return [step.verb, ...(step.ref === undefined ? [] : [`ref=${step.ref}`]), ...words, ...where].join(" ")
}
