import { relative, resolve } from "node:path"
import {
  type AccessFinding,
  type AccessRules,
  compileAccess,
  dynsecFindings,
  emitDynsecCommands,
  emitMosquittoAcl,
  mosquittoAclFindings,
} from "@fleetwire/codegen"
import { type ContractIr, contractDigest } from "@fleetwire/ir"
import { principalsFrom } from "./access-principals.js"
import { parseArguments } from "./arguments.js"
import { contractOf } from "./contract-of.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { paintFor, type Terminal } from "./terminal.js"
import { writeText } from "./text-file.js"

/** Options of the command. */
export const OPTIONS = {
  contract: { type: "string" },
  principal: { type: "string" },
  role: { type: "string" },
  bind: { type: "string", multiple: true },
  instance: { type: "string" },
  devices: { type: "string" },
  identity: { type: "string" },
  principals: { type: "string" },
  prefix: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  attack: { type: "boolean" },
  mqtt: { type: "string" },
  json: { type: "boolean" },
} as const

const FORMATS = ["acl", "dynsec"] as const
export type AccessFormat = (typeof FORMATS)[number]

/** `fleetwire access`: broker rules from the contract's roles, for named principals; with `--attack` tried on a broker. */
export async function access(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  if (rest.length > 1) throw new Misuse("access takes one contract")
  const format = FORMATS.find((one) => one === (options.format ?? "acl"))
  if (format === undefined) throw new Misuse(`--format is ${FORMATS.join(" or ")}, not ${options.format}`)
  const principals = await principalsFrom(options, terminal.cwd)
  const ir = await contractOf(rest[0] ?? options.contract, terminal)
  const rules = compile(ir, principals, options.prefix)
  const findings = [...rules.findings, ...(format === "acl" ? mosquittoAclFindings(rules) : dynsecFindings(rules))]
  if (findings.some(({ severity }) => severity === "error")) {
    if (options.json === true) terminal.out(`${JSON.stringify({ findings }, null, 2)}\n`)
    else printAccessFindings(findings, terminal)
    return EXIT.findings
  }
  if (options.attack === true) {
    if (options.json !== true) printAccessFindings(findings, terminal)
    const { attackRules } = await import("./access-attack.js")
    const asked = { format, mqtt: options.mqtt, prefix: options.prefix, json: options.json === true }
    return attackRules(ir, rules, asked, terminal)
  }
  const text = options.json === true ? asJson(rules, findings) : print(rules, format, ir)
  if (options.json !== true) printAccessFindings(findings, terminal)
  if (options.out === undefined) terminal.out(text)
  else {
    const path = resolve(terminal.cwd, options.out)
    await writeText(path, text)
    terminal.out(`  written ${relative(terminal.cwd, path)}\n`)
  }
  return EXIT.clean
}

/** The rules as the broker reads them. */
export function print(rules: AccessRules, format: AccessFormat, ir: ContractIr): string {
  if (format === "acl") return emitMosquittoAcl(rules, contractDigest(ir))
  return `${JSON.stringify(emitDynsecCommands(rules), null, 2)}\n`
}

function compile(
  ir: ContractIr,
  principals: Parameters<typeof compileAccess>[1],
  prefix: string | undefined,
): AccessRules {
  try {
    return compileAccess(ir, principals, prefix === undefined ? {} : { prefix })
  } catch (error) {
    if (error instanceof RangeError) throw new Misuse(error.message.replace("topicPrefix", "--prefix"))
    throw error
  }
}

function asJson(rules: AccessRules, findings: readonly AccessFinding[]): string {
  const { contract, version, principals } = rules
  return `${JSON.stringify({ contract, version, principals, findings }, null, 2)}\n`
}

function printAccessFindings(findings: readonly AccessFinding[], terminal: Terminal): void {
  const paint = paintFor(terminal)
  for (const { code, severity, message, help } of findings) {
    const colour = severity === "error" ? paint.red : paint.yellow
    terminal.err(
      `${colour(severity)}${paint.dim(`[${code}]`)} ${paint.bold(message)}\n  ${paint.green("help:")} ${help}\n\n`,
    )
  }
}
