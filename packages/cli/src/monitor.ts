import {
  createMonitor,
  formatMonitorFinding,
  formatMonitorReport,
  type Monitor,
  type MonitorReport,
} from "@fleetwire/conformance"
import { parseArguments } from "./arguments.js"
import { CONNECTION_OPTIONS, connectionFrom } from "./connection-options.js"
import { contractOf } from "./contract-of.js"
import { durationMs } from "./duration-text.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import { openTap } from "./monitor-tap.js"
import { createMonitorView } from "./monitor-view.js"
import { paintFor, type Terminal } from "./terminal.js"

const { contract, url, protocol, username, password, prefix, ca, cert, key } = CONNECTION_OPTIONS
/** Options of the command. */
export const OPTIONS = {
  ...{ contract, url, protocol, username, password, prefix, ca, cert, key },
  for: { type: "string" },
  wide: { type: "boolean" },
  json: { type: "boolean" },
} as const

/**
 * `fleetwire monitor`: judges and counts what is said on a broker, until it is interrupted or the time is over; then a
 * summary. Exit code 1 where something did not fit the contract.
 */
export async function monitor(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { options, rest } = parseArguments(argv, OPTIONS)
  if (rest.length > 0) throw new Misuse(`monitor takes no arguments: ${rest.join(" ")}`)
  const forMs = options.for === undefined ? undefined : durationMs(options.for, "--for")
  const ir = await contractOf(options.contract, terminal)
  const connection = connectionFrom(options, terminal.cwd, process.env)
  const live = terminal.live === true && options.json !== true
  const paint = paintFor(terminal)
  const watched = createMonitor(ir, {
    retainAsPublished: connection.protocol !== "3.1.1",
    wide: options.wide ?? false,
    ...(connection.topicPrefix === undefined ? {} : { prefix: connection.topicPrefix }),
    // Whoever reads lines, in a log or a pipe, is told at once.
    ...(live || options.json ? {} : { onFinding: (finding) => terminal.out(`${formatMonitorFinding(finding)}\n`) }),
  })

  const interrupted = interruption()
  const view = live ? createMonitorView(watched, terminal, `${ir.name} ${ir.version} at ${connection.url}`) : undefined
  let said = ""
  const tap = openTap(connection, watched.filters, {
    onMessage: (message) => watched.observe(message),
    onState: (words) => {
      view?.state(words)
      // A broker that is away is said once, not at every attempt.
      if (view === undefined && words !== said) terminal.err(`${words}\n`)
      said = words
    },
  })
  try {
    await Promise.race([tap.ready, interrupted.promise])
    view?.start()
    await Promise.race([interrupted.promise, tap.failed, ...(forMs === undefined ? [] : [pause(forMs)])])
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error))
  } finally {
    interrupted.forget()
    view?.stop()
    await tap.close()
  }
  return summary(watched, terminal, options.json === true, paint)
}

function summary(watched: Monitor, terminal: Terminal, json: boolean, paint: ReturnType<typeof paintFor>): ExitCode {
  const report = watched.report()
  terminal.out(
    json ? `${JSON.stringify(report, undefined, 2)}\n` : `\n${formatMonitorReport(report, { findings: 50 })}`,
  )
  if (!json && report.total.messages === 0) terminal.out(paint.yellow("nothing was heard\n"))
  return isClean(report) ? EXIT.clean : EXIT.findings
}

function isClean({ findings, otherFaults }: MonitorReport): boolean {
  return findings.length === 0 && otherFaults === 0
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Ctrl-C once ends in good order; twice as the system has it. */
function interruption(): { readonly promise: Promise<void>; readonly forget: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  const listen = (): void => resolve()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, listen)
  return {
    promise,
    forget: () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, listen)
    },
  }
}
