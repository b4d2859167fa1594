const K = /* @__PURE__ */ roundConstants()

/** What Node and its like offer where no module may be imported. */
interface Platform {
  getBuiltinModule?(name: "node:crypto"): {
    createHash(name: "sha256"): { update(octets: Uint8Array): { digest(encoding: "hex"): string } }
  }
}

/**
 * SHA-256 (FIPS 180-4) of octets, as lowercase hex. Synchronous, and needs no platform, so that it runs anywhere; where the
 * platform has one, that one does it: a cold start would interpret ours, for longer than some commands take.
 */
export function sha256Hex(octets: Uint8Array): string {
  const platform = (globalThis as { process?: Platform }).process?.getBuiltinModule?.("node:crypto")
  return platform === undefined ? portableSha256Hex(octets) : platform.createHash("sha256").update(octets).digest("hex")
}

/** The same, made with nothing but the language. */
export function portableSha256Hex(octets: Uint8Array): string {
  const state = new Int32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ])
  const padded = new Uint8Array((((octets.length + 8) >> 6) + 1) << 6)
  padded.set(octets)
  padded[octets.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(octets.length / 0x20000000))
  view.setUint32(padded.length - 4, (octets.length << 3) >>> 0)
  compress(state, padded)
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}

// One loop over all blocks, on plain integers: the engine then compiles it while the first digest is still being made.
function compress(state: Int32Array, padded: Uint8Array): void {
  const words = new Int32Array(64)
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0, at = block; i < 16; i++, at += 4)
      words[i] = (padded[at]! << 24) | (padded[at + 1]! << 16) | (padded[at + 2]! << 8) | padded[at + 3]!
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15]!
      const b = words[i - 2]!
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3)
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10)
      words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0
    }
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    let f = state[5]!
    let g = state[6]!
    let h = state[7]!
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + words[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0] = state[0]! + a
    state[1] = state[1]! + b
    state[2] = state[2]! + c
    state[3] = state[3]! + d
    state[4] = state[4]! + e
    state[5] = state[5]! + f
    state[6] = state[6]! + g
    state[7] = state[7]! + h
  }
}

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(64)
  let found = 0
  for (let n = 2; found < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
    if (prime) constants[found++] = Math.floor((Math.cbrt(n) % 1) * 0x100000000)
  }
  return constants
}
