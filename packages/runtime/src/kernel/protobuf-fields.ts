import { enlarge, mapOf, type Octets, r } from "./cursor.js"
import {
  fault,
  flag,
  high,
  low32,
  octetsAt,
  type ReadMessage,
  s32,
  s64,
  sized,
  skipField,
  stop,
  textAt,
  u32,
  u64,
  varint,
} from "./protobuf-read.js"

/*
 * The full path: reads protobuf in any order, whatever its values, as far as the wire allows. What the contract says of
 * values is checked afterwards, once the last of several has won.
 */

/** How the value of a field is read from the wire. */
export interface Kind {
  readonly wire: number
  /** Reads a value at `p`, its length included where it has one. Sets `r.p`. */
  readonly read: ReadMessage<unknown>
  /** Reads a message without its length: its occurrences are put together first. */
  readonly body?: ReadMessage<unknown>
  /** The most items of a list, or entries of a map; one more is kept, so that there are too many. */
  readonly max?: number
  /** What a list or a map is where nothing is on the wire: empty, or absent. */
  readonly need?: boolean
  readonly map?: boolean
}

/** Number and kind; the number 0 is for a value that the contract fixes, which stands in the kind's place. */
export type Field = readonly [number: number, kind: Kind | string | number | boolean]

function varied(get: (b: Octets, p: number) => unknown): Kind {
  return { wire: 0, read: (b, _, p) => get(b, p) }
}

function fixed(wire: number, get: (d: DataView, p: number) => unknown): Kind {
  return {
    wire,
    read(_, d, p) {
      r.p = p + (wire === 1 ? 8 : 4)
      return get(d, p)
    },
  }
}

export const U32: Kind = /* @__PURE__ */ varied(u32)
export const S32: Kind = /* @__PURE__ */ varied(s32)
export const U64: Kind = /* @__PURE__ */ varied(u64)
export const S64: Kind = /* @__PURE__ */ varied(s64)
export const FLAG: Kind = /* @__PURE__ */ varied(flag)
export const F64: Kind = /* @__PURE__ */ fixed(1, (d, p) => d.getFloat64(p, true))
export const F32: Kind = /* @__PURE__ */ fixed(5, (d, p) => d.getFloat32(p, true))
export const FIXED64: Kind = /* @__PURE__ */ fixed(1, (d, p) => d.getBigUint64(p, true))
export const SFIXED64: Kind = /* @__PURE__ */ fixed(1, (d, p) => d.getBigInt64(p, true))
export const FIXED32: Kind = /* @__PURE__ */ fixed(5, (d, p) => d.getUint32(p, true))
export const SFIXED32: Kind = /* @__PURE__ */ fixed(5, (d, p) => d.getInt32(p, true))
export const OCTETS: Kind = { wire: 2, read: (b, _, p, end) => octetsAt(b, p, end, 0, end) }
export const TEXT: Kind = { wire: 2, read: (b, _, p, end) => textAt(b, p, end, end) ?? stop("encoding") }

/** Gives the name of an enum's number, or has it. */
type Names = readonly (string | undefined)[] | ((value: number) => string | undefined)

/** An enum. A number without a name is read as what no enum of the kind has. */
export function named(names: Names, open = false): Kind {
  return varied((b, p) => {
    const value = low32(b, p)
    return (typeof names === "function" ? names(value) : names[value]) ?? (open ? value : "#")
  })
}

/** A list, packed or not. */
export function items({ wire, read }: Kind, max: number, need: boolean): Kind {
  return { wire, read, max, need }
}

/** A map from strings; absent parts of an entry are their zeros. */
export function entries(value: Kind, max: number, need: boolean): Kind {
  const entry = fieldsOf((...pair: unknown[]) => [pair], [1, TEXT], [2, value])
  return {
    wire: 2,
    max,
    need,
    map: true,
    read(b, d, p, end) {
      const [pair] = (entry.read(b, d, p, end) ?? [[""]]) as [unknown[]]
      if (fault.code !== undefined) return pair
      const after = r.p
      // Behind the payload stand zeros.
      pair[0] ??= ""
      pair[1] ??= value.read(r.b, r.d, r.n, r.n + 8)
      r.p = after
      return pair
    },
  }
}

/** A message, made from the values of its fields in the order given; `undefined` stands for an absent one. */
export function fieldsOf(make: (...values: never[]) => unknown, ...fields: readonly Field[]): Kind {
  return message((b, d, p, end) => {
    const values = readFields(b, d, p, end, fields)
    if (values !== undefined) return make(...(values as never[]))
    // The name of the field that could not be read is where the message has what stands for it.
    const sample = make(...(fields.map((_, i) => i) as never[]))
    const name = Object.entries(sample as object).find(([, value]) => value === broken)?.[0]
    if (name !== undefined) fault.path.unshift(name)
    return undefined
  })
}

