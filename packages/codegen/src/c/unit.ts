import { maxEncodedBytes, type StringIr } from "@fleetwire/ir"
import { type Code, code, ident, string } from "../core/code.js"
import type { CField, CModel, CObject } from "./model.js"
import { automatonOf, lineOf, octetBound, patternsOf } from "./pattern.js"
import type { Scaled } from "./scaled.js"
import { octets } from "./table.js"

/** What the functions of one file share: the model, and constants that each stand once. */
export class Unit {
  readonly constants: Code[] = []
  readonly #known = new Map<string, Code>()

  constructor(readonly model: CModel) {}

  /** An object that never has more than 127 octets in protobuf, so that its length is one. */
  isShort(object: CObject): boolean {
    const { type } = object
    if (type === undefined) return false
    // A message that is never inside another has no length at all.
    if (!this.model.objects.some(({ fields }) => fields.some((field) => field.object === object))) return true
    const message = { name: "", type }
    const most = maxEncodedBytes({ ...this.model.ir, messages: [...this.model.ir.messages, message] }, "", "protobuf")
    return most !== undefined && most < 128
  }

  /** `iot_car_` and what follows. */
  name(rest: string): Code {
    return ident(`${this.model.names.prefix}_${rest}`)
  }

  type(object: CObject): Code {
    return this.name(`${object.name}_t`)
  }

  /** A constant of the file; equal ones are one. */
  constant(kind: string, id: string, print: (name: Code) => Code): Code {
    const key = `${kind} ${id}`
    let name = this.#known.get(key)
    if (name === undefined) {
      name = ident(`${kind}_${[...this.#known.keys()].filter((known) => known.startsWith(`${kind} `)).length + 1}`)
      this.#known.set(key, name)
      this.constants.push(print(name))
    }
    return name
  }

  scaled(scaled: Scaled): Code {
    return this.constant("scaled", JSON.stringify({ ...scaled, below: 0, above: 0 }), (name) => {
      const five = 5 ** scaled.places
      return code`
        static const fw_scaled_t ${name} FW_ROM = {
          ${this.int(scaled.min)}, ${this.int(scaled.max)},
        #if FW_PROTOBUF
          ${five}u, ${scaled.bits},
        #endif
          ${scaled.places}};
      `
    })
  }

  /** Words of an enum: how many numbers from the first on, then each word with its length; 255 where there is a gap. */
  words(field: CField): { readonly words: Code; readonly first: number } {
    const values = field.enum!.constants
    const first = values[0]!.number
    const words = this.constant("words", JSON.stringify(values.map(({ number, wire }) => [number, wire])), (name) => {
      const lines: Code[] = []
      for (let number = first; number <= values.at(-1)!.number; number++) {
        const value = values.find((one) => one.number === number)
        lines.push(
          value === undefined
            ? code`FW_W(${octets([255])})`
            : code`FW_W(${octets([byteLength(value.wire)])} ${string(value.wire)})`,
        )
      }
      return code`
        static const char ${name}[] FW_ROM =
          ${octets([lines.length])}
          ${lines.slice(0, -1)}
          ${lines.at(-1)!};
      `
    })
    return { words, first }
  }

  /** Places of an object's fields in the order in which protobuf has them. */
  order(places: readonly number[]): Code {
    return this.constant(
      "order",
      places.join(),
      (name) => code`static const char ${name}[] FW_ROM = ${octets(places)};`,
    )
  }

  text(text: string): Code {
    return this.constant("text", text, (name) => code`static const char ${name}[] FW_ROM = ${string(text)};`)
  }

  int(value: number | string | bigint): Code {
    const number = BigInt(value)
    if (number === -(2n ** 63n)) return code`INT64_MIN`
    if (number === -(2n ** 31n)) return this.model.wide ? code`-INT64_C(2147483648)` : code`INT32_MIN`
    if (number > 0x7fffffffn || number < -0x7fffffffn)
      return number < 0n ? code`-INT64_C(${-number})` : code`INT64_C(${number})`
    return code`${number}`
  }

  uint(value: number | string | bigint): Code {
    const number = BigInt(value)
    return number > 0xffffffffn ? code`UINT64_C(${number})` : code`${number}u`
  }

  /** What a text must be beyond its length in code points: when it is not, and the status for that. */
  textChecks(type: StringIr, value: Code): readonly (readonly [Code, Code])[] {
    const bound = octetBound(type)
    return [
      ...(bound === undefined ? [] : [[code`${value}.length > ${bound}`, code`FW_LENGTH`] as const]),
      ...patternsOf(type).map((pattern) => {
        const line = lineOf(pattern)
        if (line !== undefined) {
          const pairs = this.constant(
            "line",
            pattern,
            (name) => code`static const char ${name}[] FW_ROM = ${octets(line.pairs)};`,
          )
          return [code`!fw_fits_line(${pairs}, ${line.least}, ${line.most}, &${value})`, code`FW_PATTERN`] as const
        }
        const automaton = this.constant(
          "pattern",
          pattern,
          (name) => code`static const char ${name}[] FW_ROM = ${octets(automatonOf(pattern))};`,
        )
        return [code`!fw_fits(${automaton}, &${value})`, code`FW_PATTERN`] as const
      }),
    ]
  }
}

/** Octets of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** A mask as C writes it. */
export function mask(value: number): Code {
  return code`${BigInt(value)}u`
}
