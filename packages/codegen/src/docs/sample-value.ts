import {
  type ContractIr,
  compilePattern,
  type FieldIr,
  type JsonValue,
  type StringFormat,
  type StringIr,
  shortestMatch,
  type TypeIr,
} from "@fleetwire/ir"

/** An instant for samples: 2024-01-25T08:00:00Z. */
const unixSeconds = 1_706_169_600

/**
 * A value of a message as JSON carries it, the same for the same contract: the examples that the contract gives, else
 * values from the middle of what is allowed. Every optional field is there.
 */
export function sampleOf(ir: ContractIr, messageName: string): JsonValue {
  const message = ir.messages.find(({ name }) => name === messageName)
  if (message === undefined) throw new Error(`the contract has no message ${messageName}`)
  const [example] = message.examples ?? []
  return example ?? ofType(ir, message.type)
}

function ofField(ir: ContractIr, field: FieldIr): JsonValue {
  const [example] = field.examples ?? []
  if (example !== undefined) return example
  if (field.auto === "identity") {
    return ir.params.find(({ name }) => name === ir.device.param)?.examples?.[0] ?? ofType(ir, field.type)
  }
  return field.default ?? ofType(ir, field.type)
}

function ofType(ir: ContractIr, type: TypeIr): JsonValue {
  switch (type.kind) {
    case "bool":
      return true
    case "int": {
      const [min, max] = [BigInt(type.min), BigInt(type.max)]
      const wanted = type.epoch === undefined ? middle(min, max) : BigInt(instants[type.epoch])
      const step = BigInt(type.multipleOf ?? 1)
      const value = clamp((wanted / step) * step, min, max)
      return type.bits === 64 && (value > 2n ** 53n - 1n || value < -(2n ** 53n - 1n)) ? String(value) : Number(value)
    }
    case "float": {
      const [min, max] = [type.min ?? 0, type.max ?? Math.max(100, (type.min ?? 0) + 100)]
      return min <= 21.5 && max >= 21.5 ? 21.5 : (min + max) / 2
    }
    case "string":
      return ofString(type)
    case "bytes":
      return "AAECAw=="
    case "enum":
      return type.values[0]?.name ?? "unknown"
    case "const":
      return type.value
    case "list":
      return Array.from({ length: Math.max(type.minItems ?? 1, Math.min(1, type.maxItems ?? 1)) }, () =>
        ofType(ir, type.item),
      )
    case "map":
      return (type.maxProperties ?? 1) === 0 ? {} : { [keyOf(type.keyPattern)]: ofType(ir, type.value) }
    case "object":
      return Object.fromEntries(type.fields.map((field) => [field.name, ofField(ir, field)]))
    case "union": {
      const [branch] = type.branches
      if (branch === undefined) return {}
      return { [type.tag]: branch.value, ...(ofType(ir, branch.type) as { readonly [key: string]: JsonValue }) }
    }
    case "ref":
      return sampleOf(ir, type.message)
  }
}

const instants = {
  "unix-seconds": unixSeconds,
  "unix-milliseconds": unixSeconds * 1000,
  "boot-milliseconds": 90_000,
} as const

const formats: Readonly<Record<StringFormat, string>> = {
  "date-time": "2024-01-25T08:00:00Z",
  date: "2024-01-25",
  time: "08:00:00Z",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  ipv4: "192.0.2.17",
  hostname: "device.example",
  uri: "https://device.example/",
}

function ofString(type: StringIr): string {
  if (type.format !== undefined) return formats[type.format]
  if (type.pattern !== undefined) return matchOf(type.pattern)
  const text = "text".slice(0, type.maxLength)
  return text.padEnd(type.minLength ?? 0, "x")
}

function keyOf(pattern: string | undefined): string {
  return pattern === undefined ? "key" : matchOf(pattern)
}

function matchOf(pattern: string): string {
  const compiled = compilePattern(pattern)
  return (compiled.ok ? shortestMatch(compiled.value) : undefined) ?? ""
}

/** Positive and small where the range allows it, so that a sample reads like a measurement. */
function middle(min: bigint, max: bigint): bigint {
  if (max <= 0n) return (min + max) / 2n
  const low = min > 0n ? min : 0n
  return max - low > 200n ? clamp(42n, low, max) : (low + max) / 2n
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value
}
