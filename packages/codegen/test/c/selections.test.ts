import { readdirSync, readFileSync } from "node:fs"
import type { ContractIr, Format } from "@fleetwire/ir"
import { afterAll, expect, it } from "vitest"
import { provideBigEndian } from "../../../../tools/firmware/src/provide-compiler.js"
import { provideOrSkip } from "../../../../tools/firmware/src/provide-or-skip.js"
import { checkForC } from "../../src/c/check.js"
import { contractOf, fields } from "../codec/car-contract.js"
import { runCDifferential } from "./differential.js"
import { buildHarness, FORMATS, type Harness, type HarnessOptions, SANITIZED } from "./harness.js"

interface Vectors {
  readonly message: string
  readonly formats: readonly Format[]
  readonly valid: readonly { readonly [F in Format]?: string }[]
  readonly invalid: readonly { readonly format: Format; readonly octets: string }[]
}

const root = new URL("../../../../schemas/", import.meta.url)
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), "utf8")) as T
const locked = (name: string): ContractIr => read<{ ir: ContractIr }>(`${name}/contract.lock.json`).ir
const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))
const vectorsOf = (name: string): Vectors[] =>
  readdirSync(new URL(`vectors/${name}/`, root)).map((file) => read<Vectors>(`vectors/${name}/${file}`))

const without = (...formats: readonly (typeof FORMATS)[number][]): readonly Format[] =>
  FORMATS.filter((format) => !formats.includes(format))

/** Every vector of the formats that are built is read and written as a build of everything for this machine does. */
function holdToVectors(harness: Harness, whole: Harness, name: string, built: readonly Format[]): number {
  let held = 0
  for (const { message, formats, valid, invalid } of vectorsOf(name)) {
    const payloads = [
      ...valid.flatMap((vector) => formats.map((format) => ({ format, octets: octets(vector[format]!) }))),
      ...invalid.map(({ format, octets: hex }) => ({ format, octets: octets(hex) })),
    ]
      .filter(({ format }) => built.includes(format))
      .map((payload) => ({ message, ...payload }))
    const wanted = whole.judge(payloads)
    harness.judge(payloads).forEach((judged, index) => {
      const { status, encoded } = wanted[index]!
      const kept = Object.fromEntries(FORMATS.map((to) => [to, built.includes(to) ? encoded[to] : ""]))
      expect({ name, ...payloads[index]!, judged }).toMatchObject({ judged: { status, encoded: kept } })
      if (status === 0) held++
    })
  }
  return held
}

async function withHarness(ir: ContractIr, options: HarnessOptions, use: (harness: Harness) => void): Promise<void> {
  const harness = await buildHarness(ir, options)
  try {
    use(harness)
  } finally {
    harness.remove()
  }
}

const wholes = new Map<string, Promise<Harness>>()

function wholeOf(contract: string): Promise<Harness> {
  const known = wholes.get(contract) ?? buildHarness(locked(contract))
  wholes.set(contract, known)
  return known
}

afterAll(async () => {
  for (const whole of wholes.values()) (await whole).remove()
})

interface Selection {
  readonly given: string
  readonly contract: string
  /** Formats that are left out. */
  readonly leaves: readonly Format[]
  readonly more: readonly string[]
}

it.each<Selection>([
  { given: "JSON alone", contract: "iot-car", leaves: without("json"), more: [] },
  { given: "compact JSON alone", contract: "iot-car", leaves: without("compact"), more: [] },
  { given: "protobuf alone", contract: "iot-car", leaves: without("protobuf"), more: [] },
  { given: "text with compact JSON", contract: "iot-car", leaves: without("text", "compact"), more: [] },
  { given: "no division in hardware", contract: "iot-car", leaves: [], more: ["-DFW_DIVIDE=0"] },
  { given: "signed characters", contract: "smart-building", leaves: [], more: ["-fsigned-char"] },
  { given: "unsigned characters", contract: "smart-building", leaves: [], more: ["-funsigned-char"] },
])("keeps to the vectors with $given", { timeout: 300_000 }, async ({ contract, leaves, more }) => {
  const flags = [...SANITIZED, ...more]
  const built = FORMATS.filter((format) => !leaves.includes(format))
  const whole = await wholeOf(contract)
  await withHarness(locked(contract), { flags, formats: built }, (harness) => {
    expect(holdToVectors(harness, whole, contract, built)).toBeGreaterThan(built.length * 10)
  })
})

