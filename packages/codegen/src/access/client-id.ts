import { type ContractIr, contractLegs } from "@fleetwire/ir"
import type { Subject } from "./principal.js"

/**
 * The one client id that a principal's SDK connects with (S-1); undefined where there may be several: a role without a
 * fixed instance, and whoever may need a second connection (M-5).
 */
export function clientIdOf(ir: ContractIr, subject: Subject): string | undefined {
  const { principal, device, bind } = subject
  if (mayNeedSecond(ir, subject)) return undefined
  if (!device) {
    return principal.instance === undefined ? undefined : `${ir.name}.${principal.role}.${principal.instance}`
  }
  const identity = bind[ir.device.param]
  return principal.pattern === undefined && identity?.length === 1 ? `${ir.name}.device.${identity[0]}` : undefined
}

/** Replies of commands, and a controller's presence, do not wait behind streams that are acknowledged when handled. */
function mayNeedSecond(ir: ContractIr, { device, publish, read }: Subject): boolean {
  const calls = ir.channels.some(({ name, kind }) => kind === "command" && publish.includes(`${name}.request`))
  if (calls || device) return calls
  const reads = contractLegs(ir).filter(({ id }) => read.includes(id))
  const withholds = reads.some(({ leg }) => leg.acknowledge === "on-handled" && leg.qos > 0)
  return withholds && reads.some(({ channel }) => channel.kind === "presence")
}
