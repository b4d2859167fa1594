import type { ContractIr } from "@fleetwire/ir"
import type { Subject } from "./principal.js"

/**
 * The one client id that a principal's SDK connects with (S-1); undefined where there may be several: a role without a
 * fixed instance, and whoever calls commands, which takes a second connection (M-5).
 */
export function clientIdOf(ir: ContractIr, { principal, device, publish, bind }: Subject): string | undefined {
  const calls = ir.channels.some(({ name, kind }) => kind === "command" && publish.includes(`${name}.request`))
  if (calls) return undefined
  if (!device) {
    return principal.instance === undefined ? undefined : `${ir.name}.${principal.role}.${principal.instance}`
  }
  const identity = bind[ir.device.param]
  return principal.pattern === undefined && identity?.length === 1 ? `${ir.name}.device.${identity[0]}` : undefined
}
