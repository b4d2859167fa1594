import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import { createDevAuthority, type DevAuthority, loadDevAuthority } from "@fleetwire/broker-lab"
import { parseArguments } from "./arguments.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { Terminal } from "./terminal.js"

/** Options of the command. */
export const OPTIONS = {
  server: { type: "string" },
  clients: { type: "string" },
  days: { type: "string" },
  json: { type: "boolean" },
} as const

const DAY = 86_400_000
const MAX_DAYS = 3650

/** `fleetwire certs <folder>`: a certificate authority for development, a server certificate, and one for each client. */
export async function certs(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  const [given] = rest
  if (given === undefined || rest.length > 1) throw new Misuse("certs needs one folder: `fleetwire certs ./certs`")
  const folder = resolve(terminal.cwd, given)
  const notAfter = new Date(Date.now() + daysFrom(options.days) * DAY)
  const clients = listed(options.clients)
  const server = options.server === undefined ? ["localhost", "127.0.0.1"] : listed(options.server)
  for (const name of clients) checkName(name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "--clients")
  for (const name of server) checkName(name, /^[A-Za-z0-9*:][A-Za-z0-9._:-]{0,63}$/, "--server")
  if (server.length === 0) throw new Misuse("--server needs a name")
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files: { readonly path: string; readonly change: string }[] = []
  const say = (path: string, what: string) => {
    files.push({ path: relative(terminal.cwd, path), change: what })
    if (options.json !== true) terminal.out(`  ${what} ${relative(terminal.cwd, path)}\n`)
  }
  const authority = await authorityIn(folder, notAfter, say)
  const wanted = [
    { file: "server", commonName: server[0]!, purpose: "server", names: server } as const,
    ...clients.map((name) => ({ file: `client-${name}`, commonName: name, purpose: "client" }) as const),
  ]
  for (const { file, ...request } of wanted) {
    const [cert, key] = [join(folder, `${file}.crt`), join(folder, `${file}.key`)]
    if (existsSync(cert) || existsSync(key)) {
      say(cert, "kept")
      continue
    }
    const issued = await authority.issue({ ...request, notAfter })
    await writeFile(key, issued.key, { mode: 0o600, flag: "wx" })
    await writeFile(cert, issued.cert, { flag: "wx" })
    say(cert, "written")
  }
  terminal.out(options.json === true ? `${JSON.stringify({ files }, null, 2)}\n` : advice(folder, clients[0]))
  return EXIT.clean
}

async function authorityIn(
  folder: string,
  notAfter: Date,
  say: (path: string, what: string) => void,
): Promise<DevAuthority> {
  const [cert, key] = [join(folder, "ca.crt"), join(folder, "ca.key")]
  if (existsSync(cert) && existsSync(key)) {
    say(cert, "kept")
    const [ca, caKey] = await Promise.all([readFile(cert, "utf8"), readFile(key, "utf8")])
    return loadDevAuthority(ca, caKey).catch(() => {
      // What was wrong may quote the key.
      throw new Misuse(`${cert} and ca.key are no authority of ours: move them away, or choose another folder`)
    })
  }
  if (existsSync(cert) || existsSync(key)) throw new Misuse(`${folder} has only one of ca.crt and ca.key`)
  const authority = await createDevAuthority("Fleetwire development authority", { notAfter })
  await writeFile(key, authority.caKey, { mode: 0o600, flag: "wx" })
  await writeFile(cert, authority.ca, { flag: "wx" })
  say(cert, "written")
  return authority
}

function advice(folder: string, client: string | undefined): string {
  const path = (name: string) => join(folder, name)
  return [
    "",
    "For mosquitto.conf:",
    "  listener 8883",
    `  cafile ${path("ca.crt")}`,
    `  certfile ${path("server.crt")}`,
    `  keyfile ${path("server.key")}`,
    ...(client === undefined
      ? []
      : [
          "  require_certificate true",
          "  use_identity_as_username true",
          "",
          `A client: --ca ${path("ca.crt")} --cert ${path(`client-${client}.crt`)} --key ${path(`client-${client}.key`)}`,
        ]),
    "",
  ].join("\n")
}

function daysFrom(written: string | undefined): number {
  const days = written === undefined ? 365 : Number(written)
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new Misuse(`--days is a number from 1 to ${MAX_DAYS}`)
  return days
}

function listed(written: string | undefined): readonly string[] {
  return [...new Set((written ?? "").split(",").map((name) => name.trim()))].filter((name) => name !== "")
}

/** Names become file names and common names, of at most 64 characters (X.520). */
function checkName(name: string, form: RegExp, option: string): void {
  if (!form.test(name)) throw new Misuse(`${option}: ${name} is no name for a certificate`)
}
