import { parseArgs } from "node:util"
import { type Emulation, emulations } from "./emulations.js"

/** What `main` is to run. */
export interface EmulatorArguments {
  readonly url: string
  readonly emulation: Emulation
  readonly devices: readonly string[]
  readonly seed: number
  readonly protocol: "3.1.1" | "5"
  /** A device that falls silent is offline within 1.5 times that and a second. */
  readonly keepAliveSeconds: number
  /** Milliseconds over which first attempts to come back are spread; absent: the contract's. */
  readonly reconnect?: { readonly spreadMs: number }
  readonly topicPrefix?: string
  /** Ends with standard input: for a child that must not outlive its parent. */
  readonly withParent: boolean
}

/** What the command line asks for, or the words to print. */
export type ParsedArguments<T> =
  | { readonly kind: "run"; readonly options: T }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "misuse"; readonly text: string }

/** Words of `--help`. */
export const EMULATOR_USAGE = `usage: fleetwire-emulator --url mqtt://host:port [options]

  --url URL           mqtt, mqtts, ws or wss
  --contract NAME     whose devices: ${emulations.map(({ contract }) => contract).join(", ")}; default iot-car
  --device ID[,ID…]   default: one device of the contract; --car says the same
  --seed N            equal seeds live equal lives; default 1
  --protocol V        3.1.1 or 5; default 5
  --keep-alive S      a silent device is offline within 1.5 × S + 1 seconds (S ≥ 5); default 30
  --spread S          come back within S seconds after a lost connection; default: the contract's
  --topic-prefix P    in front of every topic
  --with-parent       stop when standard input ends
`

/** Reads the command line of the emulator. */
export function parseEmulatorArguments(args: readonly string[]): ParsedArguments<EmulatorArguments> {
  let values: ReturnType<typeof read>
  try {
    values = read(args)
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error))
  }
  if (values.help === true) return { kind: "help", text: EMULATOR_USAGE }
  if (values.url === undefined || !/^(mqtts?|wss?):\/\/./.test(values.url))
    return misuse("--url: an mqtt or ws URL is needed")
  const protocol = values.protocol
  if (protocol !== "3.1.1" && protocol !== "5") return misuse("--protocol: 3.1.1 or 5")
  const seed = Number(values.seed)
  if (!/^\d{1,10}$/.test(values.seed) || seed > 0xffff_ffff)
    return misuse("--seed: a whole number from 0 to 4294967295")
  const emulation = emulations.find(({ contract }) => contract === values.contract)
  if (emulation === undefined)
    return misuse(`--contract: one of ${emulations.map(({ contract }) => contract).join(", ")}`)
  const option = values.device === undefined ? "--car" : "--device"
  const devices = (values.device ?? values.car ?? emulation.example).split(",")
  if (devices.some((device) => device === "")) return misuse(`${option}: an id is empty`)
  if (new Set(devices).size < devices.length) return misuse(`${option}: an id is given twice`)
  const keepAlive = Number(values["keep-alive"])
  if (!/^\d{1,5}$/.test(values["keep-alive"]) || keepAlive < 1 || keepAlive > 65_535)
    return misuse("--keep-alive: whole seconds from 1 to 65535")
  const spread = values.spread
  if (spread !== undefined && !/^\d{1,4}$/.test(spread)) return misuse("--spread: whole seconds from 0 to 9999")
  return {
    kind: "run",
    options: {
      url: values.url,
      emulation,
      devices,
      seed,
      protocol,
      withParent: values["with-parent"] === true,
      keepAliveSeconds: keepAlive,
      ...(spread === undefined ? {} : { reconnect: { spreadMs: Number(spread) * 1_000 } }),
      ...(values["topic-prefix"] === undefined ? {} : { topicPrefix: values["topic-prefix"] }),
    },
  }
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      url: { type: "string" },
      contract: { type: "string", default: "iot-car" },
      device: { type: "string" },
      car: { type: "string" },
      seed: { type: "string", default: "1" },
      protocol: { type: "string", default: "5" },
      "keep-alive": { type: "string", default: "30" },
      spread: { type: "string" },
      "topic-prefix": { type: "string" },
      "with-parent": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values
}

function misuse(problem: string): { readonly kind: "misuse"; readonly text: string } {
  return { kind: "misuse", text: `${problem}\n\n${EMULATOR_USAGE}` }
}
