import {
  type ContractIr,
  canonicalJson,
  contractText,
  IR_VERSION,
  isInOrder,
  type JsonValue,
  sha256Hex,
} from "@fleetwire/ir"
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
  /** Breaks against older versions that the author accepts, sorted; absent for none. */
  readonly accepted?: readonly AcceptedBreak[]
  readonly ir: ContractIr
}

/** A break that is accepted: what changed at which place, against which older contract, and why it may. */
export interface AcceptedBreak {
  /** Code of the rule of comparison, such as `type/bounds-narrowed`. */
  readonly code: string
  readonly path: string
  /** The change in words, so that another one at the same place is not accepted with it. */
  readonly what: string
  /** Digest of the older contract. */
  readonly against: string
  readonly reason: string
}

/**
 * The lock for an intermediate form: the earlier one itself where nothing changed, otherwise its successor. What was
 * accepted stays accepted unless another list is given.
 */
export function createLock(ir: ContractIr, earlier?: Lock, accepted = earlier?.accepted ?? []): Lock {
  const text = contractText(ir)
  const sorted = sortAccepted(accepted)
  const same = earlier !== undefined && contractText(earlier.ir) === text
  if (same && canonicalAccepted(earlier.accepted ?? []) === canonicalAccepted(sorted)) return earlier
  const predecessor = earlier?.digest ?? null
  const digest = digestOf({ predecessor, accepted: sorted, ir: text })
  return { lock: LOCK_VERSION, digest, predecessor, ...(sorted.length > 0 && { accepted: sorted }), ir }
}

/** The text of a lock: one key a line, keys in order, so that merges and reviews read well. */
export function formatLock(lock: Lock): string {
  const value = lock as unknown as JsonValue
  return `${JSON.stringify(isInOrder(value) ? value : sortKeys(value), null, 2)}\n`
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
  const marker = conflictLine(text)
  if (marker >= 0) {
    report.add("lock/conflict", place, { line: marker + 1 })
    return { diagnostics: report.finish() }
  }
  const lock = readShape(text, place, report)
  return lock === undefined || report.failed ? { diagnostics: report.finish() } : { lock, diagnostics: [] }
}

/** Index of the first line that is a marker of a merge conflict; -1 for none. */
function conflictLine(text: string): number {
  // Hardly ever is one there, and a lock has as many lines as the contract has things to say.
  if (!["<<<<<<<", "=======", ">>>>>>>"].some((marker) => text.includes(marker))) return -1
  return text.split("\n").findIndex((line) => /^(<{7}|={7}|>{7})( |$)/.test(line.trimEnd()))
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
  const accepted = found.accepted ?? []
  if (!Array.isArray(accepted) || !accepted.every(isAccepted)) return shape("`accepted` is no list of accepted breaks")
  const actual = digestOf({ predecessor: found.predecessor, accepted, ir: contractText(ir) })
  if (actual !== found.digest) {
    report.add("lock/edited", place, { digest: found.digest.slice(0, 12), actual: actual.slice(0, 12) })
  }
  return found as Lock
}

interface LockContent {
  readonly predecessor: string | null
  readonly accepted: readonly AcceptedBreak[]
  /** Canonical JSON of the intermediate form. */
  readonly ir: string
}

/** Digest of the canonical JSON of a lock without `digest`, whose longest part is made only once. */
function digestOf({ predecessor, accepted, ir }: LockContent): string {
  const breaks = accepted.length === 0 ? "" : `"accepted":${canonicalAccepted(accepted)},`
  const content = `{${breaks}"ir":${ir},"lock":${LOCK_VERSION},"predecessor":${JSON.stringify(predecessor)}}`
  return sha256Hex(new TextEncoder().encode(content))
}

function canonicalAccepted(accepted: readonly AcceptedBreak[]): string {
  return canonicalJson(accepted as unknown as JsonValue)
}

/** By place, code and older version; once each. */
function sortAccepted(accepted: readonly AcceptedBreak[]): readonly AcceptedBreak[] {
  const keyed = new Map(accepted.map((one) => [[one.path, one.code, one.against, one.what].join("\n"), one]))
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function isAccepted(value: unknown): value is AcceptedBreak {
  if (typeof value !== "object" || value === null) return false
  const found = value as Record<string, unknown>
  return ["code", "path", "what", "against", "reason"].every((key) => typeof found[key] === "string")
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
