import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ContractIr } from "@fleetwire/ir"
import { openBench } from "./bench.js"
import { bindChannels } from "./channel-binding.js"
import { ContractView } from "./contract-view.js"
import { type Profile, profileSample } from "./profile.js"
import type { MqttVersion } from "./raw-client.js"
import { runScenario, type Verdict } from "./run-scenario.js"
import type { Capability, Scenario, Side, SubjectFeature } from "./scenario.js"
import type { StartSubject } from "./subject.js"

/** What is verified, and how. */
export interface VerifyOptions {
  readonly ir: ContractIr
  readonly side: Side
  readonly scenarios: readonly Scenario[]
  /** Default: both. */
  readonly mqtt?: readonly MqttVersion[]
  /** Only scenarios of these clauses. */
  readonly clauses?: readonly string[]
  /** Starts the subject. Absent: it is attached to `url` already. */
  readonly start?: StartSubject
  /** A broker that runs. Default: a Mosquitto of its own for each scenario. */
  readonly url?: string
  /** Identity of the device under test. Default: one that fits the contract, another for each scenario. */
  readonly identity?: string
  readonly profile?: Profile
  /** Default: all. */
  readonly capabilities?: readonly Capability[]
  /** What the subject can do beside being started. */
  readonly features?: readonly ("lines" | "store" | "prefix" | "refusals")[]
  /** Scenarios at once. Default 4; 1 on a broker that is given. */
  readonly concurrency?: number
  readonly onResult?: (result: ScenarioResult) => void
}

/** A scenario at one version of MQTT. */
export interface ScenarioResult {
  readonly scenario: Scenario
  readonly mqtt: MqttVersion
  readonly verdict: Verdict
  readonly ms: number
}

const ALL: readonly Capability[] = ["manualAck", "publishDone", "publishQos", "subscribeQos", "mqtt5", "fragments"]

/** Plays every scenario of one side; results in the order of scenarios and versions. */
export async function verify(options: VerifyOptions): Promise<readonly ScenarioResult[]> {
  const versions = options.mqtt ?? ["3.1.1", "5"]
  const wanted = options.scenarios.filter(
    ({ side, clauses }) =>
      side === options.side &&
      (options.clauses === undefined || clauses.some((clause) => options.clauses!.includes(clause))),
  )
  const cases = wanted.flatMap((scenario) => versions.map((mqtt) => ({ scenario, mqtt })))
  const results = new Array<ScenarioResult>(cases.length)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < cases.length) {
      const index = next
      next += 1
      const { scenario, mqtt } = cases[index]!
      const began = performance.now()
      const verdict = await play(options, scenario, mqtt, index + 1)
      const result = { scenario, mqtt, verdict, ms: performance.now() - began }
      results[index] = result
      options.onResult?.(result)
    }
  }
  const concurrency = options.url === undefined ? (options.concurrency ?? 4) : 1
  await Promise.all(Array.from({ length: Math.min(concurrency, cases.length) }, work))
  return results
}

