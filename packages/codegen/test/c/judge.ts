import { createDynamicCodec } from "@fleetwire/dynamic"
import { type ContractIr, type Format, resolveType, type TypeIr } from "@fleetwire/ir"
import type { Codec, Result } from "@fleetwire/runtime"
import { scaledOf } from "../../src/c/scaled.js"
import { sameValue } from "../codec/same-value.js"
import { FORMATS, type Judged } from "./harness.js"

/** What C and TypeScript disagree about; undefined where they agree. */
export function disagreement(
  ir: ContractIr,
  message: string,
  codecs: { readonly [format in Format]?: Codec<unknown> },
  payload: { readonly format: Format; readonly octets: Uint8Array },
  judged: Judged,
): string | undefined {
  const type = ir.messages.find(({ name }) => name === message)!.type
  const want = (codecs[payload.format] ?? createDynamicCodec(ir, message, payload.format)).decode(payload.octets)
  if (want.ok !== (judged.status === 0)) {
    if (isKnown(want, payload, judged)) return undefined
    return `C says ${judged.status} at ${judged.path}, TypeScript ${want.ok ? "accepts" : JSON.stringify(want.issues)}`
  }
  if (!want.ok) return undefined
  const rounded = roundedTo(ir, type, want.value)
  for (const format of FORMATS) {
    const codec = codecs[format]
    if (codec === undefined) continue
    const encoded = codec.encode(rounded)
    if (!encoded.ok) return `TypeScript does not write ${JSON.stringify(rounded)} as ${format}`
    const hex = Buffer.from(encoded.value).toString("hex")
    if (hex === judged.encoded[format]) continue
    // A tie may be rounded either way; then the value is still within half a unit.
    const back = codec.decode(Buffer.from(judged.encoded[format], "hex"))
    if (!back.ok) return `C wrote ${format} that TypeScript refuses: ${judged.encoded[format]}`
    if (!isNear(ir, type, back.value, want.value))
      return `as ${format} C wrote ${judged.encoded[format]}, TypeScript ${hex}`
    const again = codec.encode(back.value)
    if (!again.ok || Buffer.from(again.value).toString("hex") !== judged.encoded[format])
      return `as ${format} C wrote ${judged.encoded[format]}, which TypeScript writes otherwise`
  }
  return undefined
}

/** What the README says of numbers: two differences that no sender makes unless it means to. */
function isKnown(
  want: Result<unknown>,
  { format, octets }: { readonly format: Format; readonly octets: Uint8Array },
  judged: Judged,
): boolean {
  // C takes a number for its bound that is beyond it by less than 10^-9 of the last decimal.
  if (!want.ok)
    return want.issues.every(({ code, expected, received }) => {
      const bound = expected?.split("..")[code === "minimum" ? 0 : 1]
      return (code === "minimum" || code === "maximum") && Math.abs(Number(received) - Number(bound)) < 1e-9
    })
  // A field that stands twice in protobuf is read twice by C, and refused where the first one is invalid.
  if (format === "protobuf") return VALUE_STATUSES.includes(judged.status)
  // C compares every digit of a literal, where a double has forgotten those behind the seventeenth.
  return judged.status === OUT_OF_RANGE && /\d[\d.]{15}|[eE]-?\d{3}/.test(Buffer.from(octets).toString("latin1"))
}

const OUT_OF_RANGE = 8
/** FW_RANGE to FW_ENUM: what C says of a value, never of the wire. */
const VALUE_STATUSES = [8, 9, 10, 11]

/** The value with every number that C carries in decimal units rounded to them. */
export function roundedTo(ir: ContractIr, declared: TypeIr, value: unknown): unknown {
  const type = resolveType(ir, declared)
  switch (type.kind) {
    case "float": {
      const scaled = scaledOf(type)
      if (scaled === undefined) return value
      const rounded = Number(
        (Math.round((value as number) * 10 ** scaled.places) / 10 ** scaled.places).toFixed(scaled.places),
      )
      return rounded + 0
    }
    case "list":
      return (value as unknown[]).map((item) => roundedTo(ir, type.item, item))
    case "object":
      return Object.fromEntries(
        Object.entries(value as object).map(([name, member]) => {
          const field = type.fields.find((one) => one.name === name)!
          return [name, roundedTo(ir, field.type, member)]
        }),
      )
    default:
      return value
  }
}

function isNear(ir: ContractIr, declared: TypeIr, a: unknown, b: unknown): boolean {
  const type = resolveType(ir, declared)
  switch (type.kind) {
    case "float": {
      const scaled = scaledOf(type)
      if (scaled === undefined) return Object.is(a, b)
      // Both numbers are the nearest floats of decimals.
      const step = 2 * Math.abs(b as number) * 2 ** (type.bits === 32 ? -24 : -53)
      return (Math.abs((a as number) - (b as number)) - step) * 10 ** scaled.places <= 0.5 + 1e-6
    }
    case "list":
      return (
        (a as unknown[]).length === (b as unknown[]).length &&
        (a as unknown[]).every((item, index) => isNear(ir, type.item, item, (b as unknown[])[index]))
      )
    case "object": {
      const [left, right] = [a, b] as { readonly [name: string]: unknown }[]
      return type.fields.every(({ name, type: member }) => {
        if (left![name] === undefined || right![name] === undefined) return left![name] === right![name]
        return isNear(ir, member, left![name], right![name])
      })
    }
    default:
      return sameValue(a, b)
  }
}
