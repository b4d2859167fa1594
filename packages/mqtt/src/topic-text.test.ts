import { expect, it } from "vitest"
import { TopicText } from "./topic-text.js"

it.each([
  { given: "a" },
  { given: "devices/car-001/telemetry" },
  { given: "é/ü/漢/😀" },
  { given: "x".repeat(257) },
  { given: "x".repeat(65_535) },
])("reads a topic as it was written", ({ given }) => {
  const texts = new TopicText()
  const octets = Buffer.from(`__${given}__`)
  for (let i = 0; i < 2; i += 1) expect(texts.read(octets, 2, octets.length - 2)).toBe(given)
})

it("never confuses topics, however many there are", () => {
  const texts = new TopicText()
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < 20_000; i += 1) {
      const topic = `devices/car-${i}/${i % 7}`
      const octets = Buffer.from(topic)
      expect(texts.read(octets, 0, octets.length) === topic).toBe(true)
    }
  }
})

it("replaces octets that are no UTF-8", () => {
  const octets = Buffer.from([0x61, 0xff, 0x62])
  expect(new TopicText().read(octets, 0, 3)).toBe("a\ufffdb")
})
