import { type ContractIr, canonicalJson, type JsonValue } from "@fleetwire/ir"

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
  return JSON.parse(canonicalJson(ordered as unknown as JsonValue)) as ContractIr
}

function sorted<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
