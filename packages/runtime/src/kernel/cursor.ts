/** A Uint8Array, or Node's Buffer with its native slices. */
export interface Octets extends Uint8Array<ArrayBuffer> {
  latin1Slice?(start: number, end: number): string
  ucs2Slice?(start: number, end: number): string
  write?(text: string, offset: number): number
}

/** The part of Node's Buffer class that the kernel uses where it is there. */
export interface BufferClass {
  allocUnsafe(size: number): Octets
  allocUnsafeSlow(size: number): Octets
}

const found: unknown = (globalThis as { Buffer?: unknown }).Buffer

/** Node's Buffer; absent in browsers. */
export const NodeBuffer: BufferClass | undefined =
  typeof found === "function" && "allocUnsafeSlow" in found && "latin1Slice" in found.prototype
    ? (found as unknown as BufferClass)
    : undefined

/** Memory that is nobody else's. */
export function allocate(size: number): Octets {
  return NodeBuffer === undefined ? new Uint8Array(size) : NodeBuffer.allocUnsafeSlow(size)
}

/** Another view of the same memory. */
export function viewOf(b: Octets): DataView {
  return new DataView(b.buffer, b.byteOffset, b.length)
}

/**
 * Where reading stands. `b` holds the payload, copied, with zeros behind it: a zero ends every scan, so that straight
 * code needs no bounds checks. `p` position, `n` length, `s` 1 directly behind the opening brace of an object,
 * `depth` how many objects and lists are open.
 */
export const r: {
  b: Octets
  d: DataView
  p: number
  n: number
  s: number
  depth: number
} = {
  b: /* @__PURE__ */ new Uint8Array(0) as Octets,
  d: /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(0)),
  p: 0,
  n: 0,
  s: 0,
  depth: 0,
}

/** Thrown where the full path meets what the contract does not allow; never leaves the kernel. */
export const FAIL: unique symbol = /* @__PURE__ */ Symbol("invalid")

/** Ends the full path. */
export function fail(): never {
  throw FAIL
}

/**
 * Makes room for this many octets. What is there is not kept. The last 16 are zeros, and stay so: where straight code
 * finds anything but zero, eight more octets can be read.
 */
export function enlarge(size: number): void {
  r.b = allocate(Math.max(65_536, 2 ** Math.ceil(Math.log2(size))))
  r.b.subarray(-16).fill(0)
  r.d = viewOf(r.b)
}

/** Takes a payload in and gives its length. The caller may change its bytes afterwards. */
export function open(bytes: Uint8Array): number {
  const n = bytes.length
  if (n + 24 > r.b.length) enlarge(n + 24)
  r.b.set(bytes)
  r.d.setFloat64(n, 0)
  r.n = n
  r.p = 0
  return n
}

/** The object without members that are `undefined`. */
export function sparse(object: object): object {
  let made: { [key: string]: unknown } = {}
  for (const [name, value] of Object.entries(object))
    if (value !== undefined) {
      // Assigned, this name would be the prototype.
      if (name === "__proto__") made = { ...made, [name]: value }
      else made[name] = value
    }
  return made
}

/** A map without prototype. */
export function mapOf<T>(entries: readonly (readonly [string, T])[]): { [key: string]: T } {
  const map: { [key: string]: T } = Object.create(null)
  for (const [key, value] of entries) map[key] = value
  return map
}
