import { type SymbolRef, symbol } from "../core/symbol.js"

/** The versioned path of the runtime that generated code imports. */
export const CODEGEN_V1 = "@fleetwire/runtime/codegen-v1"

/** A type of the runtime's versioned surface. */
export function runtimeType(name: string): SymbolRef {
  return symbol(name, CODEGEN_V1, { type: true })
}

export const createDevice: SymbolRef = symbol("createDevice", CODEGEN_V1)
export const createController: SymbolRef = symbol("createController", CODEGEN_V1)
export const sdkError: SymbolRef = symbol("SdkError", CODEGEN_V1)
/** The default transport. */
export const mqttTransport: SymbolRef = symbol("mqttTransport", "@fleetwire/mqtt")
