import { parseArguments } from "./arguments.js"
import { compile } from "./compile.js"
import { EXIT, type ExitCode } from "./exit-code.js"
import { countFindings, printFindings } from "./print-findings.js"
import { findProjects } from "./project.js"
import type { Terminal } from "./terminal.js"

/** `fleetwire check`: every mistake of the contracts, nothing written. */
export async function check(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, { json: { type: "boolean" } })
  const compiled = await Promise.all(findProjects(rest, terminal.cwd).map(({ contract }) => compile(contract)))
  const findings = compiled.flatMap((one) => one.findings)
  printFindings(findings, terminal, options.json === true)
  if (options.json !== true) {
    for (const { ir } of compiled) {
      if (ir === undefined) continue
      terminal.out(
        `${ir.name} ${ir.version}: ${ir.channels.length} channels, ${ir.messages.length} messages, ${ir.roles.length} roles\n`,
      )
    }
    const counts = countFindings(findings)
    if (counts !== "") terminal.err(`${counts}\n`)
  }
  return findings.some(({ severity }) => severity === "error") ? EXIT.findings : EXIT.clean
}
