import { dirname, relative } from "node:path"
import { createLock, formatLock, lowerContract, parseLock } from "@fleetwire/contract"
import { parseArguments } from "./arguments.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { type Finding, toFinding } from "./finding.js"
import { findCommit, git } from "./git.js"
import { loadContract } from "./load.js"
import { printFindings } from "./print-findings.js"
import { findProjects } from "./project.js"
import type { Terminal } from "./terminal.js"
import { readText, writeText } from "./text-file.js"

/** Options of the command. */
export const OPTIONS = { onto: { type: "string" }, json: { type: "boolean" } } as const

/**
 * `fleetwire lock resolve --onto REF`: settles numbers that two branches gave differently. Those of REF stay; what REF does
 * not have is numbered anew. What cannot be read leaves the lock as it is.
 */
export async function lock(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest: words } = parseArguments(argv, OPTIONS)
  const [verb, ...paths] = words
  if (verb !== "resolve") throw new Misuse("write `fleetwire lock resolve --onto REF [contract...]`")
  if (options.onto === undefined) throw new Misuse("--onto is missing: name the branch whose numbers stay")
  const findings: Finding[] = []
  const resolved: { readonly file: string; readonly changed: boolean }[] = []
  for (const { contract } of findProjects(paths, terminal.cwd)) {
    const lockFile = `${dirname(contract)}/contract.lock.json`
    const outcome = await resolveLock(contract, lockFile, options.onto)
    if ("findings" in outcome) findings.push(...outcome.findings)
    else {
      resolved.push({ file: relative(terminal.cwd, lockFile), changed: outcome.changed })
    }
  }
  if (options.json === true) terminal.out(`${JSON.stringify({ findings, resolved }, null, 2)}\n`)
  else {
    printFindings(findings, terminal)
    for (const { file, changed } of resolved)
      terminal.out(
        changed
          ? `${file}: numbered onto ${options.onto}; run \`fleetwire generate\`\n`
          : `${file}: nothing to settle\n`,
      )
  }
  return findings.some(({ severity }) => severity === "error") ? EXIT.findings : EXIT.clean
}

async function resolveLock(
  contract: string,
  lockFile: string,
  ref: string,
): Promise<{ readonly changed: boolean } | { readonly findings: readonly Finding[] }> {
  const folder = dirname(contract)
  if ((await git(folder, "rev-parse", "--git-dir")) === undefined)
    throw new Misuse(`${folder} is in no git repository, so there is no ${ref} to number onto`)
  const commit = await findCommit(folder, ref)
  if (commit === undefined) throw new Misuse(`there is no git ref ${ref}: fetch it first`)
  const text = await git(folder, "show", `${commit}:./contract.lock.json`)
  if (text === undefined) throw new Misuse(`${ref} has no lock of this contract: there is nothing to number onto`)
  const theirs = parseLock(text, `contract.lock.json at ${ref}`)
  if (theirs.lock === undefined)
    return { findings: theirs.diagnostics.map((one) => toFinding(one, ({ path }) => ({ file: lockFile, path }))) }
  const loaded = await loadContract(contract)
  if ("findings" in loaded) return loaded
  const lowered = lowerContract(loaded.contract, theirs.lock)
  if (lowered.ir === undefined || lowered.lock === undefined)
    return { findings: lowered.diagnostics.map((one) => toFinding(one, loaded.locate)) }
  const mine = await readOptional(lockFile)
  const before = mine === undefined ? undefined : parseLock(mine, lockFile)
  // A merge conflict is what this command is for: such a lock is replaced whole. Any other that is unreadable stays.
  const unreadable = before?.diagnostics.find(({ code }) => code !== "lock/conflict")
  if (unreadable !== undefined) return { findings: [toFinding(unreadable, () => ({ file: lockFile, path: "" }))] }
  const accepted = [...(theirs.lock.accepted ?? []), ...(before?.lock?.accepted ?? [])]
  const next = formatLock(createLock(lowered.ir, theirs.lock, accepted))
  if (next === mine) return { changed: false }
  await writeText(lockFile, next)
  return { changed: true }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readText(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}
