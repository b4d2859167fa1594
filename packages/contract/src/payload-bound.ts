import type { Format, MessageIr, TypeIr } from "@fleetwire/ir"

/** Finds a message of the contract by name. */
export type FindMessage = (name: string) => MessageIr | undefined

/**
 * Octets of the longest canonical encoding of a type; undefined where something in it is unbounded.
 * Control characters take six octets in JSON (`\u001f`), every other code point at most four.
 */
export function payloadBound(type: TypeIr, format: Format, find: FindMessage): number | undefined {
  return format === "protobuf"
    ? proto(type, find)
    : format === "text" || format === "bytes"
      ? raw(type)
      : json(type, format, find)
}

function raw(type: TypeIr): number | undefined {
  if (type.kind === "string") return type.maxBytes ?? (type.maxLength === undefined ? undefined : 4 * type.maxLength)
  if (type.kind === "bytes") return type.maxLength
  const quoted = json(type, "json", () => undefined)
  return quoted === undefined ? undefined : type.kind === "enum" ? quoted - 2 : quoted
}

function json(type: TypeIr, format: Format, find: FindMessage): number | undefined {
  switch (type.kind) {
    case "bool":
      return 5
    case "int": {
      const digits = Math.max(String(type.min).length, String(type.max).length)
      return type.bits === 64 ? digits + 2 : digits
    }
    case "float":
      return 25
    case "string":
      return type.maxLength === undefined ? undefined : 2 + 6 * type.maxLength
    case "bytes":
      return type.maxLength === undefined ? undefined : 2 + 4 * Math.ceil(type.maxLength / 3)
    case "enum": {
      const widest = Math.max(...type.values.map(({ name }) => 2 + utf8(name)))
      return type.open ? undefined : widest
    }
    case "const":
      return utf8(JSON.stringify(type.value))
    case "list": {
      const item = json(type.item, format, find)
      return item === undefined || type.maxItems === undefined ? undefined : 2 + type.maxItems * (item + 1)
    }
    case "map": {
      const value = json(type.value, format, find)
      if (value === undefined || type.maxProperties === undefined || type.keyMaxLength === undefined) return undefined
      return 2 + type.maxProperties * (2 + 6 * type.keyMaxLength + 1 + value + 1)
    }
    case "object":
      return sum(
        type.fields.map((field) => {
          const value = json(field.type, format, find)
          const key = format === "compact" ? (field.short ?? field.name) : field.name
          return value === undefined ? undefined : utf8(key) + 4 + value
        }),
        2,
      )
    case "union": {
      const branches = type.branches.map((branch) => {
        const value = json(branch.type, format, find)
        return value === undefined ? undefined : value + utf8(type.tag) + utf8(branch.value) + 6
      })
      return branches.some((size) => size === undefined) ? undefined : Math.max(...(branches as number[]))
    }
    case "ref": {
      const message = find(type.message)
      return message === undefined ? undefined : json(message.type, format, find)
    }
  }
}

function proto(type: TypeIr, find: FindMessage): number | undefined {
  switch (type.kind) {
    case "bool":
      return 1
    case "int":
      return type.bits === 64 ? 10 : 5
    case "float":
      return type.bits / 8
    case "string":
      return sized(type.maxBytes ?? (type.maxLength === undefined ? undefined : 4 * type.maxLength))
    case "bytes":
      return sized(type.maxLength)
    case "enum":
      return 5
    case "const":
      return typeof type.value === "string" ? sized(utf8(type.value)) : 10
    case "list": {
      const item = proto(type.item, find)
      return item === undefined || type.maxItems === undefined ? undefined : type.maxItems * (item + 2)
    }
    case "map": {
      const value = proto(type.value, find)
      if (value === undefined || type.maxProperties === undefined || type.keyMaxLength === undefined) return undefined
      return type.maxProperties * (sized(4 * type.keyMaxLength + value + 8)! + 2)
    }
    case "object":
      return sized(
        sum(
          type.fields.map((field) => {
            const value = proto(field.type, find)
            return value === undefined ? undefined : value + 2
          }),
          0,
        ),
      )
    case "union": {
      const branches = type.branches.map((branch) => proto(branch.type, find))
      return branches.some((size) => size === undefined) ? undefined : sized(Math.max(...(branches as number[])) + 2)
    }
    case "ref": {
      const message = find(type.message)
      return message === undefined ? undefined : proto(message.type, find)
    }
  }
}

function sized(octets: number | undefined): number | undefined {
  return octets === undefined ? undefined : octets + (octets < 128 ? 1 : octets < 16_384 ? 2 : 4)
}

function sum(sizes: readonly (number | undefined)[], start: number): number | undefined {
  return sizes.reduce(
    (total, size) => (total === undefined || size === undefined ? undefined : total + size),
    start as number | undefined,
  )
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length
}
