import { readFileSync } from "node:fs"
import { createMonitor } from "@fleetwire/conformance"
import type { ContractIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { createMonitorView } from "./monitor-view.js"
import type { Terminal } from "./terminal.js"

const lock = new URL("../../../schemas/iot-car/contract.lock.json", import.meta.url)
const { ir } = JSON.parse(readFileSync(lock, "utf8")) as { readonly ir: ContractIr }

/** What stands on the screen after the last refresh. */
function screenOf(written: string): string[] {
  return written.split("\u001b[H\u001b[J").at(-1)!.replace("\u001b[?25h\u001b[?1049l", "").split("\n")
}

it.each([
  { rows: 40, columns: 100 },
  { rows: 16, columns: 30 },
])("fills a screen of $rows lines of $columns characters and no more, and gives it back", ({ rows, columns }) => {
  let written = ""
  const terminal: Terminal = {
    cwd: "/",
    color: true,
    live: true,
    rows,
    columns,
    input: process.stdin,
    out: (text) => {
      written += text
    },
    err: () => {},
  }
  const monitor = createMonitor(ir, { retainAsPublished: true })
  for (let n = 100; n < 160; n++) {
    const payload = new TextEncoder().encode(`{"id":"${n}"`)
    monitor.observe({ topic: `iot-car/car-${n}/command`, payload, qos: 0, retain: n % 2 === 0 })
  }
  const view = createMonitorView(monitor, terminal, "iot-car 2.0.0 at mqtt://localhost")
  view.state("listening")
  view.start()
  view.stop()
  const screen = screenOf(written)
  expect(screen.length).toBeLessThan(rows)
  expect(Math.max(...screen.map((line) => line.length))).toBeLessThanOrEqual(columns)
  expect(screen[0]).toContain("iot-car 2.0.0")
  if (rows < 40) return
  const text = screen.join("\n")
  expect(text).toContain("listening · Ctrl-C ends")
  expect(text).toMatch(/drive\.request +60 +0 +\d+ +60\n/)
  expect(text).toMatch(/… and \d+ more\n/)
  expect(text).toContain("payload drive.request: truncated")
  expect(text).toContain("60 messages")
  expect(written.startsWith("\u001b[?1049h\u001b[?25l")).toBe(true)
  expect(written.endsWith("\u001b[?25h\u001b[?1049l")).toBe(true)
})
