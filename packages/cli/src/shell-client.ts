import type { ContractIr, RoleIr } from "@fleetwire/ir"
import { mqttTransport } from "@fleetwire/mqtt"
import { type ControllerEngine, createController, isSdkError, type RoleDescriptor } from "@fleetwire/runtime/codegen-v1"
import { connectionFrom } from "./connection-options.js"
import { contractOf } from "./contract-of.js"
import { type DescribedContract, describeContract } from "./describe-contract.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { formatSdkError, jsonLineError } from "./sdk-error-text.js"
import type { Terminal } from "./terminal.js"

/** A controller of a role, made from a contract at run time: what the shell speaks with. */
export interface ShellClient {
  readonly ir: ContractIr
  readonly described: DescribedContract
  readonly engine: ControllerEngine
}

type Options = Parameters<typeof connectionFrom>[0] & { readonly json?: boolean }

/**
 * Compiles the contract, connects as the role named, or as the first role that has the right, and runs `use`; closes in
 * any case. An error of the SDK is printed, and exits 1.
 *
 * @param right the leg that is published, such as `drive.request`
 */
export async function withShellClient(
  { options, right, terminal }: { readonly options: Options; readonly right: string; readonly terminal: Terminal },
  use: (client: ShellClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const ir = await contractOf(options.contract as string | undefined, terminal)
  const role = roleFor(ir, right, options.role as string | undefined)
  const described = describeContract(ir)
  const presence = ir.channels.find(({ kind }) => kind === "presence")
  const presenceChannel = presence === undefined ? undefined : described.channel(presence.name)
  const mayRead = presence !== undefined && role.read.includes(`${presence.name}.message`)
  const engine = createController(
    {
      contract: described.contract,
      role: roleDescriptor(role),
      ...(mayRead && presenceChannel?.kind === "presence" && { presence: presenceChannel }),
    },
    { transport: mqttTransport(), ...connectionFrom(options, terminal.cwd, process.env) },
  )
  try {
    await engine.client.connect()
    return await use({ ir, described, engine })
  } catch (error) {
    if (!isSdkError(error)) throw error
    if (options.json === true) terminal.out(await jsonLineError(error, undefined))
    else terminal.err(`${await formatSdkError(error)}\n`)
    return EXIT.findings
  } finally {
    await engine.client.close()
  }
}

function roleFor(ir: ContractIr, right: string, named: string | undefined): RoleIr {
  const able = ir.roles.filter(({ publish }) => publish.includes(right))
  const known = able.map(({ name }) => name).join(", ") || "none"
  if (named === undefined) {
    if (able[0] === undefined) throw new Misuse(`no role may publish ${right}`)
    return able[0]
  }
  const role = ir.roles.find(({ name }) => name === named)
  if (role === undefined)
    throw new Misuse(`there is no role ${named}: known are ${ir.roles.map(({ name }) => name).join(", ")}`)
  if (!able.includes(role)) throw new Misuse(`role ${named} may not publish ${right}; these may: ${known}`)
  return role
}

/** A command line is gone after a moment: no session of it may stay behind at the broker. */
function roleDescriptor({ name, publish, read, keepAliveSeconds, reconnectSpreadSeconds }: RoleIr): RoleDescriptor {
  return { name, publish, read, keepAliveSeconds, reconnectSpreadSeconds, session: { kind: "clean" } }
}
