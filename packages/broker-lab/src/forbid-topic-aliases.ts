/** Octets of the values of a fixed length that CONNECT and CONNACK of MQTT 5 may carry, by property. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x13, 2],
  [0x17, 1],
  [0x19, 1],
  [0x21, 2],
  [0x24, 1],
  [0x25, 1],
  [0x27, 4],
  [0x28, 1],
  [0x29, 1],
  [0x2a, 1],
])
/** Text and data, with two octets of length before. */
const PREFIXED: ReadonlySet<number> = new Set([0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f])
const TOPIC_ALIAS_MAXIMUM = 0x22
const USER_PROPERTY = 0x26

/**
 * A CONNECT or CONNACK of MQTT 5 that announces a Topic Alias Maximum of 0 instead of its own, which says the same as
 * none. Every other packet, and a malformed one, is returned as it is.
 */
export function forbidTopicAliases(octets: Buffer): Buffer {
  const type = octets[0]! >> 4
  if (type !== 1 && type !== 2) return octets
  let at = 1
  while (octets[at]! >= 0x80) at += 1
  at += type === 1 ? 11 : 3
  let length = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const octet = octets[at] ?? 0
    at += 1
    length |= (octet & 0x7f) << shift
    if (octet < 0x80) break
  }
  const end = at + length
  if (end > octets.length) return octets
  while (at < end) {
    const id = octets[at]!
    at += 1
    if (id === TOPIC_ALIAS_MAXIMUM && at + 2 <= end) {
      const changed = Buffer.from(octets)
      changed.writeUInt16BE(0, at)
      return changed
    }
    const texts = id === USER_PROPERTY ? 2 : PREFIXED.has(id) ? 1 : 0
    const fixed = FIXED.get(id)
    if (texts === 0 && fixed === undefined) return octets
    at += fixed ?? 0
    for (let i = 0; i < texts && at + 2 <= end; i += 1) at += 2 + octets.readUInt16BE(at)
  }
  return octets
}
