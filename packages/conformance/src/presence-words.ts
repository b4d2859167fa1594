/** The constant part of a presence message: what says `online`, the default, or `offline`. Nothing for other kinds. */
export function presenceWords(channel: { readonly kind: string }, sample = "online"): Record<string, unknown> {
  if (channel.kind !== "presence") return {}
  const { online, offline } = channel as unknown as { online: unknown; offline: unknown }
  const words = sample === "offline" ? offline : sample === "online" ? online : undefined
  return typeof words === "object" && words !== null ? (words as Record<string, unknown>) : {}
}
