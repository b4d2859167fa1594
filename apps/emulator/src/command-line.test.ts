import { describe, expect, it } from "vitest"
import { CAR_USAGE, parseCarArguments } from "./command-line.js"

describe("parseCarArguments", () => {
  it("fills in what is left out", () => {
    expect(parseCarArguments(["--url", "mqtt://127.0.0.1:1883"])).toEqual({
      kind: "run",
      options: {
        url: "mqtt://127.0.0.1:1883",
        cars: ["car-001"],
        seed: 1,
        protocol: "5",
        keepAliveSeconds: 30,
        withParent: false,
      },
    })
  })

  it("reads everything", () => {
    const given =
      "--url=wss://h --car=car-001,car-002 --seed=7 --protocol=3.1.1 --keep-alive=2 --spread=3 --topic-prefix=a/b --with-parent"
    expect(parseCarArguments(given.split(" "))).toEqual({
      kind: "run",
      options: {
        url: "wss://h",
        cars: ["car-001", "car-002"],
        seed: 7,
        protocol: "3.1.1",
        keepAliveSeconds: 2,
        reconnect: { spreadMs: 3_000 },
        topicPrefix: "a/b",
        withParent: true,
      },
    })
  })

  it("shows its usage", () => {
    expect(parseCarArguments(["--help"])).toEqual({ kind: "help", text: CAR_USAGE })
  })

  const refused = [
    { given: [], want: "--url" },
    { given: ["--url", "http://x"], want: "--url" },
    { given: ["--url", "mqtt://x", "--seed", "-1"], want: "--seed" },
    { given: ["--url", "mqtt://x", "--seed", "4294967296"], want: "--seed" },
    { given: ["--url", "mqtt://x", "--protocol", "4"], want: "--protocol" },
    { given: ["--url", "mqtt://x", "--car", "car-001,"], want: "--car" },
    { given: ["--url", "mqtt://x", "--car", "car-001,car-001"], want: "--car" },
    { given: ["--url", "mqtt://x", "--keep-alive", "0"], want: "--keep-alive" },
    { given: ["--url", "mqtt://x", "--spread", "soon"], want: "--spread" },
    { given: ["--url", "mqtt://x", "--colour", "red"], want: "--colour" },
    { given: ["--url", "mqtt://x", "car-001"], want: "car-001" },
  ]
  for (const { given, want } of refused) {
    it(`refuses "${given.join(" ")}" and names ${want}`, () => {
      const parsed = parseCarArguments(given)
      expect(parsed.kind).toBe("misuse")
      expect(parsed.kind === "misuse" && parsed.text.split("\n")[0]).toContain(want)
    })
  }
})
