import { type ContractIr, compilePattern, matchDfa, type ParamIr, type RoleIr } from "@fleetwire/ir"
import { type ParamSpec, refuseParam } from "@fleetwire/topic"
import { type AccessFinding, accessFinding } from "./access-finding.js"

/** The word that stands for the device where roles are named; no role of a contract has it. */
export const DEVICE_ROLE = "device"

/** Somebody who connects with a user name of their own, or every device at once. */
export interface Principal {
  /** User name at the broker; for `pattern` a word for people. */
  readonly name: string
  /** A role of the contract, or `device`. */
  readonly role: string
  /** Values of params that the rules are for. A device is bound to its own name unless this says another. */
  readonly bind?: Readonly<Record<string, readonly string[]>>
  /** What tells the instances of a role apart in the client id (S-1); absent: not fixed. */
  readonly instance?: string
  /** One rule for every device, that fills in who it is: the user name (`%u`) or the client id (`%c`). */
  readonly pattern?: "%u" | "%c"
}

/** A principal with its rights, by leg, and what its params are bound to. */
export interface Subject {
  readonly principal: Principal
  readonly device: boolean
  /** Legs such as `drive.request`. */
  readonly publish: readonly string[]
  readonly read: readonly string[]
  readonly bind: Readonly<Record<string, readonly string[]>>
}

/** Looks a principal's role up and checks what it is bound to; undefined where a finding is an error. */
export function resolvePrincipal(ir: ContractIr, principal: Principal, findings: AccessFinding[]): Subject | undefined {
  const { name } = principal
  const before = findings.length
  const problem = principal.pattern === undefined ? refuseName(name) : undefined
  if (problem !== undefined) findings.push(accessFinding("access/principal-name", { principal: name, problem }))
  const device = principal.role === DEVICE_ROLE
  const role = ir.roles.find((one) => one.name === principal.role)
  if (!device && role === undefined) {
    const known = [DEVICE_ROLE, ...ir.roles.map((one) => one.name)].map((one) => `\`${one}\``).join(", ")
    findings.push(accessFinding("access/role-unknown", { principal: name, role: principal.role, known }))
    return undefined
  }
  const bind = boundOf(ir, principal, role, findings)
  if (findings.length > before) return undefined
  return { principal, device, bind, ...(role === undefined ? rightsOfDevice(ir) : rightsOf(role)) }
}

function boundOf(
  ir: ContractIr,
  principal: Principal,
  role: RoleIr | undefined,
  findings: AccessFinding[],
): Readonly<Record<string, readonly string[]>> {
  const { name, pattern } = principal
  const own = role === undefined && pattern === undefined ? { [ir.device.param]: [name] } : {}
  const bind: Record<string, readonly string[]> = { ...own, ...principal.bind }
  for (const [param, values] of Object.entries(bind)) {
    const declared = ir.params.find((one) => one.name === param)
    if (declared === undefined) {
      const known = ir.params.map((one) => `\`${one.name}\``).join(", ")
      findings.push(accessFinding("access/bind-unknown", { principal: name, param, known }))
      continue
    }
    for (const value of values) {
      const refused = refuseParam(param, value, specOf(declared))
      if (refused !== undefined) {
        findings.push(accessFinding("access/bind-value", { principal: name, problem: refused.message }))
      }
    }
  }
  for (const param of role?.bind ?? []) {
    if ((bind[param] ?? []).length === 0) {
      findings.push(accessFinding("access/bind-missing", { principal: name, role: principal.role, param }))
    }
  }
  if (pattern !== undefined) bind[ir.device.param] = [pattern]
  return Object.fromEntries(Object.entries(bind).map(([param, values]) => [param, [...new Set(values)].sort()]))
}

/** A param as topics are checked with it. */
export function specOf(param: ParamIr): ParamSpec {
  const { name, maxLength, reserved, pattern } = param
  const compiled = pattern === undefined ? undefined : compilePattern(pattern)
  return {
    name,
    maxLength,
    reserved,
    ...(pattern !== undefined && { pattern }),
    ...(compiled?.ok === true && { test: (value: string) => matchDfa(compiled.value, value) }),
  }
}

function rightsOf({ publish, read }: RoleIr): Pick<Subject, "publish" | "read"> {
  return { publish, read }
}

/** A device writes what comes from devices, reads what comes from controllers, and watches its own presence (P-4). */
function rightsOfDevice(ir: ContractIr): Pick<Subject, "publish" | "read"> {
  const legs = ir.channels.flatMap((channel) =>
    channel.legs.map((leg) => ({ channel, leg, id: `${channel.name}.${leg.name}` })),
  )
  const ids = (wanted: (one: (typeof legs)[number]) => boolean) => legs.filter(wanted).map(({ id }) => id)
  return {
    publish: ids(({ leg }) => leg.from === "device"),
    read: ids(({ leg, channel }) => leg.from === "controller" || channel.kind === "presence"),
  }
}

/** Why the broker's files could not carry a user name. */
function refuseName(name: string): string | undefined {
  if (name === "") return "it is empty"
  if (name !== name.trim()) return "it begins or ends with white space"
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what may not be there.
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return "it contains a control character"
  const bad = /[+#/:]/.exec(name)?.[0]
  if (bad !== undefined) return `it contains ${bad}`
  return /\p{Surrogate}/u.test(name) || name.length > 256 ? "it is not a short text" : undefined
}
