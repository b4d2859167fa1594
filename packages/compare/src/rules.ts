import { channelRules } from "./rules/channel-rules.js"
import { fieldRules } from "./rules/field-rules.js"
import { legRules } from "./rules/leg-rules.js"
import type { Rule } from "./rules/rule.js"
import { typeRules } from "./rules/type-rules.js"

/** Every rule of the comparison by its code. */
export const rules = { ...fieldRules, ...typeRules, ...legRules, ...channelRules } as const

export type RuleCode = keyof typeof rules

/** The rule with this code. */
export function ruleOf(code: RuleCode): Rule {
  return rules[code]
}
