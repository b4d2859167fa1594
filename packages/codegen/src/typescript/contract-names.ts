import type { ContractIr } from "@fleetwire/ir"
import { camelCase, createNameScope, pascalCase, wordsOf } from "../core/name-policy.js"
import { exported, type SymbolRef } from "../core/symbol.js"
import { GLOBAL_NAMES } from "./reserved-names.js"

/** Where the descriptors stand. */
export const CONTRACT_FILE = "src/contract.ts"

/** Names of what a contract declares besides its messages. */
export interface ContractNames {
  readonly contract: SymbolRef
  param(name: string): SymbolRef
  /** Function of the descriptors' file that tests a param's pattern: `matchesCarId`. */
  paramTest(name: string): string
  channel(name: string): SymbolRef
  role(name: string): SymbolRef
  /** Member of `Car`, `AppFleet` and `AppCar` that serves a channel: its name in camel case, or `presence`. */
  member(channel: string): string
  /** Member of `observe` for one leg: `driveRequest`. */
  observed(leg: string): string
  /** What a device is called: its param without a trailing `Id`, such as `Car`. */
  readonly noun: string
  /** `car`, the function of a fleet that gives the handle of one device. */
  readonly nounMember: string
  /** Prefix of a role's types: `App` of `AppFleet`. */
  rolePrefix(name: string): string
}

/** Members that clients, promises and objects have anyway: a channel called so is printed with `_` behind it. */
const MEMBERS = (
  "state counters clientId connect close abort observe then catch finally constructor prototype __proto__ toString " +
  "toLocaleString valueOf toJSON hasOwnProperty isPrototypeOf propertyIsEnumerable inspect"
).split(" ")

/** Settles the names of a contract's descriptors, members and interfaces. */
export function settleContractNames(ir: ContractIr): ContractNames {
  const exports = createNameScope({ case: camelCase, reserved: GLOBAL_NAMES, empty: "unnamed" })
  exports.reserve("contract")
  const channelConstants = new Map<string, SymbolRef>()
  const names = [...ir.channels].map((channel) => channel.name).sort()
  for (const name of names) channelConstants.set(name, exported(exports.take(name), CONTRACT_FILE))
  const params = new Map<string, SymbolRef>()
  for (const name of ir.params.map((param) => param.name).sort())
    params.set(name, exported(exports.take(`${name} param`), CONTRACT_FILE))
  const paramTests = new Map<string, string>()
  for (const name of params.keys()) paramTests.set(name, exports.take(`matches ${name}`))
  const roles = new Map<string, SymbolRef>()
  const prefixes = new Map<string, string>()
  const prefixScope = createNameScope({ case: pascalCase, reserved: [], empty: "Unnamed" })
  for (const name of ir.roles.map((role) => role.name).sort()) {
    roles.set(name, exported(exports.take(`${name} role`), CONTRACT_FILE))
    prefixes.set(name, prefixScope.take(name))
  }

  const noun = nounOf(ir.device.param)
  const deviceId = camelCase(wordsOf(ir.device.param))
  // The function of a fleet and the id of a device are members of different things: both may be called `room`.
  const nounMember = createNameScope({ case: camelCase, reserved: MEMBERS, empty: "unnamed" }).take(noun)
  const memberScope = createNameScope({
    case: camelCase,
    reserved: [...MEMBERS, deviceId, nounMember],
    empty: "unnamed",
  })
  const members = new Map<string, string>()
  // The first presence channel is what a fleet's presence means.
  const presence = [...ir.channels].filter((channel) => channel.kind === "presence").sort(byName)[0]
  if (presence !== undefined) members.set(presence.name, memberScope.take("presence"))
  for (const name of names) if (!members.has(name)) members.set(name, memberScope.take(name))

  const observedScope = createNameScope({ case: camelCase, reserved: MEMBERS, empty: "unnamed" })
  const observed = new Map<string, string>()
  for (const channel of [...ir.channels].sort(byName))
    for (const leg of channel.legs) {
      const id = `${channel.name}.${leg.name}`
      observed.set(id, observedScope.take(leg.name === "message" ? channel.name : `${channel.name} ${leg.name}`))
    }
  return {
    contract: exported("contract", CONTRACT_FILE),
    param: (name) => found(params, name),
    paramTest: (name) => found(paramTests, name),
    channel: (name) => found(channelConstants, name),
    role: (name) => found(roles, name),
    member: (channel) => found(members, channel),
    observed: (leg) => found(observed, leg),
    noun,
    nounMember,
    rolePrefix: (name) => found(prefixes, name),
  }
}

function nounOf(param: string): string {
  const words = wordsOf(param)
  const shorter = words.length > 1 && words.at(-1)!.toLowerCase() === "id" ? words.slice(0, -1) : words
  return createNameScope({ case: pascalCase, reserved: GLOBAL_NAMES, empty: "Device" }).take(shorter.join(" "))
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name)
  if (value === undefined) throw new Error(`the contract has no ${JSON.stringify(name)}`)
  return value
}
