import { type ContractIr, contractLegs, type LegPlace } from "@fleetwire/ir"
import { parseTemplate, refuseParam, refusePrefix, type Template } from "@fleetwire/topic"
import { type AccessFinding, accessFinding } from "./access-finding.js"
import { clientIdOf } from "./client-id.js"
import { type Principal, resolvePrincipal, type Subject, specOf } from "./principal.js"

export type Access = "publish" | "read"

/** One thing that a principal may do. */
export interface Grant {
  readonly access: Access
  /** Topics it may do it on; `+` where a param is not bound. */
  readonly filter: string
  /** For `read`: the widest filter that an SDK of the principal subscribes with; delivery is bounded by `filter`. */
  readonly subscribe: string
  /** Why: the leg, such as `drive.request`. */
  readonly leg: string
}

/** Topics that a filter of a grant covers though the principal has no right to them. */
export interface Exclusion {
  readonly access: Access
  readonly filter: string
  /** The grant's filter that is too wide by it. */
  readonly within: string
}

export interface PrincipalRules {
  readonly principal: Principal
  readonly grants: readonly Grant[]
  readonly exclusions: readonly Exclusion[]
  /** The only client id it connects with, where there is one (S-1). */
  readonly clientId?: string
}

/** Rules of a contract for some principals, before a broker's way of writing them. */
export interface AccessRules {
  readonly contract: string
  readonly version: string
  readonly principals: readonly PrincipalRules[]
  /** Where one is an error, no principal of that error is among `principals`. */
  readonly findings: readonly AccessFinding[]
}

export interface AccessOptions {
  /** In front of every topic of the deployment, such as `acme/staging` (T-4). */
  readonly prefix?: string
}

/**
 * What each principal may publish and read, and nothing else. Every right of the contract becomes a topic filter;
 * params that are bound keep their values, others become `+`.
 *
 * @throws RangeError for a prefix that no topic can have
 */
export function compileAccess(
  ir: ContractIr,
  principals: readonly Principal[],
  options: AccessOptions = {},
): AccessRules {
  const prefix = options.prefix ?? ""
  const refused = prefix === "" ? undefined : refusePrefix(prefix)
  if (refused !== undefined) throw new RangeError(refused.message)
  const findings: AccessFinding[] = []
  const seen = new Set<string>()
  const rules: PrincipalRules[] = []
  for (const principal of principals) {
    if (seen.has(principal.name)) {
      findings.push(accessFinding("access/principal-twice", { principal: principal.name }))
      continue
    }
    seen.add(principal.name)
    const subject = resolvePrincipal(ir, principal, findings)
    if (subject === undefined) continue
    const grants = grantsOf(ir, subject, prefix)
    const clientId = clientIdOf(ir, subject)
    rules.push({
      principal,
      grants,
      exclusions: exclusionsOf(ir, subject, grants, prefix),
      ...(clientId !== undefined && { clientId }),
    })
    findings.push(...findingsAbout(ir, subject))
  }
  findings.push(...patternFindings(ir, rules))
  const known = new Set<string>()
  return {
    contract: ir.name,
    version: ir.version,
    principals: rules,
    findings: findings.filter(({ message }) => !known.has(message) && known.add(message)),
  }
}

function grantsOf(ir: ContractIr, subject: Subject, prefix: string): readonly Grant[] {
  const found: Grant[] = []
  for (const access of ["publish", "read"] as const) {
    for (const { id, leg } of contractLegs(ir)) {
      if (!subject[access].includes(id)) continue
      const template = templateOf(leg.topic)
      const subscribe = filterOf(template, {}, prefix)
      for (const bound of combinations(template.params, subject.bind)) {
        found.push({ access, filter: filterOf(template, bound, prefix), subscribe, leg: id })
      }
    }
  }
  // What a wider rule of the same direction covers needs no rule of its own.
  return found
    .filter((one) => !found.some((other) => other.filter !== one.filter && covers(other, one)))
    .sort((a, b) => order(a.access, b.access) || order(a.filter, b.filter) || order(a.leg, b.leg))
}

function covers(wide: Grant, narrow: Grant): boolean {
  return wide.access === narrow.access && includes(wide.filter, narrow.filter)
}

