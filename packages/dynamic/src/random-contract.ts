import {
  type ContractIr,
  type FieldIr,
  IR_VERSION,
  type JsonValue,
  type ObjectIr,
  type StringIr,
  type TypeIr,
} from "@fleetwire/ir"
import type { NextRandom } from "./random-value.js"

/**
 * A contract with one message `M` of the whole profile, and messages that it refers to, for property tests and fuzzing.
 * Left out is what no format but JSON can tell apart (see the README): optional lists and maps that may be empty,
 * optional constants, lists and maps directly inside lists and maps.
 */
export function randomContract(next: NextRandom): ContractIr {
  const referred: TypeIr[] = [new Maker(next, 0, 0).object(1), new Maker(next, 0, 0).scalar()]
  const type = new Maker(next, referred.length, 3).top()
  return {
    ir: IR_VERSION,
    name: "random",
    version: "1.0.0",
    params: [{ name: "id", maxLength: 16, reserved: [] }],
    device: { param: "id", session: { kind: "clean" }, reconnectSpreadSeconds: 30, keepAliveSeconds: 30 },
    messages: [{ name: "M", type }, ...referred.map((of, index) => ({ name: `R${index}`, type: of }))],
    channels: [],
    roles: [],
  }
}

/** Keys that trip parsers and object literals. */
const NAMES = [
  "a",
  "battery",
  "constructor",
  "__proto__",
  "toString",
  "é",
  'q"',
  "a/b",
  "x~",
  "long_name_of_a_field",
  "0",
  "日本",
]
const PATTERNS = [
  "[a-z]{1,5}",
  "car-[0-9]{3,6}",
  "(a|bc)+d?",
  "[^\\s]{0,4}",
  "\\w*",
  ".{2,6}",
  "[\\u{1F600}-\\u{1F64F}é]{1,3}",
]
const FORMATS = ["date-time", "date", "time", "uuid", "ipv4", "hostname", "uri"] as const

class Maker {
  #names = 0

  constructor(
    readonly next: NextRandom,
    readonly referred: number,
    readonly depth: number,
  ) {}

  top(): TypeIr {
    const roll = this.next()
    if (roll < 0.15) return this.scalar()
    return roll < 0.3 ? this.#union(this.depth) : this.object(this.depth)
  }

