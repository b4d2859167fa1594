import type { ChannelIr, LegIr } from "@fleetwire/ir"
import { access, type Code, code, doc, ident, join, key, nothing, string } from "../core/code.js"
import type { CodeFile } from "../core/code-file.js"
import { pascalCase, wordsOf } from "../core/name-policy.js"
import type { SymbolRef } from "../core/symbol.js"
import {
  CLIENT_MEMBERS,
  type ClientWorld,
  declaredMembers,
  generic,
  givenMembers,
  lazyMembers,
  messageOf,
  paramsType,
} from "./client-plan.js"
import type { TypescriptContext } from "./context.js"
import { byName } from "./contract.js"
import type { ContractNames } from "./contract-names.js"
import { localNames } from "./device.js"
import { type FleetPlan, type FleetWorld, planFleet } from "./fleet-plan.js"
import { typescript } from "./language.js"
import { createController, mqttTransport, runtimeType, sdkError } from "./runtime-symbols.js"
import { templateParams } from "./template-params.js"
import type { TypeWorld } from "./type-expression.js"

/** Where the controller side stands. */
export const CONTROLLER_FILE = "src/controller.ts"

const LOCALS = ["engine", "client", "options", "fleet", "error", "params", "how", "makers", "make"]

/** `src/controller.ts`: one interface for each role, made of what its rights allow, with `createFleet` and `connectFleet`. */
export function emitController(context: TypescriptContext, names: ContractNames, types: TypeWorld): CodeFile {
  const file = context.file(CONTROLLER_FILE, LOCALS)
  const roles = byName(context.ir.roles)
  const prefixes = roles.map((role) => names.rolePrefix(role.name))
  const local = localNames(file, [
    ...["RoleName", "FleetByRole", "Fleet", "FleetOptions", "createFleet", "connectFleet"],
    ...prefixes.flatMap((prefix) => [`${prefix}Fleet`, `${prefix}${names.noun}`, `create${prefix}Fleet`]),
  ])
  const aliases = createAliases(names, types, local)
  const world: FleetWorld = {
    names,
    types,
    deviceParam: context.ir.device.param,
    deviceVariable: variableOf(context.ir.device.param),
    local,
    ...aliases,
  }
  const plans = roles.map((role) => planFleet(context.ir, role, world))
  for (const declaration of aliases.declarations()) file.print(declaration, code``)
  const declared = new Set<string>()
  for (const plan of plans)
    for (const member of plan.fleet) {
      if (member.declaration === undefined || declared.has(member.name)) continue
      declared.add(member.name)
      file.print(member.declaration, code``)
    }
  for (const plan of plans) file.print(...roleCode(plan, world), code``)
  file.print(...choiceCode(plans, world))
  return file
}

/** Params and deliveries as named types: what handlers and filters are written with. */
function createAliases(names: ContractNames, types: TypeWorld, local: ClientWorld["local"]) {
  const params = new Map<string, { readonly name: SymbolRef; readonly text: Code }>()
  const deliveries = new Map<string, { readonly name: SymbolRef; readonly text: Code }>()
  const paramsOf = (list: readonly string[]): SymbolRef => {
    const id = list.join("/")
    const known = params.get(id)
    if (known !== undefined) return known.name
    const name = local(list.length === 0 ? "NoParams" : `${list.map(nounOf).join("")}Params`, `params ${id}`)
    const words = list.length === 0 ? "Of a topic without params." : "Params of a topic, by name."
    params.set(id, { name, text: aliasCode(words, name, paramsType(list)) })
    return name
  }
  return {
    params: paramsOf,
    delivery(channel: ChannelIr, leg: LegIr): SymbolRef {
      const id = `${channel.name}.${leg.name}`
      const known = deliveries.get(id)
      if (known !== undefined) return known.name
      const part = leg.name === "message" ? "" : pascalCase([leg.name])
      const name = local(`${pascalCase(wordsOf(channel.name))}${part}Delivery`, `delivery ${id}`)
      const kind = channel.kind === "state" ? "StateDelivery" : "Delivery"
      const type = generic(
        kind,
        messageOf(leg, "value", { names, types, deviceParam: "", local }),
        paramsOf(templateParams(leg.topic)),
      )
      deliveries.set(id, { name, text: aliasCode(`What \`${id}\` delivers.`, name, type) })
      return name
    },
    declarations: (): readonly Code[] => [
      ...[...params.values()].map((alias) => alias.text),
      ...[...deliveries.values()].map((alias) => alias.text),
    ],
  }
}

function aliasCode(words: string, name: SymbolRef, type: Code): Code {
  return code`
    ${doc(words)}
    export type ${name} = ${type}
  `
}

function nounOf(param: string): string {
  const parts = wordsOf(param)
  return pascalCase(parts.length > 1 && parts.at(-1)!.toLowerCase() === "id" ? parts.slice(0, -1) : parts)
}

function variableOf(param: string): string {
  return typescript.isIdentifier(param) && !LOCALS.includes(param) ? param : "device"
}

