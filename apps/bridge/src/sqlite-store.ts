import { randomUUID } from "node:crypto"
import { type Client, createClient, type InStatement, type InValue, type Row } from "@libsql/client"
import { SCHEMA } from "./sqlite-schema.js"
import type { Batch, CommitResult, HistoryQuery, PresenceRow, Receipt, Store, StoredMessage } from "./store.js"

export interface SqliteOptions {
  /** Path of the database file; it is made if it is not there. */
  readonly file: string
  /** Commits survive power loss too, not only kill -9. Default false. */
  readonly fsync?: boolean
  /** Octets beyond which commits fail, as on a full disk. Default: the disk decides. */
  readonly maxBytes?: number
}

const PAGE_BYTES = 4_096

/** Opens a store in one database file of this machine, in write-ahead mode. */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const client = createClient({ url: `file:${options.file}` })
  try {
    await client.execute("PRAGMA journal_mode = WAL")
    await client.execute(`PRAGMA synchronous = ${options.fsync === true ? "FULL" : "NORMAL"}`)
    await client.execute("PRAGMA busy_timeout = 5000")
    if (options.maxBytes !== undefined) {
      await client.execute(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / PAGE_BYTES))}`)
    }
    await client.batch([...SCHEMA], "write")
  } catch (error) {
    client.close()
    throw error
  }
  return new SqliteStore(client)
}

class SqliteStore implements Store {
  readonly #client: Client
  /** Names of batches that failed: one may have been kept although we were told that it was not. */
  readonly #doubtful = new WeakMap<Batch, string>()

  constructor(client: Client) {
    this.#client = client
  }

  async receipts(): Promise<readonly Receipt[]> {
    const rows = await this.#rows("SELECT leg, slot, digest FROM receipts")
    return rows.map((row) => ({ leg: String(row.leg), slot: Number(row.slot), digest: String(row.digest) }))
  }

  async commit(batch: Batch): Promise<CommitResult> {
    const statements: InStatement[] = batch.sessionBegan === true ? ["DELETE FROM receipts"] : []
    const inserts: number[] = []
    for (const message of batch.messages) {
      inserts.push(statements.length)
      statements.push(insertMessage(message))
      // A retained message is compared with the latest of its topic, so that one must be up to date.
      if (message.retained) statements.push(upsertLatest(message))
    }
    statements.push(...newest(batch.messages).map(upsertLatest))
    statements.push(...batch.presence.map(upsertPresence))
    statements.push(...batch.receipts.map(upsertReceipt))
    if (statements.length === 0) return { repeated: 0 }
    const earlier = this.#doubtful.get(batch)
    if (earlier !== undefined && (await this.#wasKept(earlier))) return { repeated: 0 }
    const name = earlier ?? randomUUID()
    this.#doubtful.set(batch, name)
    statements.push({ sql: "INSERT OR REPLACE INTO progress (id, batch) VALUES (1, ?)", args: [name] })
    const results = await this.#client.batch(statements, "write")
    const stored = inserts.reduce((sum, index) => sum + (results[index]?.rowsAffected ?? 0), 0)
    return { repeated: inserts.length - stored }
  }

  async devices() {
    const rows = await this.#rows(
      `SELECT d.device AS device, MAX(d.seen) AS seen, p.state AS state FROM (
         SELECT device, MAX(received_at) AS seen FROM latest GROUP BY device
         UNION ALL SELECT device, since AS seen FROM presence
       ) d LEFT JOIN presence p ON p.device = d.device GROUP BY d.device ORDER BY d.device`,
    )
    return rows.map((row) => ({
      device: String(row.device),
      lastSeen: Number(row.seen),
      presence: row.state === null ? ("unknown" as const) : presenceState(row.state),
    }))
  }

  async latest(device: string) {
    const rows = await this.#rows(
      "SELECT channel, leg, topic, received_at, payload FROM latest WHERE device = ? ORDER BY leg, topic",
      [device],
    )
    return rows.map(latestRow)
  }

  async history(query: HistoryQuery) {
    const conditions: string[] = []
    const values: InValue[] = []
    const where = (condition: string, ...value: InValue[]): void => {
      conditions.push(condition)
      values.push(...value)
    }
    if (query.device !== undefined) where("device = ?", query.device)
    if (query.channel !== undefined) where("(channel = ? OR leg = ?)", query.channel, query.channel)
    if (query.from !== undefined) where("received_at >= ?", query.from)
    if (query.to !== undefined) where("received_at < ?", query.to)
    if (query.after !== undefined) where("seq > ?", query.after)
    const filter = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`
    const rows = await this.#rows(`SELECT * FROM messages ${filter} ORDER BY seq LIMIT ?`, [...values, query.limit])
    return rows.map((row) => ({
      ...latestRow(row),
      seq: Number(row.seq),
      device: row.device === null ? null : String(row.device),
      qos: Number(row.qos),
      retained: Number(row.retained) === 1,
    }))
  }

  async presence(): Promise<readonly PresenceRow[]> {
    const rows = await this.#rows("SELECT device, state, since FROM presence ORDER BY device")
    return rows.map((row) => ({
      device: String(row.device),
      state: presenceState(row.state),
      since: Number(row.since),
    }))
  }

  async count(): Promise<number> {
    const [row] = await this.#rows("SELECT COUNT(*) AS n FROM messages")
    return Number(row?.n ?? 0)
  }

  async close(): Promise<void> {
    this.#client.close()
  }

  async #wasKept(name: string): Promise<boolean> {
    const [row] = await this.#rows("SELECT batch FROM progress")
    return row?.batch === name
  }

  async #rows(sql: string, args: InValue[] = []): Promise<readonly Row[]> {
    return (await this.#client.execute({ sql, args })).rows
  }
}

