import type { ContractIr } from "@fleetwire/ir"
import type { ChannelDraft } from "./channel-draft.js"
import type { Place, Report } from "./diagnostic.js"
import type { Templates } from "./templates.js"

/** What every check of a whole contract sees: the intermediate form, and where its parts were written. */
export interface CheckScope {
  readonly ir: ContractIr
  /** In the order of `ir.channels`. */
  readonly drafts: readonly ChannelDraft[]
  readonly templates: Templates
  readonly report: Report
  /** A message contains itself: it has no size, and no end. */
  readonly recursive: boolean
  /** Where the contract itself was declared. */
  readonly place: Place
  paramPlace(name: string): Place
  /** Where a message was declared. */
  messagePlace(name: string): Place
}
