import { existsSync } from "node:fs"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import { emitContractModule, type Imported, importAsyncApi } from "@fleetwire/codegen"
import { createLock, formatLock, lowerContract } from "@fleetwire/contract"
import { parseArguments } from "./arguments.js"
import { DocumentShelf } from "./document-shelf.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { type Finding, toFinding } from "./finding.js"
import { loadContract } from "./load.js"
import { countFindings, formatFinding } from "./print-findings.js"
import { paintFor, type Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = {
  out: { type: "string" },
  as: { type: "string" },
  device: { type: "string" },
  follow: { type: "boolean" },
  fetch: { type: "boolean" },
  json: { type: "boolean" },
} as const

/** `fleetwire import <document>`: an AsyncAPI 3 document as a contract module, with everything that it could not carry. */
export async function importDocument(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const [given] = rest
  if (given === undefined || rest.length > 1)
    throw new Misuse("import needs one document: `fleetwire import asyncapi.yaml`")
  const perspective = options.as
  if (perspective !== undefined && perspective !== "device" && perspective !== "controller") {
    throw new Misuse(`--as is \`device\` or \`controller\`, not \`${perspective}\``)
  }
  const shelf = new DocumentShelf({ follow: options.follow === true, fetch: options.fetch === true })
  const address = await shelf.open(resolve(terminal.cwd, given), given)
  const read = (): Imported =>
    importAsyncApi({
      documents: shelf.documents,
      address,
      ...(perspective !== undefined && { perspective }),
      ...(options.device !== undefined && { device: options.device }),
    })
  let imported = read()
  while (await shelf.add(imported.missing)) imported = read()

  const out = resolve(terminal.cwd, options.out ?? ".")
  const findings: Finding[] = imported.findings.map((finding) => shelf.locate(finding))
  const failed = findings.some(({ severity }) => severity === "error")
  const written = imported.ir === undefined || failed ? [] : await write(imported, out, findings)
  report({ findings, written, json: options.json === true }, terminal)
  return findings.some(({ severity }) => severity === "error") ? EXIT.findings : EXIT.clean
}

/** Writes the module, and the lock where the document knows its numbers; compiles it to see what the language says. */
async function write({ ir, numbered }: Imported, out: string, findings: Finding[]): Promise<readonly string[]> {
  const file = join(out, "contract.ts")
  const lockFile = join(out, "contract.lock.json")
  for (const path of [file, lockFile]) {
    if (existsSync(path))
      throw new Misuse(`${path} is there already, and was not touched; choose another folder with --out`)
  }
  await mkdir(out, { recursive: true })
  await writeFile(file, emitContractModule(ir!).text, { flag: "wx" })
  const loaded = await loadContract(file)
  if ("findings" in loaded) {
    findings.push(...loaded.findings)
    await rm(file)
    return []
  }
  const lowered = lowerContract(loaded.contract, numbered ? createLock(ir!) : undefined)
  findings.push(...lowered.diagnostics.map((diagnostic) => toFinding(diagnostic, loaded.locate)))
  if (!numbered || lowered.ir === undefined) return [file]
  await writeFile(lockFile, formatLock(createLock(lowered.ir)), { flag: "wx" })
  return [file, lockFile]
}

interface Outcome {
  readonly findings: readonly Finding[]
  readonly written: readonly string[]
  readonly json: boolean
}

function report({ findings, written, json }: Outcome, terminal: Terminal): void {
  const files = written.map((path) => relative(terminal.cwd, path))
  if (json) {
    terminal.out(`${JSON.stringify({ findings, files }, null, 2)}\n`)
    return
  }
  const paint = paintFor(terminal)
  for (const finding of findings) terminal.err(`${formatFinding(finding, terminal.cwd, paint)}\n`)
  for (const file of files) terminal.out(`  written ${file}\n`)
  const counts = countFindings(findings)
  if (counts !== "") terminal.err(`${counts}\n`)
  if (files.length > 0)
    terminal.out("Next: read what was left out, correct contract.ts, then `fleetwire generate` there.\n")
  else terminal.err("nothing was written\n")
}
