import { resolve } from "node:path"
import { parseLock } from "@fleetwire/contract"
import type { ContractIr } from "@fleetwire/ir"
import { compile } from "./compile.js"
import { Misuse } from "./exit-code.js"
import { formatFinding } from "./print-findings.js"
import { findProjects } from "./project.js"
import { paintFor, type Terminal } from "./terminal.js"
import { readText } from "./text-file.js"

/** The contract from sources, or from a lock (`*.lock.json`), which needs no TypeScript. */
export async function contractOf(path: string | undefined, terminal: Terminal): Promise<ContractIr> {
  if (path?.endsWith(".lock.json")) {
    const { lock, diagnostics } = parseLock(await readText(resolve(terminal.cwd, path)), path)
    if (lock === undefined) throw new Misuse(`${diagnostics[0]!.message}: ${diagnostics[0]!.help}`)
    return lock.ir
  }
  const projects = findProjects(path === undefined ? [] : [path], terminal.cwd)
  if (projects.length > 1) throw new Misuse("there are several contracts here: name one with --contract")
  const { ir, findings } = await compile(projects[0]!.contract)
  if (ir !== undefined) return ir
  const errors = findings.filter(({ severity }) => severity === "error")
  throw new Misuse(errors.map((finding) => formatFinding(finding, terminal.cwd, paintFor(terminal))).join("\n"))
}
