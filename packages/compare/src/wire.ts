import { type ContractIr, resolveType, type TypeIr, wireType } from "@fleetwire/ir"

/** Whether a reader of a field would begin to read what a sender of another type put there, instead of refusing it. */
export function wireAdmits(
  sender: { readonly type: TypeIr; readonly ir: ContractIr },
  reader: { readonly type: TypeIr; readonly ir: ContractIr },
): boolean {
  const sent = wireType(sender.type)
  if (reader.type.kind !== "list") return sent === wireType(reader.type)
  const item = wireType(resolveType(reader.ir, reader.type.item))
  // A list of numbers is read packed and unpacked.
  return sent === item || sent === 2
}

/** Kinds of JSON value that a type is written as. */
export function jsonKinds(type: TypeIr, compact: boolean): ReadonlySet<string> {
  switch (type.kind) {
    case "bool":
      return new Set(["boolean"])
    case "int": {
      const wide = [type.min, type.max].some((bound) => !Number.isSafeInteger(Number(bound)))
      return new Set(wide ? ["number", "string"] : ["number"])
    }
    case "float":
      return new Set(["number"])
    case "enum":
      return new Set([compact && type.compactAs === "number" ? "number" : "string"])
    case "const":
      return new Set([typeof type.value])
    case "list":
      return new Set(["list"])
    case "map":
    case "object":
    case "union":
      return new Set(["object"])
    default:
      return new Set(["string"])
  }
}

/** Kinds of JSON value that a reader of a type begins to read. */
export function readableKinds(type: TypeIr, compact: boolean): ReadonlySet<string> {
  return type.kind === "int" && type.bits === 64 ? new Set(["number", "string"]) : jsonKinds(type, compact)
}

/** Whether two sets have nothing in common. */
export function areDisjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return ![...a].some((one) => b.has(one))
}