/** A union, whose branches are messages; the last on the wire is the value. */
export function branchesOf(...branches: readonly Field[]): Kind {
  // Without a branch there is no value; something must stand for it while the rest is looked at.
  return message((b, d, p, end) => {
    const values = readFields(b, d, p, end, branches, true)
    return values && (values.find((value) => value !== undefined) ?? {})
  })
}

function message(body: ReadMessage<unknown>): Kind {
  return {
    wire: 2,
    body,
    read(b, d, p, end) {
      const to = sized(b, p, end)
      const value = to < 0 ? undefined : body(b, d, r.p, to)
      r.p = to
      return value
    },
  }
}

/** The position of the field that could not be read, in the message that was left last; -1 where it is none of its fields. */
let broken = -1

/** The values of fields; undefined where the wire is broken. `one`: each takes the place of the one before. */
function readFields(
  b: Octets,
  d: DataView,
  p: number,
  end: number,
  fields: readonly Field[],
  one = false,
): unknown[] | undefined {
  const values: unknown[] = fields.map(([number, kind]) => (number > 0 ? undefined : kind))
  const places: (number[] | undefined)[] = []
  const kindOf = (at: number): Kind => fields[at]![1] as Kind
  let i = -1
  for (let before = -1; p < end && fault.code === undefined; p = r.p) {
    const tag = varint(b, p)
    const wire = tag & 7
    i = fields.findIndex(([number]) => number === tag >>> 3)
    if (high !== 0 || !(tag > 7)) stop("syntax")
    else if (i < 0) skipField(b, r.p, end, wire)
    else {
      const kind = kindOf(i)
      if (one && before >= 0 && before !== i) {
        // What is superseded must have been protobuf nevertheless.
        const from = r.p
        joined(kindOf(before), places[before]!, b, d)
        places[before] = undefined
        r.p = from
      }
      before = i
      if (kind.max !== undefined) values[i] = collect(b, d, end, wire, kind, values[i] as Held | undefined)
      else if (wire !== kind.wire) stop("wire_type")
      else if (kind.body === undefined) values[i] = kind.read(b, d, r.p, end)
      else {
        const to = sized(b, r.p, end)
        places[i] ??= []
        places[i]!.push(r.p, to)
        r.p = to
      }
    }
  }
  if (fault.code === undefined && p !== end) {
    i = -1
    stop("truncated")
  }
  for (let at = 0; at < fields.length && fault.code === undefined; at++) {
    const { max, need } = kindOf(at)
    const held = values[at]
    if (places[at] !== undefined) {
      i = at
      values[at] = joined(kindOf(at), places[at]!, b, d)
    } else if (max !== undefined) values[at] = held instanceof Map ? mapOf([...held]) : held
    if (need && values[at] === undefined) values[at] = kindOf(at).map ? mapOf([]) : []
  }
  if (fault.code === undefined) return values
  broken = i
  return undefined
}

type Held = Map<unknown, unknown> | unknown[]

/** Adds what stands at `r.p` to a list or a map: an item, or all of a packed list. Without any it stays absent. */
function collect(
  b: Octets,
  d: DataView,
  end: number,
  wire: number,
  { wire: want, read, max, map }: Kind,
  held: Held | undefined,
): Held | undefined {
  const add = (): void => {
    const value = read(b, d, r.p, end)
    held ??= map ? new Map() : []
    if (held instanceof Map) {
      const [key, item] = value as [unknown, unknown]
      if (held.size <= max! || held.has(key)) held.set(key, item)
    } else if (held.length <= max!) held.push(value)
  }
  if (wire === want) add()
  else if (wire === 2) {
    const to = sized(b, r.p, end)
    while (r.p < to && fault.code === undefined) add()
    if (r.p !== to) stop("truncated")
  } else stop("wire_type")
  return held
}

/** Where the next message that is put together may stand: behind the payload, and zeros. */
let tail = 0

/** Reads the payload that is open as far as its wire allows; undefined where that is broken, which `fault` says. */
export function readAll({ body }: Kind): unknown {
  fault.code = undefined
  fault.path = []
  tail = r.n + 8
  return body!(r.b, r.d, 0, r.n)
}

/** Reads a message that stands at these places, as if they were one. */
function joined({ body }: Kind, places: readonly number[], b: Octets, d: DataView): unknown {
  if (places.length === 2) return body!(b, d, places[0]!, places[1]!)
  let size = 0
  for (let i = 0; i < places.length; i += 2) {
    size += places[i + 1]! - places[i]!
    // A field begun in one occurrence must not end in the next.
    if (readFields(b, d, places[i]!, places[i + 1]!, []) === undefined) return undefined
  }
  const from = tail
  if (from + size + 24 > r.b.length) {
    enlarge(from + size + 24)
    r.b.set(b.subarray(0, from))
  }
  for (let i = 0; i < places.length; i += 2) {
    r.b.set(b.subarray(places[i]!, places[i + 1]!), tail)
    tail += places[i + 1]! - places[i]!
  }
  r.d.setFloat64(tail, 0)
  tail += 8
  return body!(r.b, r.d, from, tail - 8)
}
