import { type ContractIr, topicParams } from "@fleetwire/ir"
import { formatTopic, parseTemplate } from "@fleetwire/topic"
import { Misuse } from "./exit-code.js"

/** Refuses params that are missing, unknown, or no values of theirs, before anything connects. */
export function checkParams(ir: ContractIr, topic: string, params: Readonly<Record<string, string>>): void {
  const template = parseTemplate(topic)
  if (!template.ok) return
  const specs = topicParams(ir, topic).map(({ name, maxLength, reserved, pattern }) => {
    if (pattern === undefined) return { name, maxLength, reserved }
    const whole = new RegExp(`^(?:${pattern})$`, "u")
    return { name, maxLength, reserved, pattern, test: (value: string) => whole.test(value) }
  })
  const unknown = Object.keys(params).find((given) => !ir.params.some(({ name }) => name === given))
  if (unknown !== undefined)
    throw new Misuse(`the contract has no param ${unknown}: known are ${ir.params.map(({ name }) => name).join(", ")}`)
  const own = Object.fromEntries(Object.entries(params).filter(([name]) => template.value.params.includes(name)))
  const formatted = formatTopic(template.value, own, { specs })
  if (formatted.ok) return
  throw new Misuse(`${topic}: ${formatted.issues.map(({ message }) => message).join("; ")}`)
}
