/// <reference types="node" />
import { constants } from "node:fs"
import { copyFile, type FileHandle, link, mkdir, open, rename, rm, stat, truncate } from "node:fs/promises"
import { dirname } from "node:path"
import { SdkError } from "../sdk-error.js"
import type { DeviceStore } from "../surface.js"
import { type DamagedPlace, LOG_MARK, type LogReading, readLog } from "./log-reading.js"
import { formatRecord, type LogRecord } from "./log-record.js"

export interface FileStoreOptions {
  /** The log; its directory is made where it is missing. One process at a time. */
  readonly path: string
  /**
   * What was set survives power loss too, at the price of one `fsync` for each batch of writes (Z-5). Default false: it
   * survives the end of the process, however that comes.
   */
  readonly fsync?: boolean
  /** Octets of outdated records at which the log is written anew, where they are also more than half. Default 65 536. */
  readonly compactAt?: number
}

/** What a log had lost when it was opened: what is whole around it was kept. */
export interface FileDamage {
  /** Where in the file, in octets. Which keys stood there cannot be told; an older value of theirs may be back. */
  readonly places: readonly DamagedPlace[]
  /** The damaged file as it was, beside the store. Undefined where there was no room for one: the store is unchanged then. */
  readonly keptAs: string | undefined
}

/** A store in one file. */
export interface FileStore extends DeviceStore {
  /** Octets at the end of the log that were no whole record when it was opened: a write that was cut off. */
  readonly discarded: number
  /** Undefined where every record was whole. The store works all the same: tell whoever looks after the device. */
  readonly damage: FileDamage | undefined
  keys(): readonly string[]
  /** Waits for what is being written. */
  close(): Promise<void>
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const DEFAULT_COMPACT_AT = 65_536

/**
 * Opens a store whose log is append-only and checksummed. A record that was cut off by a crash is discarded; damage
 * elsewhere is stepped over, said in `damage`, and the file as it was is kept beside. Rejects with `invalid_argument`
 * where the path leads to something that is no store, which is left as it is, and with the system's error where the file
 * cannot be opened.
 */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  const { path } = options
  await mkdir(dirname(path), { recursive: true })
  const there = await stat(path).catch(() => undefined)
  if (there?.isFile() === false) throw notAStore(path, there.isDirectory() ? "a folder" : "no regular file")
  const handle = await open(path, "a+")
  try {
    const bytes = new Uint8Array(await handle.readFile())
    const reading = readLog(bytes)
    if (reading === undefined) throw notAStore(path, `a file of ${bytes.length} octets that no store has written`)
    if (reading.torn > 0) await truncate(path, reading.end)
    const store = new LogStore(options, handle, reading)
    await store.repair()
    return store
  } catch (error) {
    await handle.close()
    throw error
  }
}

function notAStore(path: string, found: string): SdkError {
  return new SdkError(
    "invalid_argument",
    `${path} is ${found}; it is left as it is. Give the store a path of its own, or move what is there away.`,
  )
}

class LogStore implements FileStore {
  readonly discarded: number
  damage: FileDamage | undefined
  readonly #options: FileStoreOptions
  readonly #values = new Map<string, Uint8Array>()
  #handle: FileHandle
  #size: number
  #live = 0
  /** Outdated octets at which it is worth to write the log anew. */
  #compactAt: number
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #closed = false

