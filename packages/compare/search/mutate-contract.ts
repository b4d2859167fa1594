import { type NextRandom, randomContract } from "@fleetwire/dynamic"
import {
  type ContractIr,
  checkContractIr,
  type EnumIr,
  type FieldIr,
  type IntIr,
  type JsonValue,
  type ObjectIr,
  type StringIr,
  type TypeIr,
  type UnionIr,
} from "@fleetwire/ir"

/** A random contract, with one to three changes somewhere in its messages; both are contracts. */
export function randomPair(next: NextRandom): readonly [ContractIr, ContractIr] {
  for (;;) {
    const old = randomContract(next)
    let changed = old
    for (let count = 1 + Math.floor(next() * 3); count > 0; count--) changed = mutateContract(changed, next)
    const fine = checkContractIr(JSON.parse(JSON.stringify(changed)) as JsonValue)
    if (fine.ok && JSON.stringify(old) !== JSON.stringify(changed)) return [old, changed]
  }
}

function mutateContract(ir: ContractIr, next: NextRandom): ContractIr {
  const at = Math.floor(next() * ir.messages.length)
  const messages = ir.messages.map((message, index) =>
    index === at ? { ...message, type: new Mutation(next).somewhere(message.type) } : message,
  )
  return { ...ir, messages }
}

/** Names that no random contract has. */
const FRESH = ["fresh", "new_one", "Battery", "A", "third"]

class Mutation {
  constructor(readonly next: NextRandom) {}

  /** Changes the type itself, or something inside it. */
  somewhere(type: TypeIr): TypeIr {
    const deeper = this.next() < 0.6
    if (type.kind === "list" && deeper) return { ...type, item: this.somewhere(type.item) }
    if (type.kind === "map" && deeper) return { ...type, value: this.somewhere(type.value) }
    if (type.kind === "object" && deeper && type.fields.length > 0) return this.#inField(type)
    if (type.kind === "union" && deeper) {
      const at = this.#below(type.branches.length)
      const branches = type.branches.map((branch, index) =>
        index === at ? { ...branch, type: this.#object(branch.type) } : branch,
      )
      return { ...type, branches }
    }
    return this.#here(type)
  }

  #inField(type: ObjectIr): ObjectIr {
    const at = this.#below(type.fields.length)
    const fields = type.fields.map((field, index) =>
      index === at ? { ...field, type: this.somewhere(field.type) } : field,
    )
    return { ...type, fields }
  }

