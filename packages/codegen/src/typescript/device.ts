import { access, code, doc, key } from "../core/code.js"
import type { CodeFile } from "../core/code-file.js"
import { createNameScope } from "../core/name-policy.js"
import { exported, type SymbolRef } from "../core/symbol.js"
import { CLIENT_MEMBERS, type ClientWorld, declaredMembers, givenMembers } from "./client-plan.js"
import type { TypescriptContext } from "./context.js"
import type { ContractNames } from "./contract-names.js"
import { planDevice } from "./device-plan.js"
import { GLOBAL_NAMES } from "./reserved-names.js"
import { createDevice, mqttTransport, runtimeType } from "./runtime-symbols.js"
import type { TypeWorld } from "./type-expression.js"

/** Where the device side stands. */
export const DEVICE_FILE = "src/device.ts"

/** `src/device.ts`: what a device says and serves, as `Car`, with `createCar` and `connectCar`. */
export function emitDevice(context: TypescriptContext, names: ContractNames, types: TypeWorld): CodeFile {
  const file = context.file(DEVICE_FILE, ["engine", "client", "options", "device", "error", "params", "how", "spec"])
  const { noun } = names
  const local = localNames(file, [noun, `${noun}Options`, `create${noun}`, `connect${noun}`])
  const world: ClientWorld = { names, types, deviceParam: context.ir.device.param, local }
  const planned = planDevice(context.ir, world)
  const members = planned.flatMap((one) => (one.member === undefined ? [] : [one.member]))
  const device = local(noun)
  const options = local(`${noun}Options`)
  const id = context.ir.device.param

  for (const { declaration } of members) if (declaration !== undefined) file.print(declaration, code``)
  file.print(
    code`
      ${doc(`A ${words(noun)}: what it publishes, and what it serves.`)}
      export interface ${device} extends ${runtimeType("Client")} {
        /** Who it is. */
        readonly ${key(id)}: string
        ${declaredMembers(members)}
      }

      ${doc(`How a ${words(noun)} reaches its broker, and who it is.`)}
      export interface ${options} extends ${runtimeType("DeviceOptions")} {
        ${doc(`Identity: the level \`{${id}}\` of its topics.`)}
        readonly ${key(id)}: string
      }

      const spec: ${runtimeType("DeviceSpec")} = {
        ${names.contract},
        channels: [
          ${planned.map(({ channel }) => code`${names.channel(channel.name)},`)}
        ],
      }

      ${doc(`Makes a ${words(noun)} that is not connected yet: attach handlers, then \`connect()\`.`)}
      export function ${local(`create${noun}`)}(options: ${options}): ${device} {
        const engine = ${createDevice}(spec, options${access(id)}, {
          ...options,
          transport: options.transport ?? ${mqttTransport}(),
        })
        const { client } = engine
        return {
          ${CLIENT_MEMBERS}
          ${key(id)}: options${access(id)},
          ${givenMembers(members)}
        }
      }

      ${doc(`Makes a ${words(noun)} and connects it. Resolves when it is ready: subscribed, and announced as online.`)}
      export async function ${local(`connect${noun}`)}(options: ${options}): Promise<${device}> {
        const device = ${local(`create${noun}`)}(options)
        try {
          await device.connect()
          return device
        } catch (error) {
          await device.close()
          throw error
        }
      }
    `,
  )
  return file
}

/** Exports of one file: settled ones first, the rest on demand. */
export function localNames(file: CodeFile, first: readonly string[]): ClientWorld["local"] {
  const scope = createNameScope({ case: (parts) => parts.join(""), reserved: GLOBAL_NAMES, empty: "Unnamed" })
  const known = new Map<string, SymbolRef>()
  const local = (wish: string, id: string = wish): SymbolRef => {
    const settled = known.get(id)
    if (settled !== undefined) return settled
    const made = exported(scope.take(wish), file)
    known.set(id, made)
    return made
  }
  for (const wish of first) local(wish)
  return local
}

function words(noun: string): string {
  return noun.toLowerCase()
}
