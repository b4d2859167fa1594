import { describe, expect, it } from "vitest"
import { EMULATOR_USAGE, parseEmulatorArguments } from "./command-line.js"
import { type Emulation, emulations } from "./emulations.js"

const emulationOf = (name: string): Emulation => emulations.find(({ contract }) => contract === name)!

describe("parseEmulatorArguments", () => {
  it("fills in what is left out", () => {
    expect(parseEmulatorArguments(["--url", "mqtt://127.0.0.1:1883"])).toEqual({
      kind: "run",
      options: {
        url: "mqtt://127.0.0.1:1883",
        emulation: emulationOf("iot-car"),
        devices: ["car-001"],
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
    expect(parseEmulatorArguments(given.split(" "))).toEqual({
      kind: "run",
      options: {
        url: "wss://h",
        emulation: emulationOf("iot-car"),
        devices: ["car-001", "car-002"],
        seed: 7,
        protocol: "3.1.1",
        keepAliveSeconds: 2,
        reconnect: { spreadMs: 3_000 },
        topicPrefix: "a/b",
        withParent: true,
      },
    })
  })

  it("knows the devices of every contract, and one of each by name", () => {
    for (const { contract, example } of emulations) {
      const parsed = parseEmulatorArguments(["--url", "mqtt://x", "--contract", contract])
      expect(parsed).toMatchObject({ kind: "run", options: { emulation: emulationOf(contract), devices: [example] } })
    }
    const two = parseEmulatorArguments(["--url", "mqtt://x", "--contract", "gpio", "--device", "17,18"])
    expect(two).toMatchObject({ kind: "run", options: { devices: ["17", "18"] } })
  })

  it("shows its usage", () => {
    expect(parseEmulatorArguments(["--help"])).toEqual({ kind: "help", text: EMULATOR_USAGE })
  })

  const refused = [
    { given: [], want: "--url" },
    { given: ["--url", "http://x"], want: "--url" },
    { given: ["--url", "mqtt://x", "--seed", "-1"], want: "--seed" },
    { given: ["--url", "mqtt://x", "--seed", "4294967296"], want: "--seed" },
    { given: ["--url", "mqtt://x", "--protocol", "4"], want: "--protocol" },
    { given: ["--url", "mqtt://x", "--car", "car-001,"], want: "--car" },
    { given: ["--url", "mqtt://x", "--car", "car-001,car-001"], want: "--car" },
    { given: ["--url", "mqtt://x", "--device", "a,a"], want: "--device" },
    { given: ["--url", "mqtt://x", "--contract", "teapot"], want: "--contract" },
    { given: ["--url", "mqtt://x", "--keep-alive", "0"], want: "--keep-alive" },
    { given: ["--url", "mqtt://x", "--spread", "soon"], want: "--spread" },
    { given: ["--url", "mqtt://x", "--colour", "red"], want: "--colour" },
    { given: ["--url", "mqtt://x", "car-001"], want: "car-001" },
  ]
  for (const { given, want } of refused) {
    it(`refuses "${given.join(" ")}" and names ${want}`, () => {
      const parsed = parseEmulatorArguments(given)
      expect(parsed.kind).toBe("misuse")
      expect(parsed.kind === "misuse" && parsed.text.split("\n")[0]).toContain(want)
    })
  }
})
