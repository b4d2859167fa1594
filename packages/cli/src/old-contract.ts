import { existsSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { type AcceptedBreak, parseLock } from "@fleetwire/contract"
import { type ContractIr, parseContractIr } from "@fleetwire/ir"
import { compile } from "./compile.js"
import { Misuse } from "./exit-code.js"
import { type Finding, loadFinding, toFinding } from "./finding.js"
import { findCommit, git } from "./git.js"
import { vanishedLocks } from "./ref-locks.js"
import { readText } from "./text-file.js"

/** A contract of another time, and where it was found. */
export interface OldContract {
  readonly label: string
  readonly ir: ContractIr
  readonly accepted?: readonly AcceptedBreak[]
  /** Path of its lock from the root of the repository, where the contract was moved since. */
  readonly movedFrom?: string
}

/** A contract as it is now. */
export interface Present {
  readonly file: string
  readonly name: string
}

export type OldContractResult =
  | { readonly kind: "found"; readonly contract: OldContract }
  /** The ref has no such contract: this one is new. */
  | { readonly kind: "new"; readonly label: string }
  | { readonly kind: "unreadable"; readonly findings: readonly Finding[] }

/**
 * Reads an older version of a contract: a lock, a compiled contract, a contract module, a folder with one of them, or a git
 * ref, at which the lock beside the contract is read, or the one of the same name that is gone from its place since;
 * nothing is checked out.
 *
 * @throws Misuse for what is neither a file nor a ref.
 */
export async function readOldContract(where: string, present: Present, cwd: string): Promise<OldContractResult> {
  const file = resolve(cwd, where)
  if (existsSync(file)) return readOldFile(file, where)
  const folder = dirname(present.file)
  if ((await git(folder, "rev-parse", "--git-dir")) === undefined)
    throw new Misuse(`there is no file ${where}, and ${relative(cwd, folder) || "."} is in no git repository`)
  const commit = await findCommit(folder, where)
  if (commit === undefined)
    throw new Misuse(
      `there is neither a file nor a git ref ${where}; in CI, fetch it first: \`git fetch origin ${where}\`, or \`fetch-depth: 0\` for actions/checkout`,
    )
  // `./` is relative to the folder, wherever the repository begins.
  const text = await git(folder, "show", `${commit}:./contract.lock.json`)
  const label = `${where} (${commit.slice(0, 10)})`
  if (text !== undefined) return readOldText(text, label)
  const moved = (await vanishedLocks(folder, commit)).filter(({ name }) => name === present.name)
  const [from] = moved
  if (from === undefined) return { kind: "new", label }
  if (moved.length > 1) {
    const values = { label, name: present.name, places: moved.map(({ path }) => path).join(", ") }
    return { kind: "unreadable", findings: [loadFinding("diff/moved-from", { file: present.file, path: "" }, values)] }
  }
  const read = readOldText(from.text, label)
  return read.kind === "found" ? { ...read, contract: { ...read.contract, movedFrom: from.path } } : read
}

/** Reads an older version from a file or a folder. */
export async function readOldFile(file: string, label: string): Promise<OldContractResult> {
  if (statSync(file).isDirectory()) {
    const lock = join(file, "contract.lock.json")
    if (!existsSync(lock)) throw new Misuse(`there is no contract.lock.json in ${label}`)
    return readOldText(await readText(lock), label)
  }
  if (/\.[cm]?[jt]s$/.test(file)) {
    const { ir, lock, findings } = await compile(file)
    if (ir === undefined) return { kind: "unreadable", findings }
    return { kind: "found", contract: { label, ir, ...(lock?.accepted !== undefined && { accepted: lock.accepted }) } }
  }
  return readOldText(await readText(file), label)
}

/** A lock, or a contract in the intermediate form. */
function readOldText(text: string, label: string): OldContractResult {
  const place = { file: label, path: "" }
  if (isCompiled(text)) {
    const parsed = parseContractIr(text)
    if (parsed.ok) return { kind: "found", contract: { label, ir: parsed.value } }
    const findings = parsed.issues.map(({ path, message }) =>
      loadFinding("diff/unreadable", place, { label, problem: `${path === "" ? "" : `${path} `}${message}` }),
    )
    return { kind: "unreadable", findings }
  }
  const { lock, diagnostics } = parseLock(text, label)
  if (lock === undefined) return { kind: "unreadable", findings: diagnostics.map((one) => toFinding(one, () => place)) }
  return {
    kind: "found",
    contract: { label, ir: lock.ir, ...(lock.accepted !== undefined && { accepted: lock.accepted }) },
  }
}

function isCompiled(text: string): boolean {
  try {
    const value = JSON.parse(text) as { readonly ir?: unknown; readonly lock?: unknown }
    return typeof value === "object" && value !== null && value.lock === undefined && typeof value.ir === "number"
  } catch {
    // What is no JSON is reported as a lock that is none.
    return false
  }
}
