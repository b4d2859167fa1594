import { type ContractIr, isInOrder, type JsonValue } from "@fleetwire/ir"

/**
 * The same contract with its lists in canonical order and its keys sorted: whatever order it came in, everything that
 * is printed from it is the same.
 */
export function normalize(ir: ContractIr): ContractIr {
  const ordered: ContractIr = {
    ...ir,
    params: sorted(ir.params),
    messages: sorted(ir.messages),
    channels: sorted(ir.channels),
    roles: sorted(ir.roles).map((role) => ({
      ...role,
      publish: [...role.publish].sort(),
      read: [...role.read].sort(),
      bind: [...role.bind].sort(),
    })),
  }
  return keysInOrder(ordered) as ContractIr
}

/** The value with the keys of every object in order: a copy, without absent members, where it has them otherwise. */
function keysInOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isInOrder(value as JsonValue)) return value
  if (Array.isArray(value)) return value.map(keysInOrder)
  const copy: { [key: string]: unknown } = {}
  for (const key of Object.keys(value).sort()) {
    const member = (value as { readonly [key: string]: unknown })[key]
    if (member === undefined) continue
    // An assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(copy, key, { ...OWN, value: keysInOrder(member) })
    else copy[key] = keysInOrder(member)
  }
  return copy
}

const OWN = { configurable: true, enumerable: true, writable: true } as const

function sorted<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
