import type {
  ContractIr,
  EnumIr,
  EnumValueIr,
  FieldIr,
  MessageIr,
  ObjectIr,
  ReservedIr,
  TypeIr,
  UnionBranchIr,
  UnionIr,
} from "@fleetwire/ir"
import type { Place, Report } from "./diagnostic.js"

/** Field numbers that protobuf keeps for itself. */
const PROTOBUF_OWN = { first: 19_000, last: 19_999 }

/**
 * Gives every field, enum value and union branch its number: the one that the lock has for it or for an earlier name of
 * it, otherwise the next that was never used. What is gone becomes reserved.
 */
export function assignNumbers(
  messages: readonly MessageIr[],
  locked: ContractIr | undefined,
  report: Report,
  place: (message: string) => Place,
): readonly MessageIr[] {
  const numbering = new Numbering(locked, report)
  return messages.map((message) => {
    const earlier = locked?.messages.find(({ name }) => name === message.name || message.was?.includes(name))
    const at = place(message.name)
    checkWas(message.was, earlier === undefined ? [] : [earlier.name, ...(earlier.was ?? [])], at, locked, report)
    return { ...message, type: numbering.type(message.type, earlier?.type, at) }
  })
}

class Numbering {
  readonly #report: Report
  readonly #locked: ContractIr | undefined
  readonly #enums = new Map<string, EnumIr>()
  readonly #objects = new Map<string, ObjectIr | UnionIr>()

  constructor(locked: ContractIr | undefined, report: Report) {
    this.#report = report
    this.#locked = locked
    for (const message of locked?.messages ?? []) this.#collect(message.type)
  }

  type(type: TypeIr, old: TypeIr | undefined, place: Place): TypeIr {
    switch (type.kind) {
      case "list":
        return { ...type, item: this.type(type.item, old?.kind === "list" ? old.item : undefined, place) }
      case "map":
        return { ...type, value: this.type(type.value, old?.kind === "map" ? old.value : undefined, place) }
      case "enum":
        return this.#enum(type, old?.kind === "enum" ? old : this.#enums.get(type.name), place)
      case "object":
        return this.#object(type, old?.kind === "object" ? old : this.#object0(type.name), place)
      case "union":
        return this.#union(type, old?.kind === "union" ? old : this.#union0(type.name), place)
      default:
        return type
    }
  }

  #object0(name: string): ObjectIr | undefined {
    const found = this.#objects.get(name)
    return found?.kind === "object" ? found : undefined
  }

  #union0(name: string): UnionIr | undefined {
    const found = this.#objects.get(name)
    return found?.kind === "union" ? found : undefined
  }

  #object(type: ObjectIr, old: ObjectIr | undefined, place: Place): ObjectIr {
    const { items, reserved } = this.#number(type.fields, old?.fields ?? [], old?.reserved, place)
    const fields = items.map(({ item, number, before }): FieldIr => {
      const here = { path: `${place.path}.${item.name}`, at: place.at }
      return { ...item, number, type: this.type(item.type, before?.type, here) }
    })
    return { ...type, fields, ...(reserved && { reserved }) }
  }

  #enum(type: EnumIr, old: EnumIr | undefined, place: Place): EnumIr {
    const { items, reserved } = this.#number(type.values, old?.values ?? [], old?.reserved, place)
    const values = items.map(({ item, number }): EnumValueIr => ({ ...item, number }))
    return { ...type, values, ...(reserved && { reserved }) }
  }

  #union(type: UnionIr, old: UnionIr | undefined, place: Place): UnionIr {
    const named = (branches: readonly UnionBranchIr[]) => branches.map((branch) => ({ ...branch, name: branch.value }))
    const { items, reserved } = this.#number(named(type.branches), named(old?.branches ?? []), old?.reserved, place)
    const branches = items.map(({ item: { name, ...branch }, number, before }): UnionBranchIr => {
      const here = { path: `${place.path}<${name}>`, at: place.at }
      return { ...branch, number, type: this.#object(branch.type, before?.type, here) }
    })
    return { ...type, branches, ...(reserved && { reserved }) }
  }

  #number<T extends { readonly name: string; readonly number: number; readonly was?: readonly string[] }>(
    items: readonly T[],
    old: readonly T[],
    reserved: ReservedIr | undefined,
    place: Place,
  ): { readonly items: { item: T; number: number; before: T | undefined }[]; readonly reserved?: ReservedIr } {
    const taken = new Set<T>()
    const matches = items.map((item) => {
      const before =
        old.find((one) => one.name === item.name) ??
        old.find((one) => item.was?.includes(one.name) && !items.some(({ name }) => name === one.name))
      const here = { path: `${place.path}.${item.name}`, at: place.at }
      const past = before === undefined ? [] : [before.name, ...(before.was ?? [])]
      checkWas(item.was, past, here, this.#locked, this.#report)
      if (before !== undefined) taken.add(before)
      else if (reserved?.names.includes(item.name) === true) {
        this.#report.add("lock/name-reserved", here, { name: item.name })
      }
      return { item, before }
    })
    const gone = old.filter((one) => !taken.has(one))
    const numbers = [...(reserved?.numbers ?? []), ...gone.map(({ number }) => number)].sort((a, b) => a - b)
    const names = [...new Set([...(reserved?.names ?? []), ...gone.map(({ name }) => name)])].sort()
    let next = Math.max(0, ...numbers, ...old.map(({ number }) => number))
    const numbered = matches.map(({ item, before }) => {
      if (before === undefined) {
        next += 1
        if (next >= PROTOBUF_OWN.first && next <= PROTOBUF_OWN.last) next = PROTOBUF_OWN.last + 1
      }
      return { item, before, number: before?.number ?? next }
    })
    return { items: numbered, ...(numbers.length > 0 && { reserved: { numbers, names } }) }
  }

  #collect(type: TypeIr): void {
    if (type.kind === "list") this.#collect(type.item)
    else if (type.kind === "map") this.#collect(type.value)
    else if (type.kind === "enum") this.#enums.set(type.name, type)
    else if (type.kind === "object") {
      this.#objects.set(type.name, type)
      for (const field of type.fields) this.#collect(field.type)
    } else if (type.kind === "union") {
      this.#objects.set(type.name, type)
      for (const branch of type.branches) this.#collect(branch.type)
    }
  }
}

function checkWas(
  was: readonly string[] | undefined,
  known: readonly string[],
  place: Place,
  locked: ContractIr | undefined,
  report: Report,
): void {
  if (locked === undefined) return
  for (const name of was ?? []) if (!known.includes(name)) report.add("lock/unknown-was", place, { was: name })
}
