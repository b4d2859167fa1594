import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr } from "@fleetwire/ir"
import { parseArguments } from "./arguments.js"
import { checkParams } from "./check-params.js"
import { CONNECTION_OPTIONS, formatFrom, paramsFrom } from "./connection-options.js"
import { contractOf } from "./contract-of.js"
import { durationMs } from "./duration-text.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { formatLineError, jsonLineError } from "./sdk-error-text.js"
import { withShellClient } from "./shell-client.js"
import { shellLines } from "./shell-lines.js"
import { parseShellValue } from "./shell-value.js"
import type { Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = { ...CONNECTION_OPTIONS, id: { type: "string" }, json: { type: "boolean" } } as const

/** `fleetwire call`: calls a command and prints its reply as one line of JSON; line by line from standard input too. */
export async function call(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const [name, ...words] = rest
  if (name === undefined)
    throw new Misuse('call needs a command: `fleetwire call drive \'{ "action": "stop" }\' -p carId=car-001`')
  const ir = await contractOf(options.contract, terminal)
  const channel = ir.channels.find((candidate) => candidate.name === name)
  if (channel?.kind !== "command" || channel.from !== "controller") {
    const known = ir.channels
      .filter(({ kind, from }) => kind === "command" && from === "controller")
      .map((one) => one.name)
    throw new Misuse(`${name} is no command that controllers call: known are ${known.join(", ") || "none"}`)
  }
  const request = channel.legs.find((leg) => leg.name === "request")!
  const reply = channel.legs.find((leg) => leg.name === "reply")!
  const params = paramsFrom(options.param)
  checkParams(ir, request.topic, params)
  const format = formatFrom(options.format, name, request.accepts)
  const timeoutMs = options.timeout === undefined ? undefined : durationMs(options.timeout, "--timeout", "ms")
  return withShellClient({ options, right: `${name}.request`, terminal }, async ({ engine, described }) => {
    const descriptor = described.channel(name)
    if (descriptor?.kind !== "command") throw new Misuse(`${name} is no command`)
    const ask = engine.caller<unknown, unknown>(descriptor, params)
    let code: ExitCode = EXIT.clean
    for await (const { line, number } of shellLines(words, terminal.input)) {
      let value: unknown
      try {
        value = parseShellValue(ir, request.message, line)
        const answer = await ask(value, {
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(options.id !== undefined && { idempotencyKey: options.id }),
          ...(format !== undefined && { format }),
        })
        const printed = printReply(ir, reply.message, answer)
        terminal.out(options.json === true ? `{"ok":true,"reply":${printed}}\n` : `${printed}\n`)
      } catch (error) {
        const said = { ir, message: request.message, value }
        if (options.json === true) terminal.out(await jsonLineError(error, number, said))
        else terminal.err(await formatLineError(error, number, said))
        code = EXIT.findings
      }
    }
    return code
  })
}

function printReply(ir: ContractIr, message: string, value: unknown): string {
  const encoded = createDynamicCodec(ir, message, "json").encode(value)
  return encoded.ok ? new TextDecoder().decode(encoded.value) : JSON.stringify(value)
}
