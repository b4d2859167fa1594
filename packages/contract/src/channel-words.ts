import type { ChannelKind } from "@fleetwire/ir"

/** A kind with its article. */
export function article(kind: ChannelKind): string {
  if (kind === "telemetry" || kind === "presence") return kind
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`
}
