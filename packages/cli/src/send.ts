import type { Format } from "@fleetwire/ir"
import type { ControllerEngine } from "@fleetwire/runtime/codegen-v1"
import { parseArguments } from "./arguments.js"
import { checkParams } from "./check-params.js"
import { CONNECTION_OPTIONS, formatFrom, paramsFrom } from "./connection-options.js"
import { contractOf } from "./contract-of.js"
import type { DescribedContract } from "./describe-contract.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { formatLineError, jsonLineError } from "./sdk-error-text.js"
import { withShellClient } from "./shell-client.js"
import { shellLines } from "./shell-lines.js"
import { parseShellValue } from "./shell-value.js"
import type { Terminal } from "./terminal.js"

interface Sender {
  readonly leg: string
  readonly message: string
  send(engine: ControllerEngine, value: unknown, options: { readonly format?: Format }): Promise<void>
}

/** Options of the command. */
export const OPTIONS = { ...CONNECTION_OPTIONS, json: { type: "boolean" } } as const

/** `fleetwire send`: publishes typed messages on a channel that controllers write; each is checked before it leaves. */
export async function send(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const [target, ...words] = rest
  if (target === undefined)
    throw new Misuse("send needs a channel: `fleetwire send config '{ \"version\": 1 }' -p carId=car-001`")
  const ir = await contractOf(options.contract, terminal)
  const [name, legName] = target.split(".") as [string, string | undefined]
  const channel = ir.channels.find((candidate) => candidate.name === name)
  if (channel === undefined) {
    throw new Misuse(`there is no channel ${name}: known are ${ir.channels.map((one) => one.name).join(", ")}`)
  }
  if (channel.kind === "command") throw new Misuse(`${name} is a command: use \`fleetwire call ${name}\``)
  const wanted = legName ?? (channel.kind === "config" ? "desired" : channel.legs[0]!.name)
  const leg = channel.legs.find((candidate) => candidate.name === wanted)
  if (leg === undefined || leg.from === "device") throw new Misuse(`controllers do not publish ${name}.${wanted}`)
  const params = paramsFrom(options.param)
  checkParams(ir, leg.topic, params)
  const format = formatFrom(options.format, name, leg.accepts)
  return withShellClient({ options, right: `${name}.${wanted}`, terminal }, async ({ engine, described }) => {
    const sender = senderFor(described, { name, leg: wanted, message: leg.message }, params)
    let code: ExitCode = EXIT.clean
    for await (const { line, number } of shellLines(words, terminal.input)) {
      let value: unknown
      try {
        value = parseShellValue(ir, leg.message, line)
        await sender.send(engine, value, format === undefined ? {} : { format })
        if (options.json === true) terminal.out('{"ok":true}\n')
      } catch (error) {
        const said = { ir, message: leg.message, value }
        if (options.json === true) terminal.out(await jsonLineError(error, number, said))
        else terminal.err(await formatLineError(error, number, said))
        code = EXIT.findings
      }
    }
    return code
  })
}

function senderFor(
  described: DescribedContract,
  { name, leg, message }: { readonly name: string; readonly leg: string; readonly message: string },
  params: Readonly<Record<string, string>>,
): Sender {
  const channel = described.channel(name)!
  const as = (run: Sender["send"]): Sender => ({ leg, message, send: run })
  switch (channel.kind) {
    case "telemetry":
    case "event":
    case "state":
      return as((engine, value, options) => engine.publisher(channel, params).publish(value, options))
    case "action":
      return as((engine, value, options) => engine.action(channel, params)(value, options))
    case "broadcast":
      return as((engine, value, options) => engine.broadcast(channel)(value, options))
    case "config":
      return leg === "fleet"
        ? as((engine, value, options) => engine.fleetConfig(channel).set(value, options))
        : as((engine, value, options) => engine.config(channel, params).set(value, options))
    default:
      throw new Misuse(`${name} cannot be sent from the shell`)
  }
}
