import type { ChannelIr, ChannelKind, LegName, Party } from "@fleetwire/ir"
import type { Template } from "@fleetwire/topic"
import type { Channel, LegOptions } from "./channel.js"
import type { Acceptance, Place } from "./diagnostic.js"
import type { LegDraft } from "./lower-leg.js"
import type { Messages } from "./lower-messages.js"

/** How long a request is worth something, unless its author says otherwise. */
export const REQUEST_EXPIRY_MS = 30_000

/** What lowering a channel needs from the contract around it. */
export interface ChannelScope {
  readonly messages: Messages
  readonly channels: Readonly<Record<string, Channel>>
  /** Names of the roles. */
  readonly roles: readonly string[]
  /** The template of a topic; a bad one is reported once and gives none. */
  template(topic: string, place: Place): Template | undefined
}

/** A channel before its payloads are measured. */
export interface ChannelDraft {
  readonly name: string
  readonly kind: ChannelKind
  readonly from: Party
  /** The one role that may write, where the author named one. */
  readonly fromRole?: string
  readonly legs: readonly LegDraft[]
  readonly place: Place
  readonly accept: Acceptance
  /** Everything of the intermediate form but the legs. */
  readonly rest: ChannelRest
}

type WithoutLegs<C> = C extends unknown ? Omit<C, "legs"> : never

/** Everything of a channel in the intermediate form but its legs. */
export type ChannelRest = WithoutLegs<ChannelIr>

/** Makes one leg of the channel that is read. */
export type MakeLeg = (name: LegName, topic: string, message: string, from: Party, options: LegOptions) => LegDraft
