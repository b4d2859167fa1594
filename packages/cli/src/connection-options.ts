import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { Format } from "@fleetwire/ir"
import type { ControllerOptions } from "@fleetwire/runtime"
import { Misuse } from "./exit-code.js"

/** Options of every sub-command that speaks to a broker. */
export const CONNECTION_OPTIONS = {
  contract: { type: "string" },
  url: { type: "string" },
  role: { type: "string" },
  param: { type: "string", short: "p", multiple: true },
  format: { type: "string" },
  timeout: { type: "string" },
  protocol: { type: "string" },
  username: { type: "string" },
  password: { type: "string" },
  prefix: { type: "string" },
  ca: { type: "string" },
  cert: { type: "string" },
  key: { type: "string" },
} as const

/** A person waits for the shell: a broker that is not there is said sooner than a service would. */
const CONNECT_TIMEOUT_MS = 5_000

type Written = { readonly [K in keyof typeof CONNECTION_OPTIONS]?: string | readonly string[] }

/** How to reach the broker, from options and from the environment: `FLEETWIRE_URL`, `FLEETWIRE_PASSWORD`. */
export function connectionFrom(written: Written, cwd: string, env: NodeJS.ProcessEnv): ControllerOptions {
  const url = text(written.url) ?? env.FLEETWIRE_URL ?? "mqtt://localhost:1883"
  if (!/^(?:mqtts?|wss?):\/\/[^/]/.test(url)) throw new Misuse(`--url is mqtt, mqtts, ws or wss://host, not ${url}`)
  const protocol = text(written.protocol)
  if (protocol !== undefined && protocol !== "5" && protocol !== "3.1.1") throw new Misuse("--protocol is 5 or 3.1.1")
  const username = text(written.username)
  // A password on the command line is seen by every process of the machine.
  const password = text(written.password) ?? env.FLEETWIRE_PASSWORD
  const topicPrefix = text(written.prefix)
  const file = (path: string | readonly string[] | undefined) =>
    path === undefined ? undefined : readFile(resolve(cwd, text(path)!))
  const [ca, cert, key] = [file(written.ca), file(written.cert), file(written.key)]
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
  return {
    url,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    ...(protocol !== undefined && { protocol }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(topicPrefix !== undefined && { topicPrefix }),
    ...(Object.keys(tls).length > 0 && { tls }),
  }
}

/** `--format` as one that the leg accepts. */
export function formatFrom(written: string | undefined, name: string, accepts: readonly Format[]): Format | undefined {
  if (written === undefined) return undefined
  const format = accepts.find((accepted) => accepted === written)
  if (format === undefined) throw new Misuse(`${name} does not speak ${written}: it accepts ${accepts.join(", ")}`)
  return format
}

/** `--param carId=car-001` as a record. */
export function paramsFrom(written: readonly string[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (written ?? []).map((one) => {
      const at = one.indexOf("=")
      if (at < 1) throw new Misuse(`--param needs name=value, not ${one}`)
      return [one.slice(0, at), one.slice(at + 1)]
    }),
  )
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Misuse(`cannot read ${path}: ${(error as Error).message}`)
  }
}
