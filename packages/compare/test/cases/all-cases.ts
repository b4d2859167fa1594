import { behaviourCases } from "./behaviour-cases.js"
import type { Case } from "./case.js"
import { fieldCases } from "./field-cases.js"
import { legCases } from "./leg-cases.js"
import { scalarCases } from "./scalar-cases.js"
import { shapeCases } from "./shape-cases.js"

/** Every case of the comparison, with the verdict that was asked for before there was a rule. */
export const allCases: readonly Case[] = [...fieldCases, ...scalarCases, ...shapeCases, ...legCases, ...behaviourCases]
