import type { ProgressContext } from "../surface.js"
import type { Execution } from "./execution.js"

/** What a handler is told of its request, and its way to tell how far it is (C-12). */
export function createContext(
  execution: Execution,
  say: (message: unknown) => Promise<void>,
): ProgressContext<unknown> {
  return {
    id: String(execution.id),
    signal: execution.abort.signal,
    topic: execution.topic,
    broadcast: execution.inlet?.broadcast ?? false,
    safeAction: execution.safeAction,
    ...(execution.traceparent === undefined ? {} : { traceparent: execution.traceparent }),
    progress(message) {
      const said = say(message)
      // A handler that does not wait for it is told by its signal, and nobody by an unhandled rejection.
      said.catch(() => {})
      return said
    },
  }
}