async function play(options: VerifyOptions, scenario: Scenario, mqtt: MqttVersion, number: number): Promise<Verdict> {
  const prefix = scenario.subject?.prefix
  const view = new ContractView(options.ir, prefix)
  const binding = bindChannels(view, scenario.needs?.channels)
  if (!binding.ok) return { kind: "not-applicable", why: binding.why }
  const refused = refusal(options, scenario, mqtt, binding.channels, view)
  if (refused !== undefined) return refused
  const { param } = options.ir.device
  const profile = options.profile ?? {}
  const own = options.side === "device" ? options.identity : undefined
  const device =
    own ??
    (options.url === undefined ? profile.devices?.[0] : undefined) ??
    view.sampleParam(param, options.url === undefined ? 1 : number + 1)
  const otherDevice = profile.devices?.find((each) => each !== device) ?? view.sampleParam(param, 1000 + number)
  const role =
    options.side === "controller"
      ? (scenario.subject?.role ?? roleFor(options.ir, scenario, binding.channels))
      : undefined
  if (options.side === "controller" && role === undefined)
    return { kind: "not-applicable", why: "no role of the contract has every right that the scenario needs" }
  // A device whose journal is required does not run without a place for it: each scenario has a fresh one.
  const keeps = options.features?.includes("store") === true && scenario.subject?.store !== false
  const folder = keeps ? await mkdtemp(join(tmpdir(), "fleetwire-kit-")) : undefined
  try {
    const bench = await openBench({
      mqtt,
      broker: scenario.broker ?? {},
      clientId: `fleetwire-kit-${number}-${process.pid}`,
      filters: [...new Set(view.legs.map((leg) => view.filter(leg)))],
      attached: options.start === undefined,
      isOurs: (topic) => view.place(topic)?.view.leg.from === "controller",
      ...(options.url === undefined ? {} : { url: options.url }),
    })
    try {
      return await runScenario({
        scenario,
        view,
        profile,
        mqtt,
        channels: binding.channels,
        bench,
        start: options.start,
        device,
        otherDevice,
        instance: `kit${number}`,
        role,
        // A device that lives on has versions of its own: ours are above them.
        versionBase: options.start === undefined ? Math.floor(Date.now() / 1000) : 0,
        store: folder === undefined ? undefined : join(folder, "store"),
      })
    } finally {
      await bench.close()
    }
  } catch (error) {
    return { kind: "not-observable", why: error instanceof Error ? error.message : String(error) }
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

function refusal(
  options: VerifyOptions,
  scenario: Scenario,
  mqtt: MqttVersion,
  channels: ReadonlyMap<string, ContractIr["channels"][number]>,
  view: ContractView,
): Verdict | undefined {
  const { needs = {}, mqtt: versions } = scenario
  if (versions !== undefined && !versions.includes(mqtt))
    return { kind: "not-applicable", why: `only at MQTT ${versions.join(", ")}` }
  const lacking = (needs.capabilities ?? []).find((each) => !(options.capabilities ?? ALL).includes(each))
  if (lacking !== undefined) return { kind: "not-applicable", why: `the client library lacks ${lacking}` }
  if (needs.session !== undefined && options.side === "device" && options.ir.device.session.kind !== needs.session)
    return { kind: "not-applicable", why: `the contract's devices have ${options.ir.device.session.kind} sessions` }
  const reserved = options.ir.params.find(({ name }) => name === options.ir.device.param)?.reserved ?? []
  if (needs.reserved === true && reserved.length === 0)
    return { kind: "not-applicable", why: "the contract reserves no identity" }
  const missing = (needs.subject ?? []).find((each) => !canDo(options, each))
  if (missing !== undefined) return { kind: "not-observable", why: WHY[missing] }
  if (options.start === undefined && (scenario.broker?.kind === "scripted" || scenario.subject !== undefined))
    return { kind: "not-observable", why: WHY.exec }
  for (const name of needs.samples ?? []) {
    const [alias = "", sample = ""] = name.split(".")
    const channel = channels.get(alias)!
    if (profileSample(options.profile ?? {}, channel, sample) === undefined)
      return { kind: "not-observable", why: `the profile has no sample "${sample}" of ${channel.name}` }
  }
  return view.legs.length === 0 ? { kind: "not-applicable", why: "the contract has no channels" } : undefined
}

function canDo(options: VerifyOptions, feature: SubjectFeature): boolean {
  switch (feature) {
    case "exec":
    case "wire":
      return options.start !== undefined
    case "broker":
      return options.url === undefined
    default:
      if (feature === "lines" && options.side === "controller") return options.start !== undefined
      return options.start !== undefined && (options.features ?? []).includes(feature)
  }
}

const WHY: Readonly<Record<SubjectFeature, string>> = {
  exec: "the kit must start and end the subject: --exec",
  wire: "the subject must come through the kit's proxy: --exec",
  broker: "the kit must own the broker: leave out --url",
  lines: "the subject must speak the line protocol: --features lines",
  store: "the subject must take a store: {store} in --exec",
  refusals: "the subject must remember what it refused: --features refusals",
  prefix: "the subject must take a topic prefix: {prefix} in --exec",
}

/** The first role that may publish and read all that the scenario's channels need. */
function roleFor(
  ir: ContractIr,
  scenario: Scenario,
  channels: ReadonlyMap<string, ContractIr["channels"][number]>,
): string | undefined {
  const needed = [...channels.values()].flatMap((channel) =>
    channel.legs.map((leg) => ({
      right: `${channel.name}.${leg.name}`,
      publish: leg.from === "controller",
      optional: leg.name === "fleet" && scenario.needs?.channels !== undefined && channel.kind === "config",
    })),
  )
  const fits = ir.roles.filter(
    (role) =>
      (scenario.needs?.session === undefined || role.session.kind === scenario.needs.session) &&
      needed.every(({ right, publish, optional }) => optional || (publish ? role.publish : role.read).includes(right)),
  )
  return fits[0]?.name
}
