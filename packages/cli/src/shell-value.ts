import { type ContractIr, findMessage, resolveType, type TypeIr } from "@fleetwire/ir"
import { Misuse } from "./exit-code.js"

/**
 * A line of the shell as a message: JSON, or for a message that is one word or text also the bare line. Wide integers
 * become bigints, base64 becomes octets; whether the value fits is for the codec to say.
 */
export function parseShellValue(ir: ContractIr, message: string, line: string): unknown {
  const found = findMessage(ir, message)
  if (found === undefined) throw new Misuse(`the contract has no message ${message}`)
  const { kind } = resolveType(ir, found.type)
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    if (kind !== "string" && kind !== "enum" && kind !== "const") throw new Misuse(`not JSON: ${line.slice(0, 80)}`)
    return line
  }
  // `online` and `"online"` are the same word; `1` is a word where the contract says so.
  if ((kind === "string" || kind === "enum") && typeof value !== "string") return line
  return convert(ir, found.type, value)
}

function convert(ir: ContractIr, type: TypeIr, value: unknown): unknown {
  const target = resolveType(ir, type)
  switch (target.kind) {
    case "int":
      if (target.bits !== 64) return value
      if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value)
      return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : value
    case "bytes":
      return typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value
    case "list":
      return Array.isArray(value) ? value.map((item) => convert(ir, target.item, item)) : value
    case "map":
      return isObject(value) ? mapValues(value, (_key, item) => convert(ir, target.value, item)) : value
    case "object":
      if (!isObject(value)) return value
      return mapValues(value, (key, item) => {
        const field = target.fields.find(({ name }) => name === key)
        return field === undefined ? item : convert(ir, field.type, item)
      })
    case "union": {
      if (!isObject(value)) return value
      const branch = target.branches.find((candidate) => candidate.value === value[target.tag])
      return branch === undefined ? value : convert(ir, branch.type, value)
    }
    default:
      return value
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function mapValues(value: Readonly<Record<string, unknown>>, map: (key: string, item: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(key, item)]))
}