  constructor(options: FileStoreOptions, handle: FileHandle, reading: LogReading) {
    this.#options = options
    this.#handle = handle
    this.#compactAt = options.compactAt ?? DEFAULT_COMPACT_AT
    for (const record of reading.records) apply(this.#values, record)
    this.#size = reading.end
    this.discarded = reading.torn
    if (reading.damaged.length > 0) this.damage = { places: reading.damaged, keptAs: undefined }
    for (const [key, value] of this.#values) this.#live += recordSize(key, value)
  }

  /** Writes a damaged log anew, with the damaged one kept; where that cannot be done, it is left and read as it is. */
  async repair(): Promise<void> {
    if (this.damage !== undefined) await this.#rewrite().catch(() => {})
  }

  keys(): readonly string[] {
    return [...this.#values.keys()]
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#values.get(key)?.slice()
  }

  set(key: string, value: Uint8Array): Promise<void> {
    return this.#append({ kind: "set", key, value: value.slice() })
  }

  async delete(key: string): Promise<void> {
    if (this.#values.has(key)) await this.#append({ kind: "delete", key })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    while (this.#writing !== undefined) await this.#writing
    await this.#handle.close()
  }

  #append(record: LogRecord): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("the store was closed"))
    const bytes = formatRecord(record)
    const old = this.#values.get(record.key)
    if (old !== undefined) this.#live -= recordSize(record.key, old)
    if (record.kind === "set") this.#live += bytes.length
    apply(this.#values, record)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject })
      this.#writing ??= this.#write()
    })
  }

  /** Everything that came in meanwhile is one write, and one fsync. */
  async #write(): Promise<void> {
    // A turn later, so that what is set in one turn is written in one piece.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      const created = this.#size === 0
      const bytes = join([...(created ? [LOG_MARK] : []), ...batch.map((one) => one.bytes)])
      try {
        await this.#handle.appendFile(bytes)
        if (this.#options.fsync === true) {
          await this.#handle.datasync()
          if (created) await syncDirectory(dirname(this.#options.path))
        }
        this.#size += bytes.length
      } catch (error) {
        // What was half written must not stand between whole records.
        await this.#handle.truncate(this.#size).catch(() => {})
        for (const one of batch) one.reject(error)
        continue
      }
      await this.#compactWhereDue()
      for (const one of batch) one.resolve()
    }
    this.#writing = undefined
  }

  async #compactWhereDue(): Promise<void> {
    const dead = this.#size - this.#live
    if (dead < this.#compactAt || dead < this.#live) return
    const { compactAt = DEFAULT_COMPACT_AT } = this.#options
    try {
      await this.#rewrite()
      this.#compactAt = compactAt
    } catch {
      // What was set is safe in the old log; there may be room for a new one later.
      this.#compactAt = dead + Math.max(compactAt, dead)
    }
  }

  /** Writes the log anew beside the old one, which stays what it is until the new one takes its name. */
  async #rewrite(): Promise<void> {
    const { path } = this.#options
    const fresh = `${path}.new`
    const records = [...this.#values].map(([key, value]) => formatRecord({ kind: "set", key, value }))
    const bytes = join([LOG_MARK, ...records])
    await rm(fresh, { force: true })
    const handle = await open(fresh, "ax+")
    try {
      await handle.appendFile(bytes)
      // The rename may reach the disk before the octets do, so they go first, fsync or not.
      await handle.datasync()
      if (this.damage !== undefined && this.damage.keptAs === undefined) {
        this.damage = { ...this.damage, keptAs: await keepAside(path) }
      }
      await rename(fresh, path)
    } catch (error) {
      await handle.close()
      await rm(fresh, { force: true }).catch(() => {})
      throw error
    }
    const old = this.#handle
    this.#handle = handle
    this.#size = bytes.length
    // What was set while this was written is in it already, and written once more behind it: the last one counts.
    await old.close().catch(() => {})
    if (this.#options.fsync === true) await syncDirectory(dirname(path)).catch(() => {})
  }
}

/** Gives the file a second name, so that it outlives whatever takes its first. Returns that name. */
async function keepAside(path: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = `${path}.damaged-${count}`
    try {
      // Some file systems have no second names.
      await link(path, name).catch((error: unknown) => {
        if (isTaken(error)) throw error
        return copyFile(path, name, constants.COPYFILE_EXCL)
      })
      return name
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EEXIST"
}

function apply(values: Map<string, Uint8Array>, record: LogRecord): void {
  if (record.kind === "set") values.set(record.key, record.value)
  else values.delete(record.key)
}

function recordSize(key: string, value: Uint8Array): number {
  return formatRecord({ kind: "set", key, value }).length
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r")
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
