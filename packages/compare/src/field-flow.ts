import { type ContractIr, type FieldIr, type Format, resolveType } from "@fleetwire/ir"
import type { Direction, Outcome } from "./outcome.js"
import { areDisjoint, jsonKinds, readableKinds, wireAdmits } from "./wire.js"

/** A field in both versions, or in one. */
export interface FieldPair {
  readonly old?: FieldIr
  readonly new?: FieldIr
  /** How it is known to be one field: by its name, by a declared earlier name, or by its looks only. */
  readonly kinship: "same" | "declared" | "suspected"
}

/** The fields of an object in both versions. */
export interface Fields {
  readonly old: readonly FieldIr[]
  readonly new: readonly FieldIr[]
  readonly pairs: readonly FieldPair[]
  readonly contracts: { readonly old: ContractIr; readonly new: ContractIr }
}

/** What stands for a field on the wire of a format. */
export function sentKey(field: FieldIr, format: Format): string | number {
  return format === "protobuf" ? field.number : format === "compact" ? (field.short ?? field.name) : field.name
}

/** What becomes of a message in which a reader does not find a field. */
export function absenceFlow(reader: FieldIr, ir: ContractIr, format: Format): Outcome {
  if (!reader.required) return "ok"
  if (format !== "protobuf") return "refused"
  // Protobuf writes neither constants nor empty lists and maps.
  const type = resolveType(ir, reader.type)
  const empty = type.kind === "const" || type.kind === "map" || (type.kind === "list" && (type.minItems ?? 0) === 0)
  return empty ? "ok" : "refused"
}

/** Keys by which a reader finds a field: its own, and in JSON its earlier names that no other field of it has now. */
function readKeys(field: FieldIr, format: Format, siblings: readonly FieldIr[]): readonly (string | number)[] {
  const own = sentKey(field, format)
  if (format === "protobuf") return [own]
  return [own, ...(field.was ?? []).filter((name) => !siblings.some((one) => sentKey(one, format) === name))]
}

/** What becomes of a field that the two versions may find by different keys. */
export function seenFlow(pair: FieldPair, fields: Fields, direction: Direction, format: Format): Outcome {
  const [sender, reader] = direction === "forward" ? [pair.old!, pair.new!] : [pair.new!, pair.old!]
  const siblings = direction === "forward" ? fields.new : fields.old
  const keys = readKeys(reader, format, siblings)
  if (keys.includes(sentKey(sender, format))) return "ok"
  const others = direction === "forward" ? fields.old : fields.new
  const ir = fields.contracts[direction === "forward" ? "new" : "old"]
  if (resolveType(ir, reader.type).kind === "const" && format === "protobuf") return "ok"
  // Another field of the sender stands where the reader looks.
  const stranger = others.some((one) => one !== sender && keys.includes(sentKey(one, format)))
  return stranger || absenceFlow(reader, ir, format) === "ok" ? "misread" : "refused"
}

/** What becomes of a sender's field that a reader takes for another one of its own. */
export function clashFlow(old: FieldIr, next: FieldIr, fields: Fields, direction: Direction, format: Format): Outcome {
  const [sender, reader] = direction === "forward" ? [old, next] : [next, old]
  const siblings = direction === "forward" ? fields.new : fields.old
  if (!readKeys(reader, format, siblings).includes(sentKey(sender, format))) return "ok"
  const { contracts } = fields
  const [from, to] = direction === "forward" ? [contracts.old, contracts.new] : [contracts.new, contracts.old]
  const sent = resolveType(from, sender.type)
  const read = resolveType(to, reader.type)
  if (format !== "protobuf") {
    const compact = format === "compact"
    return areDisjoint(jsonKinds(sent, compact), readableKinds(read, compact)) ? "refused" : "misread"
  }
  if (sent.kind === "const" || read.kind === "const") return "ok"
  return wireAdmits({ type: sent, ir: from }, { type: read, ir: to }) ? "misread" : "refused"
}
