import { SdkError } from "@fleetwire/runtime"
import { utf8Length } from "./octets.js"

const LONGEST = 65_535

/** Throws `invalid_argument` for what is no topic name: empty, too long, with a wildcard or NUL. */
export function checkTopicName(topic: string, octets: number): void {
  if (octets === 0 || octets > LONGEST) throw refusal("topic", "is empty or longer than 65 535 octets")
  for (let i = 0; i < topic.length; i += 1) {
    const unit = topic.charCodeAt(i)
    if (unit === 0x2b || unit === 0x23) throw refusal("topic", "contains a wildcard")
    if (unit === 0) throw refusal("topic", "contains NUL")
  }
}

/** Throws `invalid_argument` for what is no topic filter: empty, too long, with NUL or a misplaced wildcard. */
export function checkTopicFilter(filter: string): void {
  const octets = utf8Length(filter)
  if (octets === 0 || octets > LONGEST) throw refusal("filter", "is empty or longer than 65 535 octets")
  if (filter.includes("\0")) throw refusal("filter", "contains NUL")
  const levels = filter.split("/")
  levels.forEach((level, index) => {
    const wild = level.includes("+") || level.includes("#")
    const alone = level === "+" || (level === "#" && index === levels.length - 1)
    if (wild && !alone) throw refusal("filter", "has a wildcard that is not a level of its own, or a # before the end")
  })
}

function refusal(what: string, why: string): SdkError {
  return new SdkError("invalid_argument", `the ${what} ${why}`)
}
