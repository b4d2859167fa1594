import type { ContractIr } from "@fleetwire/ir"
import { parseArguments } from "./arguments.js"
import { fleetSizeFrom } from "./broker-settings.js"
import { compile } from "./compile.js"
import { CONNECTION_OPTIONS, connectionFrom } from "./connection-options.js"
import { contractOf } from "./contract-of.js"
import { bad, type DoctorCheck, good } from "./doctor-check.js"
import { checkMachine } from "./doctor-machine.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { findProjects } from "./project.js"
import { paintFor, type Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = {
  contract: CONNECTION_OPTIONS.contract,
  url: CONNECTION_OPTIONS.url,
  username: CONNECTION_OPTIONS.username,
  password: CONNECTION_OPTIONS.password,
  prefix: CONNECTION_OPTIONS.prefix,
  ca: CONNECTION_OPTIONS.ca,
  cert: CONNECTION_OPTIONS.cert,
  key: CONNECTION_OPTIONS.key,
  devices: { type: "string" },
  absence: { type: "string" },
  burst: { type: "string" },
  offline: { type: "boolean" },
  json: { type: "boolean" },
} as const

/** `fleetwire doctor`: what is installed, whether the contract compiles, and whether the broker is fit for it. */
export async function doctor(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  if (rest.length > 0) throw new Misuse("doctor takes options only: --contract <path>, --url <url>")
  const size = options.devices === undefined ? undefined : fleetSizeFrom(options.devices, options)
  const connection = connectionFrom(options, terminal.cwd, process.env)
  // Programs of the machine are asked for their versions meanwhile.
  const [machine, contract] = await Promise.all([checkMachine(), checkContract(options.contract, terminal)])
  const checks = [...machine]
  if (contract !== undefined) checks.push(contract.check)
  if (size !== undefined && contract?.ir === undefined)
    checks.push(
      bad("broker settings", "unknown", "no contract", "--devices needs a contract to compute from: --contract <path>"),
    )
  if (options.offline !== true) {
    const { checkBroker } = await import("./doctor-broker.js")
    checks.push(...(await checkBroker({ connection, ir: contract?.ir, size })))
  }
  if (options.json === true) terminal.out(`${JSON.stringify({ checks }, null, 2)}\n`)
  else terminal.out(formatChecks(checks, terminal))
  return checks.some(({ status }) => status === "error") ? EXIT.findings : EXIT.clean
}

/** The contract that was named, or the one of this folder; undefined where there is none and none was asked for. */
async function checkContract(
  path: string | undefined,
  terminal: Terminal,
): Promise<{ readonly check: DoctorCheck; readonly ir?: ContractIr } | undefined> {
  if (path?.endsWith(".lock.json")) {
    const ir = await contractOf(path, terminal)
    return { check: good("contract", `${ir.name} ${ir.version}, from its lock`), ir }
  }
  const projects = path === undefined ? projectsHere(terminal.cwd) : findProjects([path], terminal.cwd)
  if (projects.length !== 1) return undefined
  const { ir, findings } = await compile(projects[0]!.contract)
  const errors = findings.filter(({ severity }) => severity === "error").length
  if (ir === undefined || errors > 0) {
    const words = `${errors} ${errors === 1 ? "error" : "errors"}`
    return { check: bad("contract", "error", words, "see them with `fleetwire check`") }
  }
  return { check: good("contract", `${ir.name} ${ir.version}`), ir }
}

function projectsHere(cwd: string): ReturnType<typeof findProjects> {
  try {
    return findProjects([], cwd)
  } catch (error) {
    if (error instanceof Misuse) return []
    throw error
  }
}

function formatChecks(checks: readonly DoctorCheck[], terminal: Terminal): string {
  const paint = paintFor(terminal)
  const marks = {
    ok: paint.green("ok     "),
    warning: paint.yellow("warning"),
    error: paint.red("error  "),
    unknown: paint.dim("unknown"),
  }
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, status, found, help }) => [
    `${marks[status]}  ${name.padEnd(width)}  ${found}`,
    ...(help === undefined ? [] : [`${" ".repeat(9 + width)}  ${paint.dim(help)}`]),
  ])
  return `${lines.join("\n")}\n`
}
