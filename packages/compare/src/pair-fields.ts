import {
  type ContractIr,
  canonicalJson,
  type FieldIr,
  type JsonValue,
  type ObjectIr,
  resolveType,
  walkType,
} from "@fleetwire/ir"
import type { FieldPair } from "./field-flow.js"

/**
 * Tells which field of one version is which of the other: by name, by a declared earlier name, or, undeclared, because
 * one is gone and one has come that has its number, its spelling in another case, or its type.
 */
export function pairFields(
  old: ObjectIr,
  next: ObjectIr,
  contracts: { readonly old: ContractIr; readonly new: ContractIr },
): readonly FieldPair[] {
  const pairs: FieldPair[] = []
  const gone = new Set(old.fields)
  const come = new Set(next.fields)
  const pair = (before: FieldIr | undefined, after: FieldIr, kinship: FieldPair["kinship"]): void => {
    if (before === undefined) return
    pairs.push({ old: before, new: after, kinship })
    gone.delete(before)
    come.delete(after)
  }
  const match = (kinship: FieldPair["kinship"], alike: (before: FieldIr, after: FieldIr) => boolean): void => {
    for (const after of [...come])
      pair(
        [...gone].find((before) => alike(before, after)),
        after,
        kinship,
      )
  }
  match("same", (before, after) => before.name === after.name)
  match(
    "declared",
    (before, after) => after.was?.includes(before.name) === true || before.was?.includes(after.name) === true,
  )
  match("suspected", (before, after) => before.name.toLowerCase() === after.name.toLowerCase())
  const shape = (field: FieldIr, ir: ContractIr) =>
    canonicalJson([field.required, field.unit ?? null, shapeOf(field, ir)] as unknown as JsonValue)
  const alike = (before: FieldIr, after: FieldIr) => shape(before, contracts.old) === shape(after, contracts.new)
  match("suspected", (before, after) => before.number === after.number && alike(before, after))
  match("suspected", alike)
  const order = (one: FieldPair) => (one.new === undefined ? next.fields.length : next.fields.indexOf(one.new))
  return [
    ...pairs,
    ...[...come].map((field): FieldPair => ({ new: field, kinship: "same" })),
    ...[...gone].map((field): FieldPair => ({ old: field, kinship: "same" })),
  ].sort((a, b) => order(a) - order(b))
}

/** A type without what only names it. */
function shapeOf(field: FieldIr, ir: ContractIr): unknown {
  const type = resolveType(ir, field.type)
  const found: unknown[] = []
  walkType(type, (inner) => {
    const {
      name: _name,
      fields: _fields,
      branches: _branches,
      item: _item,
      value,
      ...rest
    } = inner as never as Record<string, unknown>
    found.push(inner.kind === "const" ? { ...rest, value } : rest)
    if (inner.kind === "object") found.push(inner.fields.map(({ name, number, required }) => [name, number, required]))
    if (inner.kind === "union") found.push(inner.branches.map((branch) => [branch.value, branch.number]))
  })
  return found
}
