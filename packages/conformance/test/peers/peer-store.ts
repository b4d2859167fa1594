/** What outlives a peer: by the name of its store, in this process's memory; without a name, gone with the peer. */
export interface PeerStore {
  readonly journal: Map<
    string,
    { readonly hash: string; readonly correlation: Buffer | undefined; reply: Buffer | undefined; said: boolean }
  >
  /** Applied configuration: payload by side, and their versions. */
  readonly config: Map<
    "own" | "fleet",
    { readonly version: number; readonly value: Record<string, unknown>; readonly rebooting: boolean }
  >
  /** Durable outbox. */
  readonly outbox: {
    readonly topic: string
    readonly payload: Buffer
    readonly qos: 0 | 1 | 2
    readonly retain: boolean
  }[]
}

const stores = new Map<string, PeerStore>()

export function peerStore(name: string | undefined): PeerStore {
  const fresh: PeerStore = { journal: new Map(), config: new Map(), outbox: [] }
  if (name === undefined) return fresh
  const found = stores.get(name) ?? fresh
  stores.set(name, found)
  return found
}
