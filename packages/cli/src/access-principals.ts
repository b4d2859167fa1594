import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { DEVICE_ROLE, type Principal } from "@fleetwire/codegen"
import { Misuse } from "./exit-code.js"

/** Options of `fleetwire access` that say who the principals are. */
export interface PrincipalOptions {
  readonly principal?: string
  readonly role?: string
  readonly bind?: readonly string[]
  readonly instance?: string
  readonly devices?: string
  readonly principals?: string
  readonly identity?: string
}

/** Whoever the options name, in the order of the options. */
export async function principalsFrom(options: PrincipalOptions, cwd: string): Promise<readonly Principal[]> {
  const found = [...one(options), ...devices(options)]
  if (options.principals !== undefined)
    found.push(...(await fromFile(resolve(cwd, options.principals), options.principals)))
  if (found.length > 0) return found
  throw new Misuse(
    "access needs somebody: --principal <name> --role <role>, --devices <id,id> or --devices pattern, or --principals <file>",
  )
}

function one({ principal, role, bind, instance }: PrincipalOptions): readonly Principal[] {
  if (principal === undefined) {
    if (role !== undefined || bind !== undefined || instance !== undefined)
      throw new Misuse("--role, --bind and --instance belong to --principal <name>")
    return []
  }
  if (role === undefined) throw new Misuse("--principal needs --role: `device` or a role of the contract")
  const bound = bindFrom(bind ?? [])
  return [
    {
      name: principal,
      role,
      ...(Object.keys(bound).length > 0 && { bind: bound }),
      ...(instance !== undefined && { instance }),
    },
  ]
}

/** `carId=car-001,car-007`, also given twice. */
function bindFrom(written: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const bind: Record<string, readonly string[]> = {}
  for (const text of written) {
    const at = text.indexOf("=")
    if (at < 1) throw new Misuse(`--bind needs param=value,value, not ${text}`)
    const param = text.slice(0, at)
    bind[param] = [...(bind[param] ?? []), ...listed(text.slice(at + 1))]
  }
  return bind
}

function devices({ devices: written, identity }: PrincipalOptions): readonly Principal[] {
  if (identity !== undefined && identity !== "username" && identity !== "client-id")
    throw new Misuse("--identity is username or client-id")
  if (written === undefined) return []
  if (written !== "pattern") return listed(written).map((name) => ({ name, role: DEVICE_ROLE }))
  return [{ name: "every device", role: DEVICE_ROLE, pattern: identity === "client-id" ? "%c" : "%u" }]
}

function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "")
}

async function fromFile(path: string, given: string): Promise<readonly Principal[]> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, "utf8"))
  } catch (error) {
    throw new Misuse(`cannot read ${given}: ${(error as Error).message}`)
  }
  if (!Array.isArray(value)) throw new Misuse(`${given} is not a list of principals`)
  return value.map((entry, index) => principalOf(entry, `${given}: entry ${index + 1}`))
}

function principalOf(entry: unknown, where: string): Principal {
  const fields = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {}
  const { name, role, bind = {}, instance } = fields
  if (typeof name !== "string" || typeof role !== "string") throw new Misuse(`${where} needs a name and a role`)
  const known = ["name", "role", "bind", "instance"]
  const unknown = Object.keys(fields).find((field) => !known.includes(field))
  if (unknown !== undefined) throw new Misuse(`${where} has no field ${unknown}: known are ${known.join(", ")}`)
  if (instance !== undefined && typeof instance !== "string") throw new Misuse(`${where}: instance is a text`)
  if (typeof bind !== "object" || bind === null) throw new Misuse(`${where}: bind is a table of params`)
  const bound = Object.entries(bind).map(([param, values]): [string, readonly string[]] => {
    const list = typeof values === "string" ? [values] : values
    if (!Array.isArray(list) || !list.every((value) => typeof value === "string"))
      throw new Misuse(`${where}: bind.${param} is a text or a list of texts`)
    return [param, list]
  })
  return {
    name,
    role,
    ...(bound.length > 0 && { bind: Object.fromEntries(bound) }),
    ...(instance !== undefined && { instance }),
  }
}
