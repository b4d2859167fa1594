import type { Channel } from "./channel.js"
import type { Contract, RoleOptions } from "./contract.js"
import type { Place, Report } from "./diagnostic.js"
import { show } from "./options.js"
import type { Param } from "./param.js"

/** The parts of a contract that can be read at all, each sorted by name. */
export interface Parts {
  readonly params: readonly (readonly [string, Param])[]
  readonly channels: readonly (readonly [string, Channel])[]
  readonly roles: readonly (readonly [string, RoleOptions])[]
}

const KINDS = ["telemetry", "event", "state", "presence", "command", "action", "config", "broadcast"]

/** Takes a definition apart. JavaScript has no compiler: what is no param, channel or role is reported and left out. */
export function readParts(contract: Contract, place: Place, report: Report): Parts {
  const part = <T>(name: "params" | "channels" | "roles", rule: Rule<T>): readonly (readonly [string, T])[] => {
    const written: unknown = contract[name]
    if (!isRecord(written)) {
      const values = { what: `\`${name}\``, received: show(written), expected: "an object", example: rule.example }
      if (written !== undefined) report.add("contract/wrong-part", { ...place, path: name }, values)
      return []
    }
    const entries = Object.entries(written).sort(([a], [b]) => (a < b ? -1 : 1))
    return entries.flatMap(([key, value]) => {
      if (rule.is(value)) return [[key, value] as const]
      const values = { what: `\`${key}\``, received: show(value), expected: rule.expected, example: rule.example }
      report.add("contract/wrong-part", { ...place, path: `${name}.${key}` }, values)
      return []
    })
  }
  return {
    params: part("params", { is: isParam, expected: "a param", example: "`t.param({ … })`" }),
    channels: part("channels", {
      is: isChannel,
      expected: "a channel",
      example: "a builder such as `telemetry(topic, message)`",
    }),
    roles: part("roles", { is: isRole, expected: "a role", example: "`{ publish: [ … ], read: [ … ] }`" }),
  }
}

interface Rule<T> {
  readonly is: (value: unknown) => value is T
  readonly expected: string
  readonly example: string
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isParam(value: unknown): value is Param {
  return isRecord(value) && isRecord(value.options)
}

function isChannel(value: unknown): value is Channel {
  return isRecord(value) && KINDS.includes(value.kind as string) && isRecord(value.options)
}

function isRole(value: unknown): value is RoleOptions {
  return isRecord(value)
}
