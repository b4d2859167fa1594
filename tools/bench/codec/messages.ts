import { readFileSync } from "node:fs"
import type { ContractIr, FieldIr, MessageIr, TypeIr } from "@fleetwire/ir"

const lock = JSON.parse(
  readFileSync(new URL("../../../schemas/iot-car/contract.lock.json", import.meta.url), "utf8"),
) as { readonly ir: ContractIr }

const FIVE = ["Telemetry", "Status", "Command", "Response", "Config"]

function fields(types: { readonly [name: string]: TypeIr }): FieldIr[] {
  return Object.entries(types).map(([name, type], index) => ({ name, number: index + 1, required: true, type }))
}

const uint = (bits: 8 | 16 | 32, max: number): TypeIr => ({ kind: "int", bits, signed: false, min: 0, max })

/** A hundred readings with everything in them, about 64 KB of JSON. */
const batch: MessageIr = {
  name: "Batch",
  type: {
    kind: "object",
    name: "Batch",
    fields: fields({
      device_id: { kind: "string", maxLength: 16 },
      readings: {
        kind: "list",
        maxItems: 100,
        item: {
          kind: "object",
          name: "Reading",
          fields: fields({
            sequence: uint(32, 4294967295),
            timestamp: uint(32, 4294967295),
            sensor: { kind: "string", maxLength: 40 },
            note: { kind: "string", maxLength: 400 },
            temperature: { kind: "float", bits: 64 },
            humidity: { kind: "float", bits: 64, min: 0, max: 100 },
            samples: { kind: "list", maxItems: 40, item: uint(16, 65535) },
            valid: { kind: "bool" },
            state: {
              kind: "enum",
              name: "State",
              open: false,
              values: ["ok", "warning", "failed"].map((name, number) => ({ name, number })),
            },
          }),
        },
      },
    }),
  },
}

/** Text with escapes and non-ASCII, about 1 KB. */
const note: MessageIr = {
  name: "Note",
  type: {
    kind: "object",
    name: "Note",
    fields: fields({
      author: { kind: "string", maxLength: 64 },
      title: { kind: "string", maxLength: 200 },
      body: { kind: "string", maxLength: 2000 },
      tags: { kind: "list", maxItems: 16, item: { kind: "string", maxLength: 32 } },
    }),
  },
}

/** What hostile payloads are sent to. */
const items: MessageIr = {
  name: "Items",
  type: {
    kind: "object",
    name: "Items",
    fields: fields({ items: { kind: "list", item: { kind: "string", maxLength: 64 } } }),
  },
}

/** The messages that are measured, and those whose bundle is. */
export const contract: ContractIr = {
  ...lock.ir,
  channels: [],
  roles: [],
  messages: [...lock.ir.messages.filter(({ name }) => FIVE.includes(name)), batch, note, items],
}

/** Messages of the bundle that is measured. */
export const BUNDLED: readonly string[] = FIVE

let state = 20_261_121
function random(): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return state / 0x7fffffff
}
const below = (n: number): number => Math.floor(random() * n)
const decimals = (range: number, places: number): number => Math.round(random() * range * 10 ** places) / 10 ** places

const WORDS = [
  "front axle",
  'says "slow"',
  "Ölstand",
  "温度",
  "path\\to\\log",
  "line\nbreak",
  "🚗",
  "Straße",
  "tab\there",
  "plain words of a log",
]
const words = (count: number): string => Array.from({ length: count }, () => WORDS[below(WORDS.length)]!).join(" ")

/** Sixty-four values of each message, all different: a parser that remembers strings gains nothing. */
export const values: { readonly [message: string]: readonly unknown[] } = {
  Telemetry: Array.from({ length: 64 }, (_, i) => ({
    device_id: `car-${String(i).padStart(3, "0")}`,
    timestamp: 1_706_169_600 + i * 61,
    battery: below(101),
    sensors: {
      distance_front: below(400),
      distance_rear: below(400),
      temperature: decimals(40, 1),
      gps: { latitude: decimals(90, 4), longitude: -decimals(180, 4), altitude: decimals(900, 1) },
    },
    status: { motors: random() < 0.5 ? "idle" : "running", wifi_rssi: -below(90), uptime: below(1_000_000) },
  })),
  Command: Array.from({ length: 64 }, (_, i) => ({
    id: `cmd-${1_706_169_600 + i}-${below(1e6).toString(36)}`,
    timestamp: 1_706_169_600 + i,
    action: ["forward", "backward", "left", "right", "stop"][below(5)],
    parameters: { duration: below(60_000), speed: below(101) },
    priority: random() < 0.5 ? "normal" : "high",
  })),
  Batch: Array.from({ length: 8 }, (_, i) => ({
    device_id: `station-${i}`,
    readings: Array.from({ length: 100 }, (_, j) => ({
      sequence: j,
      timestamp: 1_706_169_600 + j,
      sensor: `roof/north/${j}`,
      note: "measured by the second probe, which was calibrated in spring; ".repeat(4 + below(3)),
      temperature: decimals(60, 2),
      humidity: decimals(100, 1),
      samples: Array.from({ length: 30 }, () => below(65_536)),
      valid: random() < 0.9,
      state: ["ok", "warning", "failed"][below(3)],
    })),
  })),
  Note: Array.from({ length: 64 }, () => ({
    author: words(2).slice(0, 60),
    title: words(5).slice(0, 150),
    body: words(60).slice(0, 900),
    tags: Array.from({ length: 6 }, () => words(1)),
  })),
}

/** The same value with its keys in another order. */
export function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => ({ key, member, rank: random() }))
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ key, member }) => [key, shuffled(member)]))
}