function roleCode(plan: FleetPlan, world: FleetWorld): Code[] {
  const { names, local } = world
  const prefix = names.rolePrefix(plan.role.name)
  const fleet = local(`${prefix}Fleet`)
  const device = local(`${prefix}${names.noun}`)
  const noun = names.noun.toLowerCase()
  const variable = ident(world.deviceVariable)
  const id = world.deviceVariable === world.deviceParam ? variable : code`${key(world.deviceParam)}: ${variable}`
  const observed =
    plan.observed.length === 0
      ? nothing
      : code`
    /** What others ask, answer and set: read along. */
    readonly observe: {
      ${declaredMembers(plan.observed)}
    }
  `
  const observing =
    plan.observed.length === 0
      ? nothing
      : code`
    observe: {
      ${givenMembers(plan.observed)}
    },
  `
  return [
    code`
      ${doc(`One ${noun} as the role \`${plan.role.name}\` may use it.`)}
      export interface ${device} {
        readonly ${key(world.deviceParam)}: string
        ${declaredMembers(plan.device)}
      }

      ${doc([plan.role.doc ?? "", `The fleet as the role \`${plan.role.name}\` may use it.`].filter((line) => line !== "").join("\n"))}
      export interface ${fleet} extends ${runtimeType("Client")} {
        ${doc(`The handle of one ${noun}. Costs nothing until it is used.`)}
        readonly ${key(names.nounMember)}: (${variable}: string) => ${device}
        ${declaredMembers(plan.fleet)}
        ${observed}
      }

      ${doc(`Makes a client of the role \`${plan.role.name}\` that is not connected yet.`)}
      export function ${local(`create${prefix}Fleet`)}(options: ${runtimeType("ControllerOptions")}): ${fleet} {
        const engine = ${createController}(
          { ${join(specMembers(plan, names), code`, `)} },
          { ...options, transport: options.transport ?? ${mqttTransport}() },
        )
        const { client } = engine
        return {
          ${CLIENT_MEMBERS}
          ${key(names.nounMember)}: (${variable}) => ({
            ${id},
            ${lazyMembers(device, plan.device)}
          }),
          ${givenMembers(plan.fleet)}
          ${observing}
        }
      }
    `,
  ]
}

/** What the engine is told of a role besides its rights. */
function specMembers(plan: FleetPlan, names: ContractNames): readonly Code[] {
  const presence = plan.presence[0]
  const durable = plan.durable.map(({ channel, leg }) => code`${names.channel(channel)}${access(leg)}`)
  return [
    code`${names.contract}`,
    code`role: ${names.role(plan.role.name)}`,
    ...(presence === undefined ? [] : [code`presence: ${names.channel(presence.name)}`]),
    ...(plan.probe === undefined ? [] : [code`probe: ${names.channel(plan.probe)}`]),
    ...(plan.deadLetters.length === 0
      ? []
      : [
          code`deadLetters: [${join(
            plan.deadLetters.map((name) => code`${names.channel(name)}`),
            code`, `,
          )}]`,
        ]),
    ...(durable.length === 0 ? [] : [code`durable: [${join(durable, code`, `)}]`]),
  ]
}

function choiceCode(plans: readonly FleetPlan[], world: FleetWorld): Code[] {
  const { local, names } = world
  const [roleName, byRole, anyFleet, options] = [
    local("RoleName"),
    local("FleetByRole"),
    local("Fleet"),
    local("FleetOptions"),
  ]
  const roles = plans.map((plan) => ({ key: key(plan.role.name), prefix: names.rolePrefix(plan.role.name) }))
  const union =
    plans.length === 0
      ? code`never`
      : join(
          plans.map((plan) => string(plan.role.name)),
          code` | `,
        )
  const list = plans.map((plan) => plan.role.name).join(", ")
  return [
    code`
      /** Who a controller is: what it may do follows from it. */
      export type ${roleName} = ${union}

      /** The client of each role. */
      export interface ${byRole} {
        ${roles.map((role) => code`readonly ${role.key}: ${local(`${role.prefix}Fleet`)}`)}
      }

      /** A client of any role. */
      export type ${anyFleet} = ${byRole}[${roleName}]

      /** How a controller reaches its broker, and its role. */
      export interface ${options}<R extends ${roleName} = ${roleName}> extends ${runtimeType("ControllerOptions")} {
        readonly role: R
      }

      const makers: { readonly [R in ${roleName}]: (options: ${runtimeType("ControllerOptions")}) => ${byRole}[R] } = {
        ${roles.map((role) => code`${role.key}: ${local(`create${role.prefix}Fleet`)},`)}
      }

      /** Makes a client of a role that is not connected yet: attach handlers, then \`connect()\`. */
      export function ${local("createFleet")}<R extends ${roleName}>(options: ${options}<R>): ${byRole}[R] {
        if (!Object.hasOwn(makers, options.role)) {
          throw new ${sdkError}("invalid_argument", ${string(`the contract has these roles: ${list}`)})
        }
        return makers[options.role](options)
      }

      /** Makes a client of a role and connects it. Resolves when it is ready. */
      export async function ${local("connectFleet")}<R extends ${roleName}>(options: ${options}<R>): Promise<${byRole}[R]> {
        const fleet = ${local("createFleet")}(options)
        try {
          await fleet.connect()
          return fleet
        } catch (error) {
          await fleet.close()
          throw error
        }
      }
    `,
  ]
}
