import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type ProgramInstall, startMosquitto } from "@fleetwire/broker-lab"
import { build } from "esbuild"
import { type BrowserContext, chromium } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { provideChromium } from "./provide-chromium.js"

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

let install: ProgramInstall | undefined
let reason = ""
let profile = ""
let context: BrowserContext | undefined
let server: Server | undefined

beforeAll(async () => {
  try {
    install = await provideChromium()
  } catch (error) {
    // Where CI cannot have a browser, that is a failure; elsewhere the test is skipped by name.
    if (process.env.CI !== undefined) throw error
    reason = error instanceof Error ? error.message : String(error)
    return
  }
  profile = await mkdtemp(join(tmpdir(), "fleetwire-browser-"))
  context = await chromium.launchPersistentContext(profile, {
    executablePath: install.program,
    env: { ...process.env, ...install.env } as Record<string, string>,
    headless: true,
    args: QUIET,
  })
}, 300_000)

afterAll(async () => {
  await context?.close()
  server?.close()
  if (profile !== "") await rm(profile, { recursive: true, force: true })
})

it("a generated SDK drives a car over WebSocket under script-src 'self'", async ({ skip }) => {
  if (context === undefined) return skip(`no Chromium: ${reason}`)
  const broker = await startMosquitto({ listeners: [{ kind: "ws" }] })
  try {
    const url = broker.urlOf("ws")
    const bundle = await build({
      entryPoints: [fileURLToPath(new URL("./page.ts", import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      conditions: ["@fleetwire/source", "browser"],
      minify: true,
    })
    const script = bundle.outputFiles[0]!.text
    const origin = await serve(script, new URL(url).port)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on("pageerror", (error) => complaints.push(error.message))
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()))
    await page.goto(`${origin}/?broker=${encodeURIComponent(url)}`)

    // The policy is in force: code from text is refused by the browser itself.
    const evaluated = await page.evaluate(() => {
      const element = document.createElement("script")
      element.textContent = "globalThis.inline = true"
      document.head.append(element)
      return "inline" in globalThis
    })
    expect(evaluated).toBe(false)
    complaints.length = 0

    expect(await page.evaluate(() => globalThis.outcome)).toEqual({ presence: "online", battery: 85, reply: "left" })
    expect(complaints).toEqual([])
  } finally {
    await broker.stop()
  }
}, 60_000)

/** Serves the page with the strict policy on loopback; gives its origin. */
async function serve(script: string, brokerPort: string): Promise<string> {
  const policy = `default-src 'none'; script-src 'self'; connect-src ws://127.0.0.1:${brokerPort}`
  const opened = createServer((request, response) => {
    response.setHeader("Content-Security-Policy", policy)
    if (request.url === "/page.js") response.setHeader("Content-Type", "text/javascript").end(script)
    else if (request.url === "/favicon.ico") response.writeHead(204).end()
    else
      response
        .setHeader("Content-Type", "text/html")
        .end('<!doctype html><script type="module" src="/page.js"></script>')
  })
  server = opened
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve))
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}`
}
