import { expect, it } from "vitest"
import { ANSWER, Outbox } from "./outbox.js"

function recorder(): { readonly writes: string[]; readonly outbox: Outbox } {
  const writes: string[] = []
  return { writes, outbox: new Outbox({ write: (octets) => writes.push(Buffer.from(octets).toString("hex")) }) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it("writes what one turn has to say at once, in order", async () => {
  const { writes, outbox } = recorder()
  outbox.acknowledge(ANSWER.puback, 1)
  outbox.acknowledge(ANSWER.pubrec, 0x1234)
  outbox.write(Uint8Array.of(0xaa, 0xbb))
  outbox.acknowledge(ANSWER.pubcomp, 3)
  outbox.write(Uint8Array.of(0xcc))
  expect(writes).toEqual([])
  await turn()
  expect(writes).toEqual(["40020001" + "50021234" + "aabb" + "70020003" + "cc"])
})

it("does not copy large packets", async () => {
  const sizes: number[] = []
  const seen: Uint8Array[] = []
  const outbox = new Outbox({
    write: (octets) => {
      sizes.push(octets.length)
      seen.push(octets)
    },
  })
  const large = new Uint8Array(20_000)
  outbox.write(new Uint8Array(10))
  outbox.write(large)
  outbox.write(new Uint8Array(5))
  outbox.write(new Uint8Array(6))
  await turn()
  expect(sizes).toEqual([10, 20_000, 11])
  expect(seen[1]).toBe(large)
})

it("does not wait for the end of the turn with more than 64 KiB", () => {
  const { writes, outbox } = recorder()
  for (let i = 0; i < 70; i += 1) outbox.write(new Uint8Array(1000))
  expect(writes.length).toBeGreaterThan(0)
  expect(outbox.octets).toBeLessThan(64 * 1024)
})

it("writes nothing after it was closed", async () => {
  const { writes, outbox } = recorder()
  outbox.write(Uint8Array.of(1))
  outbox.acknowledge(ANSWER.puback, 1)
  outbox.close()
  outbox.write(Uint8Array.of(2))
  outbox.flush()
  await turn()
  expect(writes).toEqual([])
})
