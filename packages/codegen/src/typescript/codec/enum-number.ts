import type { EnumIr } from "@fleetwire/ir"
import { block, type Code, code, indent, join, string } from "../../core/code.js"
import { kernel } from "./kernel.js"
import type { Unit } from "./unit.js"

/** Values of one octet, of which so few that they are tried in turn. */
const FEW = 16

/** What gives a value's name by its number: a table where the numbers are small, otherwise a function. */
export function enumNames(unit: Unit, type: EnumIr): Code {
  return unit.constant(`name of ${JSON.stringify(type.values)} ${type.open}`, () => {
    if (isTable(type)) {
      const names = Array.from({ length: 1 + Math.max(...type.values.map(({ number }) => number)) }, (_, number) => {
        const value = type.values.find((one) => one.number === number)
        return value === undefined ? code`undefined` : string(value.name)
      })
      return code`[${join(names, code`, `)}] as readonly (${unit.typeOf(type)} | undefined)[]`
    }
    const cases = type.values.map((value) => [code`case ${value.number}:`, indent(code`return ${string(value.name)}`)])
    const rest = type.open ? code`${kernel("isEnumNumber")}(value) ? \`#\${value}\` : undefined` : code`undefined`
    return block(
      code`(value: number): ${unit.typeOf(type)} | undefined =>`,
      block(code`switch (value)`, [...cases, code`default:`, indent(code`return ${rest}`)]),
    )
  })
}

function isTable(type: EnumIr): boolean {
  return !type.open && type.values.length > 0 && type.values.every(({ number }) => number >= 0 && number < 64)
}

/** The name of a value's number; `undefined` where the enum has none. */
export function enumByNumber(unit: Unit, type: EnumIr, number: Code): Code {
  return isTable(type) ? code`${enumNames(unit, type)}[${number}]` : code`${enumNames(unit, type)}(${number})`
}

/** The enum has few values, whose numbers fit one octet. */
export function isSmallEnum(type: EnumIr): boolean {
  return !type.open && type.values.length <= FEW && type.values.every(({ number }) => number < 128)
}

/** The number of a value's name, where the enum has few and they fit one octet; negative for what is none of them. */
export function smallEnumNumber(type: EnumIr, name: Code): Code | undefined {
  if (!isSmallEnum(type)) return undefined
  return code`${type.values.map((value) => code`${name} === ${string(value.name)} ? ${value.number} : `).reduceRight((rest, own) => code`${own}${rest}`, code`-1`)}`
}

/** A function of the file from a value's name to its number; -1 where the enum has none. */
export function enumToNumber(unit: Unit, type: EnumIr): Code {
  const cases = type.values.map((value) => [code`case ${string(value.name)}:`, indent(code`return ${value.number}`)])
  return unit.constant(`number of ${JSON.stringify(type.values)} ${type.open}`, () => {
    const rest = type.open ? code`${kernel("enumNumber")}(value)` : code`-1`
    return block(
      code`(value: string): number =>`,
      block(code`switch (value)`, [...cases, code`default:`, indent(code`return ${rest}`)]),
    )
  })
}
