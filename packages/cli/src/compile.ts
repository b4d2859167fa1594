import { dirname, join } from "node:path"
import { type Lock, lowerContract, type ParsedLock, parseLock } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { type Finding, toFinding } from "./finding.js"
import { loadContract } from "./load.js"
import { readSeverities, withSeverities } from "./severities.js"
import { readText } from "./text-file.js"

/** A contract, compiled against the lock beside it. */
export interface Compiled {
  readonly file: string
  readonly lockFile: string
  /** Absent where a finding is an error. */
  readonly ir?: ContractIr
  readonly lock?: Lock
  /** Text of the lock as it is on disk; absent for a new contract. */
  readonly lockText?: string
  readonly findings: readonly Finding[]
}

/** Loads, lowers and checks one contract. Writes nothing. */
export async function compile(file: string): Promise<Compiled> {
  const lockFile = join(dirname(file), "contract.lock.json")
  const base = { file, lockFile }
  // The lock is read and parsed while the contract is being bundled, which another process does.
  const [loaded, { lockText, parsed }] = await Promise.all([loadContract(file), readLock(lockFile)])
  const onDisk = { ...base, ...(lockText !== undefined && { lockText }) }
  const lockFindings = parsed.diagnostics.map((diagnostic) =>
    toFinding(diagnostic, () => ({ file: lockFile, path: "" })),
  )
  if ("findings" in loaded) return { ...onDisk, findings: [...loaded.findings, ...lockFindings] }
  const severities = readSeverities(dirname(file))
  const lowered = lowerContract(loaded.contract, parsed.lock, { rules: Object.keys(severities) })
  const own = lowered.diagnostics.map((diagnostic) => toFinding(diagnostic, loaded.locate))
  // Only where something is wrong: a circle that does no harm is nobody's business.
  const circle = loaded.circle !== undefined && lowered.ir === undefined ? [loaded.circle] : []
  const all = [...own, ...circle, ...lockFindings]
  const findings = withSeverities(all, severities)
  if (
    findings.some(({ severity }) => severity === "error") ||
    lockFindings.length > 0 ||
    lowered.ir === undefined ||
    lowered.lock === undefined
  )
    return { ...onDisk, findings }
  // The lock's own: where nothing changed, that of the file, whose keys are in order and whose text is known.
  return { ...onDisk, ir: lowered.lock.ir, lock: lowered.lock, findings }
}

async function readLock(file: string): Promise<{ readonly lockText?: string; readonly parsed: ParsedLock }> {
  try {
    const lockText = await readText(file)
    return { lockText, parsed: parseLock(lockText, file) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { parsed: { diagnostics: [] } }
    throw error
  }
}
