import { type ContractIr, compilePattern, contractLegs, sampleMatch, topicParamNames } from "@fleetwire/ir"

/** Somebody with an account of the broker under attack, and what the contract lets them do. */
export interface AttackIdentity {
  /** User name. */
  readonly name: string
  readonly password: string
  /** A role of the contract, or `device`. */
  readonly role: string
  /** Values of params that this identity is bound to. A device is bound to its own id. */
  readonly bind: Readonly<Record<string, readonly string[]>>
  /** The one client id that the broker admits it with; absent: any. */
  readonly clientId?: string
}

/** A topic to try, with what each identity may do there. */
export interface AttackTarget {
  readonly topic: string
  /** Such as `drive.request`; several where they share the topic, none where the contract does not have it. */
  readonly legs: readonly string[]
  readonly params: Readonly<Record<string, string>>
  /** Stored messages belong there. */
  readonly retain: boolean
}

/**
 * Every topic of the contract for every value that an identity is bound to, and topics beside it: one level more, one
 * less, outside of the contract, and of the broker itself.
 */
export function attackTargets(
  ir: ContractIr,
  identities: readonly AttackIdentity[],
  prefix: string,
): readonly AttackTarget[] {
  const values = (name: string): readonly string[] => {
    const bound = [...new Set(identities.flatMap(({ bind }) => bind[name] ?? []))].sort()
    return bound.length > 0 ? bound : [sampleValue(ir, name)]
  }
  const found = new Map<string, AttackTarget>()
  for (const { id, leg } of contractLegs(ir)) {
    for (const params of combinations(topicParamNames(leg.topic).map((name) => [name, values(name)] as const))) {
      const topic = `${prefix}${fill(leg.topic, params)}`
      const before = found.get(topic)
      const legs = [...(before?.legs ?? []), id]
      found.set(topic, { topic, legs, params, retain: leg.retain || before?.retain === true })
    }
  }
  const inside = [...found.values()]
  const first = inside[0]
  const around = first === undefined ? [] : [`${first.topic}/more`, first.topic.split("/").slice(0, -1).join("/")]
  const outside = [
    ...around,
    `${prefix}outside/of/it`,
    "outside-of-all",
    "$CONTROL/dynamic-security/v1",
    "$SYS/broker/version",
  ]
  return [
    ...inside,
    ...outside.filter((topic) => !found.has(topic)).map((topic) => ({ topic, legs: [], params: {}, retain: false })),
  ]
}

/** Whether the contract lets an identity do this: read straight off its roles, not off any rule that was generated. */
export function contractAllows(
  ir: ContractIr,
  { role, bind }: AttackIdentity,
  access: "publish" | "read",
  { legs, params }: AttackTarget,
): boolean {
  const declared = ir.roles.find(({ name }) => name === role)
  const rights = role === "device" ? rightsOfDevice(ir)[access] : (declared?.[access] ?? [])
  if (!legs.some((leg) => rights.includes(leg))) return false
  return Object.entries(bind).every(([name, values]) => params[name] === undefined || values.includes(params[name]))
}

function rightsOfDevice(ir: ContractIr): { readonly publish: readonly string[]; readonly read: readonly string[] } {
  const publish: string[] = []
  const read: string[] = []
  for (const { id, leg, channel } of contractLegs(ir)) {
    if (leg.from === "device") publish.push(id)
    if (leg.from === "controller" || channel.kind === "presence") read.push(id)
  }
  return { publish, read }
}

function sampleValue(ir: ContractIr, name: string): string {
  const param = ir.params.find((one) => one.name === name)
  const example = param?.examples?.[0]
  if (example !== undefined) return example
  const compiled = param?.pattern === undefined ? undefined : compilePattern(param.pattern)
  return (compiled?.ok === true ? sampleMatch(compiled.value, () => 0.5) : undefined) ?? "x1"
}

function fill(topic: string, params: Readonly<Record<string, string>>): string {
  return topic
    .split("/")
    .map((level) => (level.startsWith("{") ? params[level.slice(1, -1)]! : level))
    .join("/")
}

function combinations(
  choices: readonly (readonly [string, readonly string[]])[],
): readonly Readonly<Record<string, string>>[] {
  return choices.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  )
}
