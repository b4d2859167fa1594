import type { ChannelIr, JsonValue } from "@fleetwire/ir"
import { parse } from "yaml"

/** What the kit must know of a contract beyond its text: which requests are quick and which run for a while. */
export interface Profile {
  /** Identities to play and to test, instead of samples of the pattern. */
  readonly devices?: readonly string[]
  /** Channel → name of a sample → message. `quick` and `slow` are the names that scenarios use. */
  readonly samples?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>
  /** Channel → milliseconds that its `slow` sample runs. */
  readonly slowMs?: Readonly<Record<string, number>>
}

/** Reads `conformance.yaml` of a contract. */
export function parseProfile(text: string): Profile {
  return (parse(text) ?? {}) as Profile
}

/** A sample of the profile. */
export function profileSample(profile: Profile, channel: ChannelIr, name: string): JsonValue | undefined {
  const named = profile.samples?.[channel.name]?.[name]
  if (named !== undefined) return named
  // A broadcast that is served as a command takes the command's samples.
  return channel.kind === "broadcast" && channel.as !== undefined ? profile.samples?.[channel.as]?.[name] : undefined
}
