import type { EnumIr } from "@fleetwire/ir"
import { block, type Code, code, indent, string } from "../../core/code.js"
import { kernel } from "./kernel.js"
import type { Unit } from "./unit.js"

/** A function of the file from a value's number to its name; `undefined` where the enum has none. */
export function enumByNumber(unit: Unit, type: EnumIr): Code {
  const cases = type.values.map((value) => [code`case ${value.number}:`, indent(code`return ${string(value.name)}`)])
  return unit.constant(`name of ${JSON.stringify(type.values)} ${type.open}`, () => {
    const rest = type.open ? code`${kernel("isEnumNumber")}(value) ? \`#\${value}\` : undefined` : code`undefined`
    return block(
      code`(value: number): ${unit.typeOf(type)} | undefined =>`,
      block(code`switch (value)`, [...cases, code`default:`, indent(code`return ${rest}`)]),
    )
  })
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
