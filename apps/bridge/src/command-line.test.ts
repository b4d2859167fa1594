import { describe, expect, it } from "vitest"
import { BRIDGE_USAGE, parseBridgeArguments } from "./command-line.js"

describe("parseBridgeArguments", () => {
  it("fills in what is left out", () => {
    expect(parseBridgeArguments(["--url", "mqtt://127.0.0.1:1883", "--db", "fleet.db"])).toEqual({
      kind: "run",
      options: {
        url: "mqtt://127.0.0.1:1883",
        file: "fleet.db",
        httpPort: 0,
        protocol: "5",
        instance: "bridge",
        fsync: false,
        firstGeneration: false,
        withParent: false,
      },
    })
  })

  it("shows its usage", () => {
    expect(parseBridgeArguments(["-h"])).toEqual({ kind: "help", text: BRIDGE_USAGE })
  })

  const base = ["--url", "mqtt://x", "--db", "a.db"]
  const refused = [
    { given: ["--db", "a.db"], want: "--url" },
    { given: ["--url", "mqtt://x"], want: "--db" },
    { given: [...base, "--http-port", "65536"], want: "--http-port" },
    { given: [...base, "--instance", "a/b"], want: "--instance" },
    { given: [...base, "--protocol", "3"], want: "--protocol" },
    { given: [...base, "--keep-alive", "0"], want: "--keep-alive" },
    { given: [...base, "--table", "x"], want: "--table" },
  ]
  for (const { given, want } of refused) {
    it(`refuses "${given.join(" ")}" and names ${want}`, () => {
      const parsed = parseBridgeArguments(given)
      expect(parsed.kind).toBe("misuse")
      expect(parsed.kind === "misuse" && parsed.text.split("\n")[0]).toContain(want)
    })
  }
})
