import { parseArgs } from "node:util"

/** What `main` is to run. */
export interface BridgeArguments {
  readonly url: string
  readonly file: string
  readonly httpPort: number
  readonly protocol: "3.1.1" | "5"
  /** Names the broker's session: the same after a restart, another for each bridge. */
  readonly instance: string
  readonly fsync: boolean
  /** Cars of the first generation are in the fleet, too. */
  readonly firstGeneration: boolean
  readonly keepAliveSeconds?: number
  readonly topicPrefix?: string
  readonly withParent: boolean
}

/** What the command line asks for, or the words to print. */
export type ParsedArguments =
  | { readonly kind: "run"; readonly options: BridgeArguments }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "misuse"; readonly text: string }

/** Words of `--help`. */
export const BRIDGE_USAGE = `usage: fleetwire-bridge --url mqtt://host:port --db FILE [options]

  --url URL           mqtt, mqtts, ws or wss
  --db FILE           database file; made if it is not there
  --http-port N       on 127.0.0.1; default 0, a free one
  --instance NAME     names the session at the broker; default bridge
  --protocol V        3.1.1 or 5; default 5
  --keep-alive S      seconds
  --topic-prefix P    in front of every topic
  --first-generation  store what cars of the first generation say, too
  --fsync             survive power loss too
  --with-parent       stop when standard input ends
`

/** Reads the command line of the bridge. */
export function parseBridgeArguments(args: readonly string[]): ParsedArguments {
  let values: ReturnType<typeof read>
  try {
    values = read(args)
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error))
  }
  if (values.help === true) return { kind: "help", text: BRIDGE_USAGE }
  if (values.url === undefined || !/^(mqtts?|wss?):\/\/./.test(values.url))
    return misuse("--url: an mqtt or ws URL is needed")
  if (values.db === undefined || values.db === "") return misuse("--db: a file is needed")
  const protocol = values.protocol
  if (protocol !== "3.1.1" && protocol !== "5") return misuse("--protocol: 3.1.1 or 5")
  const httpPort = parseWhole(values["http-port"])
  if (httpPort === undefined) return misuse("--http-port: a whole number from 0 to 65535")
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(values.instance))
    return misuse("--instance: 1 to 64 letters, digits, dashes or underscores")
  const keepAlive = values["keep-alive"] === undefined ? undefined : parseWhole(values["keep-alive"])
  if (values["keep-alive"] !== undefined && !keepAlive) return misuse("--keep-alive: whole seconds from 1 to 65535")
  return {
    kind: "run",
    options: {
      url: values.url,
      file: values.db,
      httpPort,
      protocol,
      instance: values.instance,
      fsync: values.fsync === true,
      firstGeneration: values["first-generation"] === true,
      withParent: values["with-parent"] === true,
      ...(keepAlive === undefined ? {} : { keepAliveSeconds: keepAlive }),
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
      db: { type: "string" },
      "http-port": { type: "string", default: "0" },
      instance: { type: "string", default: "bridge" },
      protocol: { type: "string", default: "5" },
      "keep-alive": { type: "string" },
      "topic-prefix": { type: "string" },
      fsync: { type: "boolean" },
      "first-generation": { type: "boolean" },
      "with-parent": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values
}

function parseWhole(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
}

function misuse(problem: string): { readonly kind: "misuse"; readonly text: string } {
  return { kind: "misuse", text: `${problem}\n\n${BRIDGE_USAGE}` }
}
