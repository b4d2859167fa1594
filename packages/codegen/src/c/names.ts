import type { ContractIr } from "@fleetwire/ir"
import { snakeCase, upperSnakeCase, wordsOf } from "../core/name-policy.js"
import { c } from "./language.js"

/** Names of one contract in C: everything begins with the contract's name. */
export interface CNames {
  /** `iot_car` */
  readonly prefix: string
  /** `IOT_CAR` */
  readonly upper: string
  /** A name for a type without prefix and `_t`, such as `telemetry_sensors`, that nothing else has. */
  type(source: string): string
}

/** Settles names in the order in which they are asked for. */
export function createNames(ir: ContractIr): CNames {
  const wanted = /^[a-z]/.test(lowerName(ir.name)) ? lowerName(ir.name) : `n${lowerName(ir.name)}`
  // What begins with `fw` is the kernel's.
  const prefix = /^fw(_|$)/.test(wanted) ? `n${wanted}` : wanted
  const scope = createScope()
  for (const own of OWN_TYPES) scope.take(own)
  return {
    prefix,
    upper: prefix.toUpperCase(),
    type: (source) => {
      const name = lowerName(source) || "unnamed"
      return scope.take(c.isIdentifier(name) ? name : `${name}_`)
    },
  }
}

/** Types that every contract has beside its messages: the params of topics, the legs, the device. */
const OWN_TYPES = ["params", "leg", "device"]

/** Small letters with `_` between words, ASCII only; empty where nothing is left. */
export function lowerName(source: string): string {
  return ascii(snakeCase(wordsOf(source)))
}

/** Capitals with `_` between words, ASCII only; empty where nothing is left. */
export function upperName(source: string): string {
  return ascii(upperSnakeCase(wordsOf(source)))
}

/** A member as it is spelled on the wire where that is an identifier of C. */
export function memberName(source: string): string {
  if (c.isIdentifier(source)) return source
  const name = lowerName(source)
  if (name === "") return "field"
  if (!/^[a-z]/.test(name)) return `n${name}`
  return c.isIdentifier(name) ? name : `${name}_`
}

/** Names that must differ from each other: the second of two equal ones is numbered. */
export function createScope(): { take(name: string, ...beside: readonly ((name: string) => string)[]): string } {
  const taken = new Set<string>()
  return {
    take(name, ...beside) {
      for (let n = 1; ; n++) {
        const candidate = n === 1 ? name : `${name}_${n}`
        const all = [candidate, ...beside.map((form) => form(candidate))]
        if (all.some((one) => taken.has(one))) continue
        for (const one of all) taken.add(one)
        return candidate
      }
    },
  }
}

function ascii(text: string): string {
  return text.normalize("NFKD").replace(/[^A-Za-z0-9_]/g, "")
}
