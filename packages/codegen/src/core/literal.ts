import { Code, code, join, key, string } from "./code.js"

/** Plain data that an object literal can say. A member that is undefined is left out. */
export type LiteralValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Code
  | readonly LiteralValue[]
  | { readonly [key: string]: LiteralValue | undefined }

/** Characters of a literal that still stand on one line. */
const WIDTH = 96

/** A value as an ECMAScript literal: on one line where it is short, otherwise a member to a line. */
export function literal(value: LiteralValue): Code {
  return literalOf(value, () => 24).text
}

/** Like `literal`, where code among the values is as wide as it is printed: for files whose values are mostly code. */
export function wideLiteral(value: LiteralValue): Code {
  return literalOf(value, printedWidth).text
}

/** Characters of code on one line; without end where it takes several. */
function printedWidth({ parts, multiline }: Code): number {
  if (multiline) return Number.POSITIVE_INFINITY
  return parts.reduce((sum, part) => {
    if (typeof part === "string") return sum + part.length
    if (part instanceof Code) return sum + printedWidth(part)
    return sum + ("lexeme" in part ? part.text.length + 2 : part.name.length)
  }, 0)
}

interface Sized {
  readonly text: Code
  readonly width: number
}

function literalOf(value: LiteralValue, widthOf: (code: Code) => number): Sized {
  if (value === null) return { text: code`null`, width: 4 }
  if (typeof value === "boolean") return value ? { text: code`true`, width: 4 } : { text: code`false`, width: 5 }
  if (typeof value === "number" || typeof value === "bigint")
    return { text: code`${value}`, width: String(value).length }
  if (typeof value === "string") return { text: string(value), width: value.length + 2 }
  if (value instanceof Code) return { text: value, width: widthOf(value) }
  if (isList(value))
    return wrap(
      "[",
      value.map((item) => literalOf(item, widthOf)),
      "]",
    )
  const members: Sized[] = []
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const inner = literalOf(member, widthOf)
    members.push({ text: code`${key(name)}: ${inner.text}`, width: name.length + 2 + inner.width })
  }
  return wrap("{", members, "}")
}

function wrap(open: "[" | "{", members: readonly Sized[], close: "]" | "}"): Sized {
  const [before, after] = open === "[" ? [code`[`, code`]`] : [code`{`, code`}`]
  if (members.length === 0) return { text: code`${before}${after}`, width: 2 }
  const texts = members.map((member) => member.text)
  const width = members.reduce((sum, member) => sum + member.width + 2, 2)
  if (width <= WIDTH) {
    const inner = join(texts, code`, `)
    return { text: close === "]" ? code`[${inner}]` : code`{ ${inner} }`, width }
  }
  return {
    text: code`
      ${before}
        ${texts.map((text) => code`${text},`)}
      ${after}
    `,
    width: Number.POSITIVE_INFINITY,
  }
}

function isList(value: object): value is readonly LiteralValue[] {
  return Array.isArray(value)
}