/** A `+` for a param takes literals of other topics too, which no value of the param may be (T-5): they are taken out. */
function exclusionsOf(
  ir: ContractIr,
  subject: Subject,
  grants: readonly Grant[],
  prefix: string,
): readonly Exclusion[] {
  const found = new Map<string, Exclusion>()
  for (const { access, filter } of grants) {
    for (const other of contractLegs(ir)) {
      if (subject[access].includes(other.id)) continue
      const meeting = literalMeeting(filter, filterOf(templateOf(other.leg.topic), {}, prefix))
      if (meeting === undefined) continue
      const covered = grants.some(
        (grant) => grant.access === access && grant.filter !== filter && includes(grant.filter, meeting),
      )
      if (!covered) found.set(`${access} ${meeting}`, { access, filter: meeting, within: filter })
    }
  }
  return [...found.values()].sort((a, b) => order(a.access, b.access) || order(a.filter, b.filter))
}

/** What both filters take, where that has a literal in place of a `+` of the first; undefined where it is no such thing. */
function literalMeeting(wide: string, other: string): string | undefined {
  const left = wide.split("/")
  const right = other.split("/")
  if (left.length !== right.length) return undefined
  let narrower = false
  const levels: string[] = []
  for (const [at, level] of left.entries()) {
    const against = right[at]!
    if (level !== "+" && against !== "+" && level !== against) return undefined
    if (level === "+" && against !== "+") narrower = true
    levels.push(level === "+" ? against : level)
  }
  return narrower ? levels.join("/") : undefined
}

function includes(wide: string, narrow: string): boolean {
  const left = wide.split("/")
  const right = narrow.split("/")
  return left.length === right.length && left.every((level, at) => level === "+" || level === right[at])
}

function findingsAbout(ir: ContractIr, subject: Subject): readonly AccessFinding[] {
  const { principal, device, bind } = subject
  const bound = Object.keys(bind)
  if (bound.length === 0) return []
  return contractLegs(ir).flatMap(({ id, leg }: LegPlace) => {
    const { params } = templateOf(leg.topic)
    if (bound.some((param) => params.includes(param))) return []
    if (device) {
      if (!subject.publish.includes(id)) return []
      const values = { topic: leg.topic, param: ir.device.param }
      return principal.pattern === undefined ? [accessFinding("access/no-identity", values)] : []
    }
    return (["publish", "read"] as const)
      .filter((access) => subject[access].includes(id))
      .map((access) =>
        accessFinding("access/unbound-topic", {
          principal: principal.name,
          bound: bound.map((param) => `\`${param}\``).join(", "),
          topic: leg.topic,
          access: access === "publish" ? "publishing" : "reading",
        }),
      )
  })
}

/** Pattern rules are for everybody who connects: what does not name the device in its topic is then for all. */
function patternFindings(ir: ContractIr, rules: readonly PrincipalRules[]): readonly AccessFinding[] {
  const patterns = rules.filter(({ principal }) => principal.pattern !== undefined)
  if (patterns.length === 0) return []
  const { param } = ir.device
  const declared = ir.params.find(({ name }) => name === param)
  const open = patterns
    .flatMap(({ grants, principal }) => grants.filter(({ filter }) => !filter.includes(principal.pattern!)))
    .map(({ access, filter }) =>
      accessFinding(access === "read" ? "access/pattern-everyone" : "access/pattern-write-everyone", { topic: filter }),
    )
  const names = rules
    .filter(({ principal }) => principal.pattern === undefined && principal.role !== "device")
    .filter(
      ({ principal: { name } }) => declared !== undefined && refuseParam(param, name, specOf(declared)) === undefined,
    )
    .map(({ principal: { name } }) => accessFinding("access/pattern-name", { principal: name, param }))
  const chosen = patterns.some(({ principal }) => principal.pattern === "%c")
  return [...open, ...names, ...(chosen ? [accessFinding("access/pattern-client-id")] : [])]
}

function templateOf(topic: string): Template {
  const parsed = parseTemplate(topic)
  if (!parsed.ok) throw new RangeError(`${topic}: ${parsed.issues[0]!.message}`)
  return parsed.value
}

/** The filter of a template: what is bound has been checked, or is a placeholder that the broker fills in. */
function filterOf(template: Template, bound: Readonly<Record<string, string>>, prefix: string): string {
  const levels = template.levels.map((level) => (level.kind === "literal" ? level.text : (bound[level.name] ?? "+")))
  return [...(prefix === "" ? [] : [prefix]), ...levels].join("/")
}

/** Every choice of bound values for the params of one topic. */
function combinations(
  params: readonly string[],
  bind: Readonly<Record<string, readonly string[]>>,
): readonly Readonly<Record<string, string>>[] {
  return params.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, param) => {
      const values = bind[param]
      return values === undefined ? all : all.flatMap((one) => values.map((value) => ({ ...one, [param]: value })))
    },
    [{}],
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