/** Retained state that comes again with a subscription, and that was kept already, is no new message. */
function insertMessage(message: StoredMessage): InStatement {
  const device = message.device ?? ""
  const unlessKnown = message.retained
    ? "WHERE NOT EXISTS (SELECT 1 FROM latest WHERE device = ? AND leg = ? AND topic = ? AND payload = ?)"
    : "WHERE true"
  return {
    sql: `INSERT INTO messages
            (received_at, device, channel, leg, topic, qos, retained, payload, message_id, digest)
          SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? ${unlessKnown} ON CONFLICT DO NOTHING`,
    args: [
      message.receivedAt,
      message.device ?? null,
      message.channel,
      message.leg,
      message.topic,
      message.qos,
      message.retained ? 1 : 0,
      message.payload,
      message.messageId ?? null,
      message.digest,
      ...(message.retained ? [device, message.leg, message.topic, message.payload] : []),
    ],
  }
}

/** The last message of each topic: only it can be the latest after the batch. */
function newest(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  return [...new Map(messages.map((message) => [`${message.leg} ${message.topic}`, message])).values()]
}

function upsertLatest(message: StoredMessage): InStatement {
  return {
    sql: `INSERT INTO latest (device, leg, channel, topic, received_at, payload) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (device, leg, topic) DO UPDATE SET received_at = excluded.received_at, payload = excluded.payload`,
    args: [message.device ?? "", message.leg, message.channel, message.topic, message.receivedAt, message.payload],
  }
}

function upsertPresence(row: PresenceRow): InStatement {
  return {
    sql: `INSERT INTO presence (device, state, since) VALUES (?, ?, ?)
          ON CONFLICT (device) DO UPDATE SET
            since = CASE WHEN presence.state = excluded.state THEN presence.since ELSE excluded.since END,
            state = excluded.state`,
    args: [row.device, row.state, row.since],
  }
}

function upsertReceipt(receipt: Receipt): InStatement {
  return {
    sql: "INSERT OR REPLACE INTO receipts (leg, slot, digest) VALUES (?, ?, ?)",
    args: [receipt.leg, receipt.slot, receipt.digest],
  }
}

function latestRow(row: Row) {
  return {
    channel: String(row.channel),
    leg: String(row.leg),
    topic: String(row.topic),
    receivedAt: Number(row.received_at),
    payload: String(row.payload),
  }
}

function presenceState(value: unknown): "online" | "offline" {
  return value === "online" ? "online" : "offline"
}
