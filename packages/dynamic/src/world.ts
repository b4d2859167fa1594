import type { ContractIr, ObjectIr, TypeIr } from "@fleetwire/ir"

/** Finds the type of a message by name. A name that the contract does not have is a mistake of the caller. */
export function messageType(contract: ContractIr, name: string): TypeIr {
  const message = contract.messages.find((candidate) => candidate.name === name)
  if (message === undefined) throw new RangeError(`${contract.name} has no message ${name}`)
  return message.type
}

/** Follows references to the type behind them. */
export function resolve(contract: ContractIr, type: TypeIr): Exclude<TypeIr, { kind: "ref" }> {
  let found = type
  while (found.kind === "ref") found = messageType(contract, found.message)
  return found
}

/** A plain object with the members given; names such as `__proto__` become members like any other. */
export function record(members: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [key, value] of members) {
    if (key === "__proto__")
      Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true })
    else made[key] = value
  }
  return made
}

/** A map as decoders give it: without prototype, so that no key is special. */
export function dictionary(members: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null)
  for (const [key, value] of members) made[key] = value
  return made
}

/** Fills defaults of absent fields in, as decoders do (W-4). */
export function withDefaults(
  type: ObjectIr,
  members: Map<string, unknown>,
  convert: (type: TypeIr, value: unknown) => unknown,
): void {
  for (const field of type.fields) {
    if (field.default !== undefined && !members.has(field.name))
      members.set(field.name, convert(field.type, field.default))
  }
}
