import { canonicalJson } from "./canonical.js"
import type { ContractIr } from "./contract-ir.js"
import { sha256Hex } from "./sha256.js"
import type { JsonValue } from "./type-ir.js"

/** Digest of a contract: hex SHA-256 of its canonical JSON in UTF-8. */
export function contractDigest(ir: ContractIr): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(ir as unknown as JsonValue)))
}
