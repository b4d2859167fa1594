import { expect, it } from "vitest"
import { scripted } from "../test/scripted.js"

/** xorshift: the same octets on each run. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

it.each([1, 2, 3, 4])("survives a server that sends noise, and comes back (seed %i)", async (seed) => {
  const reconnect = { enabled: true, spreadMs: 1, baseMs: 1, capMs: 2, stableMs: 0 }
  const { broker, peer } = await scripted({ reconnect, protocol: seed % 2 === 0 ? "5" : "3.1.1" })
  const next = noise(seed * 7919)
  for (let round = 0; round < 40; round += 1) {
    const client = await broker.nextPeer()
    await client.accept()
    const octets = Buffer.from(Array.from({ length: 1 + (next() % 200) }, () => next() & 0xff))
    // Kinds of packets that a server sends, with whatever inside.
    octets[0] = [0x30, 0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0, 0xe0, 0xf0, 0x20][next() % 13]!
    if (next() % 4 !== 0 && octets.length > 2) octets[1] = Math.min(octets.length - 2, 127)
    client.write(octets)
    await new Promise((resolve) => setTimeout(resolve, 1))
    client.reset()
    await peer.disconnection(round + 1)
    if (peer.disconnected.at(-1)!.final) break
  }
  const last = peer.disconnected.at(-1)!
  // Only a DISCONNECT that says so is final.
  if (last.final) expect([0x8e, 0x86, 0x87, 0x8a, 0x8c]).toContain(last.code)
  else expect(peer.disconnected).toHaveLength(40)
})

it("survives packets cut short at every octet", async () => {
  const reconnect = { enabled: true, spreadMs: 1, baseMs: 1, capMs: 2, stableMs: 0 }
  const { broker, peer } = await scripted({ reconnect })
  const packet = Buffer.from("32190003612f6200070b0105260001610001622600016368656c6c", "hex")
  for (let length = 1; length < packet.length; length += 1) {
    const client = await broker.nextPeer()
    await client.accept()
    client.write(packet.subarray(0, length))
    client.end()
    await peer.disconnection(length)
  }
  expect(peer.messages).toEqual([])
})
