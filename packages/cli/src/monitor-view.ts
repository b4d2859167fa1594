import { formatMonitorReport, type Monitor } from "@fleetwire/conformance"
import type { Terminal } from "./terminal.js"

const REFRESH_MS = 500
const CLEAR = "\u001b[H\u001b[J"
const OTHER_SCREEN = "\u001b[?1049h\u001b[?25l"
const OWN_SCREEN = "\u001b[?25h\u001b[?1049l"

/** A table that is refreshed in place, on a screen of its own that is gone afterwards. */
export interface MonitorView {
  start(): void
  /** What became of the connection. */
  state(words: string): void
  stop(): void
}

export function createMonitorView(monitor: Monitor, terminal: Terminal, title: string): MonitorView {
  let timer: NodeJS.Timeout | undefined
  let connection = "connecting"
  let before = new Map<string, number>()
  let beforeAt = performance.now()
  let perSecond: ReadonlyMap<string, number> = new Map()

  const show = (): void => {
    const report = monitor.report()
    const past = performance.now() - beforeAt
    if (past >= 1_000) {
      perSecond = new Map(
        report.legs.map(({ leg, messages }) => [leg, Math.round(((messages - (before.get(leg) ?? 0)) * 1_000) / past)]),
      )
      before = new Map(report.legs.map(({ leg, messages }) => [leg, messages]))
      beforeAt = performance.now()
    }
    const rows = Math.max(16, terminal.rows ?? 24)
    const legs = report.legs.length + 2
    // What is left of the screen is for devices and findings, two lines each.
    const left = Math.max(4, rows - legs - 9)
    const devices = Math.ceil(left / 2)
    const findings = Math.max(1, Math.floor(left / 4))
    const body = formatMonitorReport(report, { silent: true, perSecond, devices, findings })
    const lines = `${title} · ${connection} · Ctrl-C ends\n\n${body}`.split("\n")
    const columns = terminal.columns ?? 80
    const cut = lines.slice(0, rows - 1).map((line) => [...line].slice(0, columns).join(""))
    terminal.out(`${CLEAR}${cut.join("\n")}`)
  }
  return {
    start() {
      if (timer !== undefined) return
      terminal.out(OTHER_SCREEN)
      show()
      timer = setInterval(show, REFRESH_MS)
    },
    state(words) {
      connection = words
    },
    stop() {
      if (timer === undefined) return
      clearInterval(timer)
      timer = undefined
      terminal.out(OWN_SCREEN)
    },
  }
}
