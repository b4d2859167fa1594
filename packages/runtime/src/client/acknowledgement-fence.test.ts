import { expect, it } from "vitest"
import type { InboundMessage } from "../transport.js"
import { AcknowledgementFence } from "./acknowledgement-fence.js"

const message = (): InboundMessage => ({
  topic: "t",
  payload: new Uint8Array(0),
  qos: 1,
  retain: false,
  dup: false,
  acknowledge() {},
})

it("an answer proves the acknowledgements that left before its packet", () => {
  const fence = new AcknowledgementFence()
  fence.connected()
  const first = fence.follow(message())
  const mark = fence.mark
  const early = fence.begin()
  first.acknowledge()
  fence.end(early)
  expect(fence.proves(mark)).toBe(false)
  fence.end(fence.begin())
  expect(fence.proves(mark)).toBe(true)
})

it("an acknowledgement that waits for an earlier one is not proven", () => {
  const fence = new AcknowledgementFence()
  fence.connected()
  const held = fence.follow(message())
  fence.follow(message()).acknowledge()
  const mark = fence.mark
  fence.end(fence.begin())
  expect(fence.proves(mark)).toBe(false)
  held.acknowledge()
  fence.end(fence.begin())
  expect(fence.proves(mark)).toBe(true)
})

it("an answer on another connection proves nothing of the packet before", () => {
  const fence = new AcknowledgementFence()
  fence.connected()
  fence.follow(message()).acknowledge()
  const token = fence.begin()
  fence.connected()
  fence.end(token)
  expect(fence.proves(1)).toBe(false)
  // What the broker still held came again before it answered anything on this connection.
  fence.end(fence.begin())
  expect(fence.proves(1)).toBe(true)
})

it("a late acknowledgement of a connection that is gone does not count for the next", () => {
  const fence = new AcknowledgementFence()
  fence.connected()
  const old = fence.follow(message())
  fence.connected()
  const redelivered = fence.follow(message())
  const mark = fence.mark
  old.acknowledge()
  fence.end(fence.begin())
  expect(fence.proves(mark)).toBe(false)
  redelivered.acknowledge()
  fence.end(fence.begin())
  expect(fence.proves(mark)).toBe(true)
})
