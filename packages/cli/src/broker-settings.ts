import { relative, resolve } from "node:path"
import { computeBrokerSettings, type FleetSize, formatBrokerSettings } from "@fleetwire/codegen"
import { parseArguments } from "./arguments.js"
import { contractOf } from "./contract-of.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Terminal } from "./terminal.js"
import { writeText } from "./text-file.js"

/** Options of the command. */
export const OPTIONS = {
  contract: { type: "string" },
  devices: { type: "string" },
  absence: { type: "string" },
  burst: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const

/** `fleetwire broker-settings`: what the broker must be set to for a fleet of a size (Z-4). */
export async function brokerSettings(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  if (rest.length > 1) throw new Misuse("broker-settings takes one contract")
  if (options.devices === undefined) throw new Misuse("broker-settings needs the size of the fleet: --devices <n>")
  const size = fleetSizeFrom(options.devices, options)
  const ir = await contractOf(rest[0] ?? options.contract, terminal)
  const text =
    options.json === true
      ? `${JSON.stringify({ contract: ir.name, version: ir.version, ...size, settings: computeBrokerSettings(ir, size) }, null, 2)}\n`
      : formatBrokerSettings(ir, size)
  if (options.out === undefined) terminal.out(text)
  else {
    const path = resolve(terminal.cwd, options.out)
    await writeText(path, text)
    terminal.out(`  written ${relative(terminal.cwd, path)}\n`)
  }
  return EXIT.clean
}

/** The size of a fleet as options say it: seconds of absence, messages of a burst. */
export function fleetSizeFrom(
  devices: string,
  { absence, burst }: { readonly absence?: string; readonly burst?: string },
): FleetSize {
  const whole = (name: string, written: string): number => {
    const value = Number(written)
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Misuse(`--${name} is a whole number above 0, not ${written}`)
    return value
  }
  return {
    devices: whole("devices", devices),
    ...(absence !== undefined && { absenceMs: whole("absence", absence) * 1000 }),
    ...(burst !== undefined && { burst: whole("burst", burst) }),
  }
}
