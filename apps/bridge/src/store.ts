/** One message as the bridge keeps it. */
export interface StoredMessage {
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
  /** Absent for what belongs to no device, such as the fleet's config. */
  readonly device?: string
  readonly channel: string
  /** `channel.leg`, such as `drive.request`. */
  readonly leg: string
  readonly topic: string
  readonly qos: 0 | 1 | 2
  /** It came as the retained state of its topic. */
  readonly retained: boolean
  /** JSON text of the decoded value; 64-bit integers beyond 2^53 as strings, bytes as base64. */
  readonly payload: string
  /** Id that the contract gives the message; see `message-identity.ts`. */
  readonly messageId?: string
  /** Digest of topic and payload. */
  readonly digest: string
}

/** The last message that came under a packet identifier: by it a redelivery is recognised. */
export interface Receipt {
  readonly leg: string
  /** Packet identifier, or a negative place in a ring where the transport knows none. */
  readonly slot: number
  readonly digest: string
}

/** What is known of a device's presence. */
export interface PresenceRow {
  readonly device: string
  readonly state: "online" | "offline"
  /** Milliseconds since the Unix epoch: when this was received. */
  readonly since: number
}

/** What one transaction writes: all of it or nothing. */
export interface Batch {
  readonly messages: readonly StoredMessage[]
  readonly receipts: readonly Receipt[]
  readonly presence: readonly PresenceRow[]
  /** A session began at the broker: receipts of the one before are forgotten first. */
  readonly sessionBegan?: boolean
}

export interface CommitResult {
  /** Messages that were there already, under the same contract id with the same content. */
  readonly repeated: number
}

export interface DeviceRow {
  readonly device: string
  readonly lastSeen: number
  readonly presence: "online" | "offline" | "unknown"
}

export interface LatestRow {
  readonly channel: string
  readonly leg: string
  readonly topic: string
  readonly receivedAt: number
  readonly payload: string
}

export interface HistoryRow extends LatestRow {
  /** Rises with each stored message; a page ends with the `after` of the next. */
  readonly seq: number
  readonly device: string | null
  readonly qos: number
  readonly retained: boolean
}

export interface HistoryQuery {
  readonly device?: string
  /** Channel or leg. */
  readonly channel?: string
  /** Milliseconds since the Unix epoch, inclusive. */
  readonly from?: number
  /** Exclusive. */
  readonly to?: number
  /** Only rows whose `seq` is greater. */
  readonly after?: number
  readonly limit: number
}

/**
 * Where the bridge keeps what it received. An implementation commits whole batches, in the order in which it was given
 * them; once `commit` has resolved the batch survives kill -9 of the process.
 */
export interface Store {
  /** Every receipt of the session that is open at the broker. */
  receipts(): Promise<readonly Receipt[]>
  /** Rejects when nothing of the batch was kept; the caller gives it again. */
  commit(batch: Batch): Promise<CommitResult>
  devices(): Promise<readonly DeviceRow[]>
  /** Latest message of each leg of a device; empty for an unknown device. */
  latest(device: string): Promise<readonly LatestRow[]>
  /** Oldest first. */
  history(query: HistoryQuery): Promise<readonly HistoryRow[]>
  presence(): Promise<readonly PresenceRow[]>
  /** Number of messages kept. */
  count(): Promise<number>
  close(): Promise<void>
}
