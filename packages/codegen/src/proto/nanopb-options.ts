import { maxUtf8Bytes, type TypeIr } from "@fleetwire/ir"
import { pascalCase, wordsOf } from "../core/name-policy.js"

/**
 * Lines of nanopb's `.options` for one field: lengths in octets without the terminating zero, counts, widths of small
 * integers. `path` is the field's full name. Nothing for what has no bound.
 */
export function nanopbOptions(path: string, type: TypeIr, resolve: (type: TypeIr) => TypeIr): readonly string[] {
  if (type.kind === "map") {
    const dot = path.lastIndexOf(".")
    const entry = `${path.slice(0, dot)}.${pascalCase(wordsOf(path.slice(dot + 1)))}Entry`
    const key = type.keyMaxLength === undefined ? [] : [`${entry}.key max_length:${4 * type.keyMaxLength}`]
    const count = type.maxProperties === undefined ? [] : [`${path} max_count:${type.maxProperties}`]
    return [...count, ...key, ...line(`${entry}.value`, sizes(resolve(type.value)))]
  }
  if (type.kind !== "list") return line(path, sizes(type))
  const count = type.maxItems === undefined ? [] : [`max_count:${type.maxItems}`]
  return line(path, [...count, ...sizes(resolve(type.item))])
}

function sizes(type: TypeIr): readonly string[] {
  switch (type.kind) {
    case "string": {
      const octets = maxUtf8Bytes(type)
      return octets === undefined ? [] : [`max_length:${octets}`]
    }
    case "bytes":
      return type.maxLength === undefined ? [] : [`max_size:${type.maxLength}`]
    case "int":
      return type.bits < 32 && type.fixed !== true ? [`int_size:IS_${type.bits}`] : []
    default:
      return []
  }
}

function line(path: string, options: readonly string[]): readonly string[] {
  return options.length === 0 ? [] : [`${path} ${options.join(" ")}`]
}
