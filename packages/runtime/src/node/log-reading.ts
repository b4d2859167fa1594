import { claimedEnd, formatRecord, type LogRecord, parseRecord } from "./log-record.js"

/** Octets that are no whole record although something whole was written around or behind them. */
export interface DamagedPlace {
  readonly at: number
  readonly octets: number
}

/** What a log holds, damaged or not. */
export interface LogReading {
  readonly records: readonly LogRecord[]
  /** Where the last whole record ends, or the damage behind it. */
  readonly end: number
  /** Octets from there: a write that was cut off. */
  readonly torn: number
  readonly damaged: readonly DamagedPlace[]
  /** It begins with the mark of a store, undamaged. */
  readonly marked: boolean
}

/**
 * The first record of a log: it deletes what never was. By it a store is known again when all other records are damaged;
 * to a reader that does not know it, it is a record like any other.
 */
export const LOG_MARK = formatRecord({ kind: "delete", key: "fleetwire store" })

/**
 * Reads a log as far as it can be read: behind damage it goes on with the next whole record. Undefined where the octets
 * are no log at all, so that nobody writes over a file that is not his.
 */
export function readLog(bytes: Uint8Array): LogReading | undefined {
  const records: LogRecord[] = []
  const damaged: DamagedPlace[] = []
  let at = 0
  let whole = 0
  while (at < bytes.length) {
    const found = parseRecord(bytes, at)
    if (found !== undefined) {
      records.push(found.record)
      whole += found.next - at
      at = found.next
      continue
    }
    const next = nextWhole(bytes, at)
    if (next === undefined) break
    damaged.push({ at, octets: next - at })
    at = next
  }
  const rest = bytes.length - at
  const torn = rest > 0 && isTorn(bytes, at)
  if (rest > 0 && !torn) damaged.push({ at, octets: rest })
  if (!isLog(bytes, whole)) return undefined
  return {
    records,
    end: torn ? at : bytes.length,
    torn: torn ? rest : 0,
    damaged,
    marked: agreement(bytes) === LOG_MARK.length,
  }
}

/** The next whole record: where the damaged one says that it ends, otherwise wherever there is one. */
function nextWhole(bytes: Uint8Array, from: number): number | undefined {
  // Asked first, so that nothing within a value is taken for a record where only the value is damaged.
  const claimed = claimedEnd(bytes, from)
  if (claimed !== undefined && parseRecord(bytes, claimed) !== undefined) return claimed
  for (let at = from + 1; at < bytes.length; at++) if (parseRecord(bytes, at) !== undefined) return at
  return undefined
}

/** A write that was cut off: too short for what it says, or room that the system had made and not filled yet. */
function isTorn(bytes: Uint8Array, at: number): boolean {
  if (isBlank(bytes, at)) return true
  const mark = LOG_MARK.subarray(0, bytes.length - at)
  if (at === 0 && mark.length < LOG_MARK.length && agreement(bytes) === mark.length) return true
  const claimed = claimedEnd(bytes, at)
  return claimed === undefined ? bytes.length - at < 9 : claimed > bytes.length
}

/** Known by its mark, of which some octets may be damaged; what older versions wrote has none and is known by its records. */
function isLog(bytes: Uint8Array, whole: number): boolean {
  if (bytes.length === 0 || isBlank(bytes, 0) || parseRecord(bytes, 0) !== undefined) return true
  const compared = Math.min(bytes.length, LOG_MARK.length)
  if (agreement(bytes) * 4 >= compared * 3) return true
  return whole * 2 > bytes.length || isSingleRecord(bytes)
}

/** One record that is damaged or cut off, as far as that can be told: a head that spans the file, and a readable key. */
function isSingleRecord(bytes: Uint8Array): boolean {
  const claimed = claimedEnd(bytes, 0)
  if (claimed === undefined || claimed < bytes.length) return false
  const length = (bytes[9] ?? 1) + 256 * (bytes[10] ?? 0)
  const key = bytes.subarray(11, 11 + length)
  return length > 0 && 11 + length <= claimed && key.every((octet) => octet >= 0x20 && octet !== 0x7f)
}

function agreement(bytes: Uint8Array): number {
  return LOG_MARK.reduce((count, octet, at) => (bytes[at] === octet ? count + 1 : count), 0)
}

function isBlank(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}
