import { expect, it } from "vitest"
import { FrameSplitter } from "./frame-splitter.js"

/** Packets of many sizes, some with two and three length octets, in one piece. */
function stream(): { readonly all: Buffer; readonly packets: readonly string[] } {
  const sizes = [0, 1, 2, 126, 127, 128, 129, 300, 16_383, 16_384, 5]
  const packets = sizes.map((size, index) => {
    const length: number[] = []
    let left = size
    do {
      length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
      left >>>= 7
    } while (left > 0)
    return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(size, index)])
  })
  return { all: Buffer.concat(packets), packets: packets.map((each) => each.toString("hex")) }
}

function split(chunks: readonly Buffer[]): { readonly packets: string[]; readonly bodies: number[] } {
  const packets: string[] = []
  const bodies: number[] = []
  const splitter = new FrameSplitter((octets, start, body, end) => {
    packets.push(Buffer.from(octets.subarray(start, end)).toString("hex"))
    bodies.push(end - body)
  }, 100_000)
  for (const chunk of chunks) splitter.push(chunk)
  return { packets, bodies }
}

it.each([1, 2, 3, 7, 127, 128, 129, 1000, 16_385, 50_000])("finds the same packets in chunks of %i octets", (size) => {
  const { all, packets } = stream()
  const chunks: Buffer[] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size))
  const found = split(chunks)
  expect(found.packets).toEqual(packets)
  expect(found.bodies).toEqual([0, 1, 2, 126, 127, 128, 129, 300, 16_383, 16_384, 5])
})

it("finds the same packets wherever the stream is cut in two", () => {
  const { all, packets } = stream()
  for (let at = 1; at < all.length; at += all.length > 2000 && at > 1000 && at < all.length - 100 ? 97 : 1) {
    expect(split([all.subarray(0, at), all.subarray(at)]).packets).toEqual(packets)
  }
})

it.each([
  { given: "30ffffffff01", want: 0x81 },
  { given: "30ffffff7f", want: 0x95 },
  { given: "30a18d0600", want: 0x95 },
])("refuses the length of $given", ({ given, want }) => {
  expect(() => split([Buffer.from(given, "hex")])).toThrow(expect.objectContaining({ reasonCode: want }))
})

it("hands nothing over after it was stopped", () => {
  const seen: number[] = []
  const splitter: FrameSplitter = new FrameSplitter((_octets, start) => {
    seen.push(start)
    splitter.stop()
  }, 100)
  splitter.push(Buffer.from("d000d000d000", "hex"))
  splitter.push(Buffer.from("d000", "hex"))
  expect(seen).toEqual([0])
})