  scalar(): TypeIr {
    switch (this.#below(7)) {
      case 0:
        return { kind: "bool" }
      case 1:
        return this.#int()
      case 2:
        return this.#float()
      case 3:
        return this.#string()
      case 4:
        return { kind: "bytes", ...(this.#chance(0.5) && { minLength: this.#below(3) }), maxLength: 2 + this.#below(9) }
      case 5:
        return this.#enum()
      default:
        return this.#string()
    }
  }

  object(depth: number): ObjectIr {
    const count = this.#below(6)
    const names = this.#shuffled(NAMES).slice(0, count)
    // Numbers rise with gaps, and not in the order of the fields.
    const numbers = this.#shuffled([1, 2, 3, 15, 16, 17, 2047, 2048, 300]).slice(0, count)
    const fields = names.map((name, index) => this.#field(name, numbers[index]!, index, depth))
    return { kind: "object", name: `O${this.#names++}`, fields }
  }

  #field(name: string, number: number, index: number, depth: number): FieldIr {
    const type = this.#any(depth - 1)
    const whole = type.kind === "const"
    const required = whole || this.#chance(0.6)
    const optional = {
      ...(this.#chance(0.3) && { nullAsAbsent: true }),
      ...(this.#chance(0.3) && defaultOf(type)),
    }
    const bounded = !required && type.kind === "list" ? { ...type, minItems: Math.max(1, type.minItems ?? 0) } : type
    return {
      name,
      number,
      required: required || type.kind === "map",
      type: bounded,
      ...(this.#chance(0.4) && { short: `s${index}` }),
      ...(required || type.kind === "map" ? {} : optional),
    }
  }

  #any(depth: number): TypeIr {
    const roll = this.next()
    if (roll < 0.08) return { kind: "const", value: this.#pick(["v2", 'é"', 7, -1.5, true]) }
    if (roll < 0.16 && this.referred > 0) return { kind: "ref", message: `R${this.#below(this.referred)}` }
    if (depth <= 0 || roll < 0.55) return this.scalar()
    if (roll < 0.7) return this.object(depth)
    if (roll < 0.85) {
      const minItems = this.#below(3)
      return {
        kind: "list",
        item: this.#element(depth),
        ...(minItems > 0 && { minItems }),
        maxItems: minItems + 1 + this.#below(4),
      }
    }
    if (roll < 0.93) {
      const keys = this.#chance(0.5) ? { keyPattern: this.#pick(["[a-z]{0,4}", "k[0-9]{1,3}"]) } : {}
      return { kind: "map", value: this.#element(depth), keyMaxLength: 4, maxProperties: 1 + this.#below(4), ...keys }
    }
    return this.#union(depth)
  }

  /** What a list or a map holds. */
  #element(depth: number): TypeIr {
    for (;;) {
      const type = this.#any(depth - 1)
      if (type.kind !== "list" && type.kind !== "map" && type.kind !== "const") return type
    }
  }

  #union(depth: number): TypeIr {
    const values = ["a", "b", "é c"].slice(0, 1 + this.#below(3))
    const branches = values.map((value, index) => ({ value, number: [3, 1, 20][index]!, type: this.object(depth - 1) }))
    return { kind: "union", name: `U${this.#names++}`, tag: "kind", branches }
  }

  #int(): TypeIr {
    const bits = this.#pick([8, 16, 32, 64] as const)
    const signed = this.#chance(0.5)
    let min = signed ? -(1n << BigInt(bits - 1)) : 0n
    let max = (1n << BigInt(signed ? bits - 1 : bits)) - 1n
    if (this.#chance(0.4)) min = signed ? -100n : 3n
    if (this.#chance(0.4)) max = 100n
    const bound = (value: bigint) => (bits === 64 ? String(value) : Number(value))
    return {
      kind: "int",
      bits,
      signed,
      min: bound(min),
      max: bound(max),
      ...(this.#chance(0.2) && { multipleOf: 5 }),
      ...(bits >= 32 && this.#chance(0.3) && { fixed: true }),
    }
  }

  #float(): TypeIr {
    const bits = this.#pick([32, 64] as const)
    return { kind: "float", bits, ...(this.#chance(0.4) && { min: -90 }), ...(this.#chance(0.4) && { max: 180.5 }) }
  }

  #string(): StringIr {
    if (this.#chance(0.25)) return { kind: "string", pattern: this.#pick(PATTERNS), maxLength: 12 }
    if (this.#chance(0.25)) return { kind: "string", format: this.#pick(FORMATS) }
    const minLength = this.#below(3)
    return {
      kind: "string",
      ...(minLength > 0 && { minLength }),
      maxLength: minLength + this.#below(12),
      ...(this.#chance(0.2) && { maxBytes: 4 * minLength + this.#below(20) }),
    }
  }

  #enum(): TypeIr {
    const names = this.#shuffled(["on", "off", "__proto__", "é", 'q"', "forward"]).slice(0, 1 + this.#below(5))
    const first = this.#below(2)
    return {
      kind: "enum",
      name: `E${this.#names++}`,
      open: this.#chance(0.3),
      values: names.map((name, index) => ({ name, number: first + index * (index > 2 ? 100 : 1) })),
      ...(this.#chance(0.4) && { compactAs: "number" as const }),
    }
  }

  #below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  #chance(of: number): boolean {
    return this.next() < of
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)]!
  }

  #shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items]
    for (let at = copy.length - 1; at > 0; at--) {
      const other = this.#below(at + 1)
      ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
    }
    return copy
  }
}

/** A default where one is easily said. */
function defaultOf(type: TypeIr): { readonly default?: JsonValue } {
  switch (type.kind) {
    case "bool":
      return { default: true }
    case "int":
      return type.multipleOf === undefined ? { default: type.max } : {}
    case "enum":
      return { default: type.values[0]!.name }
    default:
      return {}
  }
}
