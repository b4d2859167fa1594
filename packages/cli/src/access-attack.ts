import { randomBytes } from "node:crypto"
import {
  type AccessRules,
  DEVICE_ROLE,
  emitDynsecCommands,
  emitMosquittoAcl,
  type PrincipalRules,
} from "@fleetwire/codegen"
import {
  type AttackIdentity,
  type AttackReport,
  attackAccess,
  formatAttackTable,
  startAttackBroker,
} from "@fleetwire/conformance"
import { type ContractIr, compilePattern, type ParamIr, sampleMatch } from "@fleetwire/ir"
import type { AccessFormat } from "./access.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Terminal } from "./terminal.js"

/** How the attack is made. */
export interface AttackRequest {
  readonly format: AccessFormat
  /** `3.1.1` or `5`; absent: both. */
  readonly mqtt?: string | undefined
  readonly prefix?: string | undefined
  readonly json: boolean
}

const VERSIONS = ["3.1.1", "5"] as const
/** Devices that stand for all where rules are patterns. */
const PATTERN_DEVICES = 2
const WRONG_SHOWN = 20

/** Installs the rules on a Mosquitto of its own, has every principal attack every other, and prints what came of it. */
export async function attackRules(
  ir: ContractIr,
  rules: AccessRules,
  request: AttackRequest,
  terminal: Terminal,
): Promise<ExitCode> {
  const versions = VERSIONS.filter((one) => request.mqtt === undefined || one === request.mqtt)
  if (versions.length === 0) throw new Misuse("--mqtt is 3.1.1 or 5")
  const reports = await attackBoth(ir, rules, request, versions)
  const wrong = reports.flatMap(({ mqtt, cells }) => cells.filter(({ ok }) => !ok).map((cell) => ({ mqtt, ...cell })))
  if (request.json) terminal.out(`${JSON.stringify({ format: request.format, reports }, null, 2)}\n`)
  else {
    const tables = reports.map(
      ({ mqtt, cells }) => `${TITLES[request.format]}, MQTT ${mqtt}\n\n${formatAttackTable(cells)}\n`,
    )
    terminal.out(`${tables.join("\n")}\n`)
    const total = reports.reduce((sum, { cells }) => sum + cells.length, 0)
    terminal.out(`${total} attempts, ${wrong.length} not as the contract says\n`)
    for (const { mqtt, identity, operation, target, allowed, detail } of wrong.slice(0, WRONG_SHOWN)) {
      const should = allowed ? "may and could not" : "may not and could"
      terminal.err(
        `  ${identity} ${should}: ${operation} ${target} (MQTT ${mqtt})${detail === undefined ? "" : `: ${detail}`}\n`,
      )
    }
    if (wrong.length > WRONG_SHOWN) terminal.err(`  and ${wrong.length - WRONG_SHOWN} more: see --json\n`)
  }
  return wrong.length === 0 ? EXIT.clean : EXIT.findings
}

const TITLES: Readonly<Record<AccessFormat, string>> = { acl: "ACL file", dynsec: "dynamic security" }

async function attackBoth(
  ir: ContractIr,
  rules: AccessRules,
  { format, prefix }: AttackRequest,
  versions: readonly (typeof VERSIONS)[number][],
): Promise<readonly AttackReport[]> {
  const identities = rules.principals.flatMap((one) => identitiesOf(ir, one, format))
  const installed =
    format === "acl"
      ? ({ kind: "acl", text: emitMosquittoAcl(rules), usernameAsClientId: byClientId(rules) } as const)
      : ({ kind: "dynamic-security", commands: emitDynsecCommands(rules).commands } as const)
  const reports: AttackReport[] = []
  for (const mqtt of versions) {
    // A broker for each: nothing that one attack left behind helps or hinders the next.
    const { url, witness, lateWitness, stop } = await startAttackBroker(installed, identities)
    try {
      reports.push(
        await attackAccess({
          ir,
          url,
          mqtt,
          identities,
          witness,
          lateWitness,
          ...(prefix !== undefined && { prefix }),
        }),
      )
    } finally {
      await stop()
    }
  }
  return reports
}

/** Rules with `%c` are installed as they are meant: on a broker that says who has which client id. */
function byClientId({ principals }: AccessRules): boolean {
  return principals.some(({ principal }) => principal.pattern === "%c")
}

function identitiesOf(
  ir: ContractIr,
  { principal, clientId }: PrincipalRules,
  format: AccessFormat,
): readonly AttackIdentity[] {
  const password = randomBytes(12).toString("hex")
  const { param } = ir.device
  if (principal.pattern !== undefined) {
    return deviceSamples(ir).map((name) => ({
      name,
      password,
      role: DEVICE_ROLE,
      bind: { [param]: [name] },
      ...(principal.pattern === "%c" && { clientId: name }),
    }))
  }
  const own = principal.role === DEVICE_ROLE ? { [param]: [principal.name] } : {}
  const { name, role } = principal
  const fixed = format === "dynsec" && clientId !== undefined ? { clientId } : {}
  return [{ name, password, role, bind: { ...own, ...principal.bind }, ...fixed }]
}

/** Two ids that devices of the contract could have. */
function deviceSamples(ir: ContractIr): readonly string[] {
  const declared: ParamIr | undefined = ir.params.find(({ name }) => name === ir.device.param)
  const found = new Set(declared?.examples ?? [])
  const compiled = declared?.pattern === undefined ? undefined : compilePattern(declared.pattern)
  for (let step = 0; found.size < PATTERN_DEVICES; step += 1) {
    const sample = compiled?.ok === true ? sampleMatch(compiled.value, () => ((step * 7) % 10) / 10) : undefined
    found.add(sample ?? `device-${step}`)
    if (step > 100) break
  }
  return [...found].slice(0, PATTERN_DEVICES)
}
