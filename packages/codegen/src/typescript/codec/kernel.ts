import { type SymbolRef, symbol } from "../../core/symbol.js"

/** The versioned kernel that generated codecs import. */
export const KERNEL_V1 = "@fleetwire/runtime/kernel-v1"

const values = new Map<string, SymbolRef>()

/** A value of the kernel. Printing it imports it. */
export function kernel(name: string): SymbolRef {
  let value = values.get(name)
  if (value === undefined) {
    value = symbol(name, KERNEL_V1)
    values.set(name, value)
  }
  return value
}

/** A type of the kernel. Printing it imports it as a type. */
export function kernelType(name: string): SymbolRef {
  return symbol(name, KERNEL_V1, { type: true })
}
