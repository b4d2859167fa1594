import { canonicalJson } from "./canonical.js"
import type { ContractIr } from "./contract-ir.js"
import { sha256Hex } from "./sha256.js"
import type { JsonValue } from "./type-ir.js"

const texts = new WeakMap<ContractIr, string>()
const digests = new WeakMap<ContractIr, string>()

/** Canonical JSON of a contract. Made once for each object: a contract does not change after it was made. */
export function contractText(ir: ContractIr): string {
  let text = texts.get(ir)
  if (text === undefined) {
    text = canonicalJson(ir as unknown as JsonValue)
    texts.set(ir, text)
  }
  return text
}

/** Digest of a contract: hex SHA-256 of its canonical JSON in UTF-8. Made once for each object. */
export function contractDigest(ir: ContractIr): string {
  let digest = digests.get(ir)
  if (digest === undefined) {
    digest = sha256Hex(new TextEncoder().encode(contractText(ir)))
    digests.set(ir, digest)
  }
  return digest
}
