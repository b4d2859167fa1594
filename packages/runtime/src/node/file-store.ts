/// <reference types="node" />
import { type FileHandle, mkdir, open, rename, truncate } from "node:fs/promises"
import { dirname } from "node:path"
import type { DeviceStore } from "../surface.js"
import { formatRecord, type LogRecord, parseRecord } from "./log-record.js"

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

/** A store in one file. */
export interface FileStore extends DeviceStore {
  /** Octets at the end of the log that were no whole record when it was opened: a write that was cut off. */
  readonly discarded: number
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
 * Opens a store whose log is append-only and checksummed: a record that was cut off by a crash is found out and
 * discarded, everything before it is kept. Rejects with the system's error where the file cannot be opened.
 */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  await mkdir(dirname(options.path), { recursive: true })
  const values = new Map<string, Uint8Array>()
  const handle = await open(options.path, "a+")
  const bytes = new Uint8Array(await handle.readFile())
  let at = 0
  for (let found = parseRecord(bytes, at); found !== undefined; found = parseRecord(bytes, at)) {
    apply(values, found.record)
    at = found.next
  }
  if (at < bytes.length) await truncate(options.path, at)
  return new LogStore(options, handle, values, at, bytes.length - at)
}

class LogStore implements FileStore {
  readonly discarded: number
  readonly #options: FileStoreOptions
  readonly #values: Map<string, Uint8Array>
  #handle: FileHandle
  #size: number
  #live: number
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #closed = false

  constructor(
    options: FileStoreOptions,
    handle: FileHandle,
    values: Map<string, Uint8Array>,
    size: number,
    discarded: number,
  ) {
    this.#options = options
    this.#handle = handle
    this.#values = values
    this.#size = size
    this.discarded = discarded
    this.#live = 0
    for (const [key, value] of values) this.#live += recordSize(key, value)
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
      const bytes = join(batch.map((one) => one.bytes))
      try {
        await this.#handle.appendFile(bytes)
        if (this.#options.fsync === true) await this.#handle.datasync()
        this.#size += bytes.length
        await this.#compactWhereDue()
        for (const one of batch) one.resolve()
      } catch (error) {
        // What was half written must not stand between whole records.
        await truncate(this.#options.path, this.#size).catch(() => {})
        for (const one of batch) one.reject(error)
      }
    }
    this.#writing = undefined
  }

  async #compactWhereDue(): Promise<void> {
    const dead = this.#size - this.#live
    if (dead < (this.#options.compactAt ?? DEFAULT_COMPACT_AT) || dead < this.#live) return
    const { path } = this.#options
    const bytes = join([...this.#values].map(([key, value]) => formatRecord({ kind: "set", key, value })))
    const fresh = await open(`${path}.new`, "w")
    try {
      await fresh.writeFile(bytes)
      // The rename may reach the disk before the octets do, so they go first, fsync or not.
      await fresh.datasync()
    } finally {
      await fresh.close()
    }
    await rename(`${path}.new`, path)
    if (this.#options.fsync === true) await syncDirectory(dirname(path))
    await this.#handle.close()
    this.#handle = await open(path, "a+")
    this.#size = bytes.length
    this.#live = bytes.length
    // What was set while this was written is in it already, and written once more behind it: the last one counts.
  }
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
