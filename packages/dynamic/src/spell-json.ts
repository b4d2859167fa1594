import type { NextRandom } from "./random-value.js"

/**
 * Another spelling of a JSON text with the same meaning to every reader of the contract: members in another order, white
 * space, escapes, whole numbers with fraction or exponent, and, where `strangers` says so, members that nobody declared
 * (twice, too), which would be entries of a map.
 */
export function spellJson(text: string, next: NextRandom, strangers = true): string {
  const tokens = text.match(TOKEN) ?? []
  let at = 0
  const space = (): string => (next() < 0.15 ? [" ", "\n", "\t", "\r\n  "][Math.floor(next() * 4)]! : "")

  const value = (): string => {
    const token = tokens[at++]!
    if (token === "{") return space() + object() + space()
    if (token === "[") return space() + list() + space()
    return space() + (token.startsWith('"') ? spellText(token, next) : spellNumber(token, next)) + space()
  }
  const object = (): string => {
    const members: string[] = []
    while (tokens[at] !== "}") {
      if (tokens[at] === ",") at++
      const key = spellText(tokens[at++]!, next)
      at++ // the colon
      members.push(`${space()}${key}${space()}:${value()}`)
    }
    at++
    if (strangers && next() < 0.2) members.push(`"\\u0000unknown":${STRANGERS[Math.floor(next() * STRANGERS.length)]}`)
    if (strangers && next() < 0.1) members.push('"\\u0000unknown":1,"\\u0000unknown":{"a":[]}')
    if (next() < 0.5) members.sort(() => next() - 0.5)
    return `{${members.join(",")}${members.length === 0 ? space() : ""}}`
  }
  const list = (): string => {
    const items: string[] = []
    while (tokens[at] !== "]") {
      if (tokens[at] === ",") at++
      items.push(value())
    }
    at++
    return `[${items.join(",")}${items.length === 0 ? space() : ""}]`
  }
  return value()
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[{}[\],:]|true|false|null/g

/** What an undeclared member may hold. */
const STRANGERS = ["null", "1e999", '"\\ud83d\\ude00"', '{"a":{"a":[1,{"b":null}]},"a":2}', "[[],[[]]]", "-0.0e-0"]

function spellText(token: string, next: NextRandom): string {
  if (next() < 0.7) return token
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
  const all = next() < 0.3
  const units = (JSON.parse(token) as string).split("")
  // A pair stays together: half of it escaped would be a lone surrogate to a reader of UTF-8.
  const body = units.map((unit, index) => {
    const surrogate = unit >= "\ud800" && unit <= "\udfff"
    if (all || (!surrogate && next() < 0.3)) return escaped(unit)
    const plain = JSON.stringify(surrogate ? "" : unit).slice(1, -1)
    return surrogate ? units[index]! : plain === "/" ? "\\/" : plain
  })
  return `"${body.join("")}"`
}

function spellNumber(token: string, next: NextRandom): string {
  if (!/^-?[0-9]{1,15}$/.test(token) || next() < 0.6) return token
  const negative = token.startsWith("-") ? "-" : ""
  const digits = token.slice(negative.length)
  const roll = next()
  if (roll < 0.3) return `${token}.0`
  if (roll < 0.6) return `${token}e0`
  if (roll < 0.8 && digits.length > 1) return `${negative}${digits[0]}.${digits.slice(1)}E+${digits.length - 1}`
  return digits === "0" ? `${token}E-7` : `${token}0e-1`
}