it("keeps to the vectors on a processor with the other order of octets", { timeout: 600_000 }, async (test) => {
  const { compiler, runner, env } = await provideOrSkip(test, provideBigEndian)
  // A sanitizer that traps needs no library of the processor.
  const flags = ["-O1", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]
  for (const contract of ["iot-car", "home"]) {
    const whole = await wholeOf(contract)
    await withHarness(locked(contract), { compiler, runner, env, flags }, (harness) => {
      expect(holdToVectors(harness, whole, contract, FORMATS)).toBeGreaterThan(40)
    })
  }
})

/** Integers that 32 bits do not hold, and a decimal fraction that is one. */
const wide: ContractIr = {
  ...contractOf([
    {
      name: "Wide",
      type: {
        kind: "object",
        name: "Wide",
        fields: fields({
          counted: { kind: "int", bits: 64, signed: false, min: "0", max: "18446744073709551615" },
          signed: { kind: "int", bits: 64, signed: true, min: "-9223372036854775808", max: "9223372036854775807" },
          narrow: { kind: "int", bits: 64, signed: true, min: "-5000000000", max: "7" },
          exact: { kind: "float", bits: 64, decimals: 6, min: -4_000_000, max: 4_000_000 },
        }),
      },
    },
  ]),
  channels: [
    {
      kind: "telemetry",
      name: "wide",
      from: "device",
      legs: [
        {
          name: "message",
          from: "device",
          topic: "wide",
          message: "Wide",
          qos: 0,
          retain: false,
          accepts: ["compact", "json", "protobuf"],
          sends: "json",
          maxBytes: 256,
          acknowledge: "on-receipt",
          queue: { bound: 10, drop: "oldest" },
          outbox: { bound: 10, drop: "oldest", durable: false },
        },
      ],
    },
  ],
}

it.each([
  { given: "64-bit integers", flags: [] },
  { given: "64-bit integers without division in hardware", flags: ["-DFW_DIVIDE=0"] },
])("agrees with TypeScript on $given", { timeout: 300_000 }, async ({ flags }) => {
  const found = await runCDifferential(wide, 64, 2000, { flags: [...SANITIZED, ...flags] })
  expect(found.differences).toEqual([])
  expect(found.valid).toBeGreaterThan(500)
})

it("carries every contract that its check lets pass", async () => {
  const all = ["iot-car", "iot-car-v1", "home", "smart-building", "gpio", "sensor-station"]
  const carried = all.filter((name) => !checkForC(locked(name)).some(({ severity }) => severity === "error"))
  expect(carried).toEqual(["iot-car", "iot-car-v1", "home", "smart-building", "gpio"])
})

it("knows what is JSON and what is not where nobody asked for the value", { timeout: 300_000 }, async () => {
  interface Syntax {
    readonly name: string
    readonly octets?: string
    readonly repeat?: readonly [string, number]
    readonly verdict: "accept" | "refuse"
  }
  const cases = read<Syntax[]>("vectors/json-syntax.json")
  const bytesOf = ({ octets: hex, repeat }: Syntax): Buffer =>
    hex !== undefined ? Buffer.from(hex, "hex") : Buffer.from(repeat![0].repeat(repeat![1]), "hex")
  const status = '"device_id":"car-001","status":"online","timestamp":1'
  const harness = await wholeOf("iot-car")
  for (const [before, after] of [
    [`{"unknown":`, `,${status}}`],
    [`{${status},"a":[],"unknown" : `, ` }`],
  ] as const) {
    const payloads = cases.map((one) => ({
      message: "Status",
      format: "json" as const,
      octets: Buffer.concat([Buffer.from(before), bytesOf(one), Buffer.from(after)]),
    }))
    harness.judge(payloads).forEach(({ status: said }, index) => {
      const { name, verdict } = cases[index]!
      expect([name, said === 0 ? "accept" : "refuse"]).toEqual([name, verdict])
    })
  }
})
