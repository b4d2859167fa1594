import { startBridge } from "./bridge.js"
import { parseBridgeArguments } from "./command-line.js"
import { openSqliteStore } from "./sqlite-store.js"

/** What a command may touch of its process. */
export interface ProcessSeam {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  /** Resolves when the process is asked to stop. */
  stopRequested(withParent: boolean): Promise<string>
}

/** Runs the bridge until asked to stop; resolves with the exit code. */
export async function runBridge(args: readonly string[], seam: ProcessSeam): Promise<number> {
  const parsed = parseBridgeArguments(args)
  if (parsed.kind === "help") {
    seam.stdout.write(parsed.text)
    return 0
  }
  if (parsed.kind === "misuse") {
    seam.stderr.write(parsed.text)
    return 2
  }
  const { file, fsync, withParent, ...options } = parsed.options
  const stopping = new AbortController()
  const stop = seam.stopRequested(withParent).then((why) => stopping.abort(new Error(`asked to stop: ${why}`)))
  const say = (error: unknown): void =>
    void seam.stderr.write(`bridge: ${error instanceof Error ? error.message : String(error)}\n`)
  try {
    const store = await openSqliteStore({ file, fsync })
    try {
      const bridge = await startBridge({ ...options, store, signal: stopping.signal, onTrouble: say })
      seam.stdout.write(`bridge ready ${bridge.httpUrl}\n`)
      await stop
      const { unfinished } = await bridge.close()
      const { stored, duplicates } = bridge.counters
      seam.stdout.write(
        `bridge stopped: ${stored} stored, ${duplicates} known already, ${unfinished} left to the broker\n`,
      )
      return 0
    } finally {
      await store.close()
    }
  } catch (error) {
    if (stopping.signal.aborted) {
      seam.stdout.write("bridge stopped before it was ready\n")
      return 0
    }
    say(error)
    return 1
  }
}
