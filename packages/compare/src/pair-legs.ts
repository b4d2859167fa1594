import type { ChannelIr, ContractIr, LegIr } from "@fleetwire/ir"

/** A channel in both versions. */
export interface ChannelPair {
  readonly old: ChannelIr
  readonly new: ChannelIr
  /** By name, by topics (the name changed), or by message only (it moved). */
  readonly kinship: "same" | "renamed" | "moved"
}

/** A leg in both versions, with what rights call it. */
export interface LegPair {
  readonly old: { readonly id: string; readonly leg: LegIr; readonly channel: ChannelIr }
  readonly new: { readonly id: string; readonly leg: LegIr; readonly channel: ChannelIr }
}

/** Which channel of one version is which of the other, and which has none there. */
export interface PairedChannels {
  readonly pairs: readonly ChannelPair[]
  readonly added: readonly ChannelIr[]
  readonly removed: readonly ChannelIr[]
}

/** Pairs channels: by name; then those of one kind on the same topics; then those of one kind with the same message. */
export function pairChannels(old: ContractIr, next: ContractIr): PairedChannels {
  const pairs: ChannelPair[] = []
  const gone = new Set(old.channels)
  const come = new Set(next.channels)
  const match = (kinship: ChannelPair["kinship"], alike: (before: ChannelIr, after: ChannelIr) => boolean): void => {
    for (const after of [...come]) {
      const before = [...gone].find((one) => alike(one, after))
      if (before === undefined) continue
      pairs.push({ old: before, new: after, kinship })
      gone.delete(before)
      come.delete(after)
    }
  }
  const topics = (channel: ChannelIr) => channel.legs.map(({ topic }) => topic).join(" ")
  const messages = (channel: ChannelIr) => channel.legs.map(({ message }) => message).join(" ")
  match("same", (before, after) => before.name === after.name)
  match("renamed", (before, after) => before.kind === after.kind && topics(before) === topics(after))
  match("moved", (before, after) => before.kind === after.kind && messages(before) === messages(after))
  return { pairs, added: [...come], removed: [...gone] }
}

/** Pairs the legs of two channels by name. */
export function pairLegs({ old, new: next }: ChannelPair): readonly LegPair[] {
  return next.legs.flatMap((leg) => {
    const before = old.legs.find(({ name }) => name === leg.name)
    if (before === undefined) return []
    return [
      {
        old: { id: `${old.name}.${before.name}`, leg: before, channel: old },
        new: { id: `${next.name}.${leg.name}`, leg, channel: next },
      },
    ]
  })
}
