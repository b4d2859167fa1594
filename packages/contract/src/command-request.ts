import type { ObjectIr } from "@fleetwire/ir"
import type { Template } from "@fleetwire/topic"
import type { Acceptance, Place, Report } from "./diagnostic.js"
import type { Messages } from "./lower-messages.js"

/** A command, or a broadcast, whose options are read. */
export interface CommandRequest {
  readonly request: string
  /** Absent where nobody answers. */
  readonly response?: string
  readonly replyTemplate?: Template
  readonly expiryMs: number
  readonly options: object
  readonly place: Place
  readonly accept: Acceptance
  readonly report: Report
}

/** The fields of a message that is an object; undefined for any other, and for none. */
export function objectOf(name: string | undefined, messages: Messages): ObjectIr | undefined {
  const type = name === undefined ? undefined : messages.find(name)?.type
  return type?.kind === "object" ? type : undefined
}
