import type { ContractIr, TypeIr } from "@fleetwire/ir"
import { checkValue } from "./check-value.js"
import { plainNumber } from "./json-format.js"
import { Findings, type Result } from "./result.js"
import { resolve } from "./world.js"

/** One scalar as plain text: `23.41`, `online`, `true`. */
export function decodeText(contract: ContractIr, type: TypeIr, octets: Uint8Array): Result<unknown> {
  const findings = new Findings()
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    findings.add([], "encoding", "invalid UTF-8")
    return findings.finish(undefined)
  }
  const scalar = resolve(contract, type)
  const value = parse(text, scalar)
  if (value === undefined) {
    findings.add([], scalar.kind === "enum" ? "enum" : "type", `not a ${scalar.kind} as text`)
    return findings.finish(undefined)
  }
  return checkValue(contract, type, value)
}

function parse(text: string, type: TypeIr): unknown {
  switch (type.kind) {
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined
    case "int":
      if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) return undefined
      return type.bits === 64 ? BigInt(text) : Number(text)
    case "float":
      return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : undefined
    case "string":
    case "enum":
      return text
    case "const":
      return text === String(type.value) ? type.value : undefined
    default:
      return undefined
  }
}

/** The text of a checked scalar. */
export function encodeText(contract: ContractIr, type: TypeIr, value: unknown): Uint8Array {
  const scalar = resolve(contract, type)
  const single = scalar.kind === "float" && scalar.bits === 32
  return new TextEncoder().encode(typeof value === "number" ? plainNumber(value, single) : String(value))
}

/** Whether a type is one that text carries. */
export function isScalar(contract: ContractIr, type: TypeIr): boolean {
  return ["bool", "int", "float", "string", "enum", "const"].includes(resolve(contract, type).kind)
}
