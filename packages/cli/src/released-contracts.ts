import { existsSync, readdirSync, statSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { Misuse } from "./exit-code.js"
import type { Finding } from "./finding.js"
import { type OldContract, readOldFile } from "./old-contract.js"

/** Released versions of a contract: every lock and compiled contract of its name in a folder and the folders inside. */
export async function readReleased(
  folder: string,
  name: string,
  cwd: string,
): Promise<{ readonly contracts: readonly OldContract[]; readonly findings: readonly Finding[] }> {
  const root = resolve(cwd, folder)
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new Misuse(`there is no folder ${folder}`)
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .sort()
  const contracts: OldContract[] = []
  const findings: Finding[] = []
  for (const file of files) {
    const path = join(root, file)
    const read = await readOldFile(path, relative(cwd, path))
    if (read.kind === "unreadable") findings.push(...read.findings)
    else if (read.kind === "found" && read.contract.ir.name === name) contracts.push(read.contract)
  }
  if (contracts.length === 0 && findings.length === 0) throw new Misuse(`${folder} has no released version of ${name}`)
  return { contracts, findings }
}