  #here(type: TypeIr): TypeIr {
    if (this.next() < 0.12) return this.#otherKind(type)
    switch (type.kind) {
      case "int":
        return this.#int(type)
      case "float":
        return this.#pick([
          { ...type, bits: type.bits === 32 ? 64 : 32 },
          { ...type, min: -this.#below(200) },
          { ...type, max: this.#below(200) },
        ] as const)
      case "string":
        return this.#string(type)
      case "bytes":
        return { ...type, maxLength: (type.minLength ?? 0) + this.#below(12) }
      case "enum":
        return this.#enum(type)
      case "const":
        return { kind: "const", value: this.#pick(["v3", 8, false, "v2"]) }
      case "list":
        return { ...type, maxItems: (type.minItems ?? 0) + 1 + this.#below(6) }
      case "map":
        return this.#pick([
          { ...type, maxProperties: 1 + this.#below(6) },
          { ...type, keyMaxLength: 4 + this.#below(3) },
          { ...type, keyPattern: this.#pick(["[a-z]{0,4}", "[a-f]{0,3}", "k[0-9]{1,2}"]) },
        ])
      case "object":
        return this.#object(type)
      case "union":
        return this.#union(type)
      default:
        return type
    }
  }

  #int(type: IntIr): IntIr {
    const own = (of: IntIr): IntIr => {
      const [low, top] = of.signed
        ? [-(1n << BigInt(of.bits - 1)), (1n << BigInt(of.bits - 1)) - 1n]
        : [0n, (1n << BigInt(of.bits)) - 1n]
      const clamp = (bound: bigint) => (bound < low ? low : bound > top ? top : bound)
      const [min, max] = [clamp(BigInt(of.min)), clamp(BigInt(of.max))]
      const print = (bound: bigint) => (of.bits === 64 ? String(bound) : Number(bound))
      // biome-ignore lint/complexity/useMathMinMax: it knows no bigint.
      return { ...of, min: print(min), max: print(max < min ? min : max) }
    }
    const roll = this.next()
    if (roll < 0.25) return own({ ...type, bits: this.#pick([8, 16, 32, 64] as const) })
    if (roll < 0.45) return own({ ...type, signed: !type.signed })
    if (roll < 0.6) return own({ ...type, max: String(BigInt(type.min) + BigInt(this.#below(300))) })
    if (roll < 0.75) return own({ ...type, min: String(BigInt(type.max) - BigInt(this.#below(300))) })
    if (roll < 0.85 && type.bits >= 32) return { ...type, fixed: type.fixed !== true }
    return own({ ...type, min: 0, max: 200, multipleOf: this.#pick([1, 2, 5, 10]) })
  }

  #string(type: StringIr): StringIr {
    if (type.format !== undefined) return { kind: "string", maxLength: 40 + this.#below(30) }
    const roll = this.next()
    if (roll < 0.4) return { ...type, maxLength: (type.minLength ?? 0) + this.#below(14) }
    if (roll < 0.55) return { ...type, maxBytes: 4 * (type.minLength ?? 0) + this.#below(40) }
    if (roll < 0.7)
      return { kind: "string", maxLength: 12, pattern: this.#pick(["[a-z]{1,6}", "car-[0-9]{2,4}", "\\w*", ".{2,6}"]) }
    if (roll < 0.8) return { kind: "string", maxLength: 12 }
    return { kind: "string", format: this.#pick(["uuid", "date", "ipv4"] as const) }
  }

  #enum(type: EnumIr): EnumIr {
    const highest = Math.max(...type.values.map(({ number }) => number))
    const at = this.#below(type.values.length)
    const chosen = type.values[at]!
    const roll = this.next()
    if (roll < 0.2) return { ...type, values: [...type.values, { name: "fresh", number: highest + 1 }] }
    if (roll < 0.4 && type.values.length > 1) return { ...type, values: type.values.filter((_, index) => index !== at) }
    if (roll < 0.6) {
      const was = this.next() < 0.5 ? { was: [chosen.name] } : {}
      return {
        ...type,
        values: type.values.map((value, index) => (index === at ? { ...value, name: "renamed", ...was } : value)),
      }
    }
    if (roll < 0.75 && type.values.length > 1) {
      const other = (at + 1) % type.values.length
      const swap = [chosen.number, type.values[other]!.number]
      return {
        ...type,
        values: type.values.map((value, index) =>
          index === at ? { ...value, number: swap[1]! } : index === other ? { ...value, number: swap[0]! } : value,
        ),
      }
    }
    if (roll < 0.9) return { ...type, open: !type.open }
    const { compactAs, ...rest } = type
    return compactAs === undefined ? { ...rest, compactAs: "number" } : rest
  }

  #object(type: ObjectIr): ObjectIr {
    const fields = [...type.fields]
    const highest = Math.max(0, ...fields.map(({ number }) => number))
    const roll = this.next()
    if (roll < 0.25 || fields.length === 0) {
      const name = this.#pick(FRESH)
      const required = this.next() < 0.5
      const added: FieldIr = {
        name,
        number: highest + 1,
        required,
        type: this.#scalar(),
        ...(this.next() < 0.2 && { short: `f${this.#below(9)}` }),
      }
      return { ...type, fields: [...fields, added] }
    }
    const at = this.#below(fields.length)
    const field = fields[at]!
    const put = (changed: FieldIr): ObjectIr => ({ ...type, fields: fields.with(at, changed) })
    if (roll < 0.35) return { ...type, fields: fields.filter((_, index) => index !== at) }
    if (roll < 0.5) {
      const was = this.next() < 0.6 ? { was: [field.name] } : {}
      return put({ ...field, name: this.#pick(FRESH), ...was })
    }
    if (roll < 0.62 && field.type.kind !== "const" && field.type.kind !== "map" && field.type.kind !== "list") {
      const { default: _default, nullAsAbsent: _null, ...plain } = field
      return put({ ...plain, required: !field.required })
    }
    if (roll < 0.7) return put({ ...field, number: highest + 1 })
    if (roll < 0.8 && fields.length > 1) {
      const other = (at + 1) % fields.length
      const swapped = fields
        .with(at, { ...field, number: fields[other]!.number })
        .with(other, { ...fields[other]!, number: field.number })
      return { ...type, fields: swapped }
    }
    if (roll < 0.9) return put({ ...field, short: `t${this.#below(9)}` })
    if (roll < 0.95) return { ...type, fields: fields.toReversed() }
    // A number, and in compact JSON a key, that was another field's.
    const replaced: FieldIr = { ...field, name: this.#pick(FRESH), type: this.#scalar() }
    const { default: _gone, ...plain } = replaced
    return put(plain)
  }

  #union(type: UnionIr): UnionIr {
    const at = this.#below(type.branches.length)
    const roll = this.next()
    const highest = Math.max(...type.branches.map(({ number }) => number))
    if (roll < 0.3) {
      const branch = {
        value: "fresh",
        number: highest + 1,
        type: { kind: "object" as const, name: "Fresh", fields: [] },
      }
      return { ...type, branches: [...type.branches, branch] }
    }
    if (roll < 0.5 && type.branches.length > 1)
      return { ...type, branches: type.branches.filter((_, index) => index !== at) }
    if (roll < 0.7) return { ...type, tag: type.tag === "kind" ? "sort" : "kind" }
    return {
      ...type,
      branches: type.branches.map((branch, index) => (index === at ? { ...branch, number: highest + 1 } : branch)),
    }
  }

  /** A type of another kind; a constant only where another scalar was. */
  #otherKind(type: TypeIr): TypeIr {
    const scalar = this.#scalar()
    if (this.next() < 0.3 && type.kind !== "list" && type.kind !== "map" && type.kind !== "const")
      return { kind: "object", name: "Other", fields: [{ name: "x", number: 1, required: true, type: scalar }] }
    return scalar
  }

  #scalar(): TypeIr {
    return this.#pick<TypeIr>([
      { kind: "bool" },
      { kind: "int", bits: 8, signed: false, min: 0, max: 255 },
      { kind: "int", bits: 32, signed: true, min: -1000, max: 1000 },
      { kind: "int", bits: 64, signed: false, min: "0", max: "18446744073709551615" },
      { kind: "int", bits: 32, signed: false, min: 0, max: 4_294_967_295, fixed: true },
      { kind: "float", bits: 64 },
      { kind: "float", bits: 32, min: -90, max: 90 },
      { kind: "string", maxLength: 8 },
      { kind: "bytes", maxLength: 6 },
      {
        kind: "enum",
        name: "Picked",
        open: false,
        values: [
          { name: "on", number: 1 },
          { name: "off", number: 2 },
        ],
      },
    ])
  }

  #below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)]!
  }
}
