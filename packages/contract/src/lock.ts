import { type ContractIr, canonicalJson, IR_VERSION, type JsonValue, sha256Hex } from "@fleetwire/ir"
import { type Diagnostic, type Place, Report } from "./diagnostic.js"

/** Version of the lock's own shape. */
export const LOCK_VERSION = 1

/** What `contract.lock.json` holds: the contract with every number, and a chain of digests. */
export interface Lock {
  readonly lock: typeof LOCK_VERSION
  /** Hex SHA-256 of the canonical JSON of this lock without `digest`. */
  readonly digest: string
  /** Digest of the lock that this one replaced; null for the first. */
  readonly predecessor: string | null
  readonly ir: ContractIr
}

/** The lock for an intermediate form: the earlier one itself where nothing changed, otherwise its successor. */
export function createLock(ir: ContractIr, earlier?: Lock): Lock {
  const text = canonicalIr(ir)
  if (earlier !== undefined && canonicalIr(earlier.ir) === text) return earlier
  const predecessor = earlier?.digest ?? null
  return { lock: LOCK_VERSION, digest: digestOf(predecessor, text), predecessor, ir }
}

/** The text of a lock: one key a line, keys in order, so that merges and reviews read well. */
export function formatLock(lock: Lock): string {
  return `${JSON.stringify(sortKeys(lock as unknown as JsonValue), null, 2)}\n`
}

/** What `parseLock` found: a lock that can be trusted, or one diagnostic. */
export interface ParsedLock {
  readonly lock?: Lock
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a lock. Merge conflicts, newer versions and hand edits are one clear diagnostic each. */
export function parseLock(text: string, file = "contract.lock.json"): ParsedLock {
  const report = new Report()
  const place: Place = { path: file }
  const marker = text.split("\n").findIndex((line) => /^(<{7}|={7}|>{7})( |$)/.test(line.trimEnd()))
  if (marker >= 0) {
    report.add("lock/conflict", place, { line: marker + 1 })
    return { diagnostics: report.finish() }
  }
  const lock = readShape(text, place, report)
  return lock === undefined || report.failed ? { diagnostics: report.finish() } : { lock, diagnostics: [] }
}

function readShape(text: string, place: Place, report: Report): Lock | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    report.add("lock/json", place, { problem: error instanceof Error ? error.message : String(error) })
    return undefined
  }
  const shape = (problem: string): undefined => {
    report.add("lock/shape", place, { problem })
    return undefined
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return shape("it is no object")
  const found = value as Partial<Record<keyof Lock, unknown>>
  if (typeof found.lock !== "number") return shape("`lock` is not a version number")
  if (found.lock > LOCK_VERSION) {
    report.add("lock/newer", place, { version: found.lock, known: LOCK_VERSION })
    return undefined
  }
  if (typeof found.digest !== "string") return shape("`digest` is missing")
  if (found.predecessor !== null && typeof found.predecessor !== "string") return shape("`predecessor` is missing")
  const ir = found.ir as ContractIr | undefined
  if (typeof ir !== "object" || ir === null || !Array.isArray(ir.messages)) return shape("`ir` is missing")
  if (ir.ir > IR_VERSION) {
    report.add("lock/newer", place, { version: ir.ir, known: IR_VERSION })
    return undefined
  }
  const actual = digestOf(found.predecessor, canonicalIr(ir))
  if (actual !== found.digest) {
    report.add("lock/edited", place, { digest: found.digest.slice(0, 12), actual: actual.slice(0, 12) })
  }
  return found as Lock
}

function canonicalIr(ir: ContractIr): string {
  return canonicalJson(ir as unknown as JsonValue)
}

/** Digest of the canonical JSON of `{ ir, lock, predecessor }`, whose longest part is made only once. */
function digestOf(predecessor: string | null, ir: string): string {
  const content = `{"ir":${ir},"lock":${LOCK_VERSION},"predecessor":${JSON.stringify(predecessor)}}`
  return sha256Hex(new TextEncoder().encode(content))
}

function sortKeys(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object") return value
  if (Array.isArray(value)) return value.map(sortKeys)
  const object = value as { readonly [key: string]: JsonValue }
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .filter((key) => object[key] !== undefined)
      .map((key) => [key, sortKeys(object[key]!)]),
  )
}
