import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { CSV_HEADER, formatCsvRows } from "./csv.js"
import { parseDevice, parseHistoryQuery } from "./query.js"
import type { HistoryRow, LatestRow, Store } from "./store.js"

/** How the bridge is doing. `ok` false makes `/health` answer 503. */
export interface Health {
  readonly ok: boolean
  readonly [fact: string]: unknown
}

export interface HttpApiOptions {
  readonly store: Store
  readonly health: () => Health
  /** Default: a free one. */
  readonly port?: number
  /** Told of a failure behind a 500. */
  readonly onError?: (error: unknown) => void
}

export interface HttpApi {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  /** Ends open connections. */
  close(): Promise<void>
}

type Answer =
  | { readonly kind: "json"; readonly status: number; readonly body: unknown }
  | { readonly kind: "csv"; readonly rows: readonly HistoryRow[] }

/** Serves what is stored, for reading only, on this machine only. */
export async function serveHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const server = createServer((request, response) => {
    answer(options, request)
      .catch((error: unknown): Answer => {
        options.onError?.(error)
        return failure(500, "the store did not answer")
      })
      .then((found) => send(response, request, found))
      .catch((error: unknown) => options.onError?.(error))
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, "127.0.0.1", resolve)
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closeServer(server) }
}

async function answer({ store, health }: HttpApiOptions, request: IncomingMessage): Promise<Answer> {
  if (!isOurs(request.headers.host)) return failure(403, "this API answers to 127.0.0.1 and localhost only")
  if (request.method !== "GET" && request.method !== "HEAD") return failure(405, "only GET and HEAD")
  const split = (request.url ?? "/").indexOf("?")
  const target = request.url ?? "/"
  const path = split === -1 ? target : target.slice(0, split)
  const params = new URLSearchParams(split === -1 ? "" : target.slice(split + 1))
  const [root, device, leaf, ...rest] = path.slice(1).split("/")
  if (rest.length > 0) return unknownPath()
  if (root === "devices" && device !== undefined) {
    const parsed = parseDevice(device)
    if (!parsed.ok) return failure(400, parsed.message)
    if (leaf === undefined) return oneDevice(store, parsed.value)
    return leaf === "history" ? history(store, params, parsed.value) : unknownPath()
  }
  if (device !== undefined) return unknownPath()
  switch (root) {
    case "health": {
      const facts = health()
      return { kind: "json", status: facts.ok ? 200 : 503, body: facts }
    }
    case "devices":
      return { kind: "json", status: 200, body: { devices: await store.devices() } }
    case "presence":
      return { kind: "json", status: 200, body: { presence: await store.presence() } }
    case "export.csv": {
      const query = parseHistoryQuery(params)
      if (!query.ok) return failure(400, query.message)
      return { kind: "csv", rows: await store.history(query.value) }
    }
    default:
      return unknownPath()
  }
}

async function oneDevice(store: Store, device: string): Promise<Answer> {
  const latest = await store.latest(device)
  const presence = (await store.presence()).find((row) => row.device === device)
  if (latest.length === 0 && presence === undefined) return failure(404, "nothing was heard of this device")
  const body = { device, presence: presence ?? { device, state: "unknown" }, latest: latest.map(withMessage) }
  return { kind: "json", status: 200, body }
}

async function history(store: Store, params: URLSearchParams, device: string): Promise<Answer> {
  const query = parseHistoryQuery(params, device)
  if (!query.ok) return failure(400, query.message)
  const rows = await store.history(query.value)
  const last = rows.at(-1)
  const next = last !== undefined && rows.length === query.value.limit ? { after: last.seq } : {}
  return { kind: "json", status: 200, body: { device, messages: rows.map(withMessage), ...next } }
}

function withMessage<T extends LatestRow>({ payload, ...row }: T) {
  return { ...row, message: JSON.parse(payload) as unknown }
}

/** A page elsewhere that resolves its own name to this machine must not read along. */
function isOurs(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/.test(host)
}

function failure(status: number, error: string): Answer {
  return { kind: "json", status, body: { error } }
}

function unknownPath(): Answer {
  return failure(
    404,
    "no such path; there are /health, /devices, /devices/<id>, /devices/<id>/history, /presence, /export.csv",
  )
}

function send(response: ServerResponse, request: IncomingMessage, found: Answer): void {
  const csv = found.kind === "csv"
  const text = csv ? CSV_HEADER + found.rows.map(formatCsvRows).join("") : `${JSON.stringify(found.body)}\n`
  response.writeHead(csv ? 200 : found.status, {
    "content-type": csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(csv ? { "content-disposition": 'attachment; filename="fleet.csv"' } : {}),
  })
  response.end(request.method === "HEAD" ? undefined : text)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
