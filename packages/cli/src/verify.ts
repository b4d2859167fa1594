import { existsSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Capability, MqttVersion, Profile, Side } from "@fleetwire/conformance"
import { parseArguments } from "./arguments.js"
import { contractOf } from "./contract-of.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Terminal } from "./terminal.js"
import { readText, writeText } from "./text-file.js"

const CAPABILITIES: readonly Capability[] = [
  "manualAck",
  "publishDone",
  "publishQos",
  "subscribeQos",
  "mqtt5",
  "fragments",
]
const FEATURES = ["lines", "store", "prefix", "refusals"] as const

/** Options of the command. */
export const OPTIONS = {
  contract: { type: "string" },
  exec: { type: "string" },
  url: { type: "string" },
  id: { type: "string" },
  mqtt: { type: "string", multiple: true },
  clause: { type: "string", multiple: true },
  scenario: { type: "string", multiple: true },
  capabilities: { type: "string" },
  features: { type: "string" },
  profile: { type: "string" },
  json: { type: "boolean" },
  junit: { type: "string" },
  jobs: { type: "string" },
} as const

/** `fleetwire verify device|controller`: plays the other side of the contract and prints a score card, clause by clause. */
export async function verify(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const side = sideFrom(rest)
  if (side === "controller" && options.exec === undefined) throw new Misuse("verify controller needs --exec")
  if (options.exec === undefined && options.url === undefined)
    throw new Misuse("verify needs --exec, or --url of a broker with the device")
  if (options.exec === undefined && options.id === undefined)
    throw new Misuse("a device that is not started by --exec needs --id")
  const mqtt = options.mqtt?.map((version): MqttVersion => {
    if (version !== "5" && version !== "3.1.1") throw new Misuse("--mqtt: 5 or 3.1.1")
    return version
  })
  const capabilities = listFrom(options.capabilities, CAPABILITIES, "--capabilities")
  const named = listFrom(options.features, FEATURES, "--features") ?? []
  // A placeholder in the command line says as much.
  const features = FEATURES.filter((each) => named.includes(each) || options.exec?.includes(`{${each}}`) === true)
  const jobs = options.jobs === undefined ? undefined : Number(options.jobs)
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs > 0)) throw new Misuse("--jobs: a whole number above 0")

  const ir = await contractOf(options.contract, terminal)
  const kit = await import("@fleetwire/conformance")
  const profile = await profileFrom(options.profile, options.contract, terminal, kit.parseProfile)
  const all = await kit.loadScenarios(kit.scenarioFolder())
  const scenarios = all.filter(({ id }) => options.scenario === undefined || options.scenario.includes(id))
  const own = scenarios.filter((each) => each.side === side)
  const unknown = [
    ...(options.scenario ?? []).filter((id) => !own.some((each) => each.id === id)),
    ...(options.clause ?? []).filter((id) => !own.some((each) => each.clauses.includes(id))),
  ]
  if (unknown.length > 0) throw new Misuse(`no scenario of a ${side} is for ${unknown.join(", ")}`)
  const results = await kit.verify({
    ir,
    side,
    scenarios,
    profile,
    features,
    ...(mqtt === undefined ? {} : { mqtt }),
    ...(options.clause === undefined ? {} : { clauses: options.clause }),
    ...(options.exec === undefined ? {} : { start: kit.execSubject(options.exec, terminal.cwd) }),
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(options.id === undefined ? {} : { identity: options.id }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(jobs === undefined ? {} : { concurrency: jobs }),
    onResult: ({ scenario, mqtt: version, verdict }) => {
      if (options.json !== true) terminal.err(`${verdict.kind.padEnd(15)} ${scenario.id} ${version}\n`)
    },
  })
  const card = kit.scoreCard(ir.name, side, results)
  if (options.junit !== undefined) await writeText(resolve(terminal.cwd, options.junit), kit.formatJunit(card))
  terminal.out(options.json === true ? `${JSON.stringify(card, null, 2)}\n` : kit.formatScoreCard(card))
  // A subject of which nothing could be seen has not passed.
  return card.sums.fail === 0 && card.sums.pass > 0 ? EXIT.clean : EXIT.findings
}

function sideFrom(rest: readonly string[]): Side {
  const [side, ...more] = rest
  if ((side === "device" || side === "controller") && more.length === 0) return side
  throw new Misuse("verify what? `fleetwire verify device …` or `fleetwire verify controller …`")
}

function listFrom<T extends string>(
  text: string | undefined,
  known: readonly T[],
  option: string,
): readonly T[] | undefined {
  if (text === undefined) return undefined
  const words = text.split(",").filter((word) => word !== "")
  const unknown = words.find((word) => !known.includes(word as T))
  if (unknown !== undefined) throw new Misuse(`${option}: ${unknown} is none of ${known.join(", ")}`)
  return words as T[]
}

async function profileFrom(
  named: string | undefined,
  contract: string | undefined,
  terminal: Terminal,
  parse: (text: string) => Profile,
): Promise<Profile> {
  if (named !== undefined) return parse(await readText(resolve(terminal.cwd, named)))
  const at = resolve(terminal.cwd, contract ?? ".")
  const folder = existsSync(at) && statSync(at).isDirectory() ? at : dirname(at)
  const beside = join(folder, "conformance.yaml")
  return existsSync(beside) ? parse(await readText(beside)) : {}
}
