import type { ProcessSeam } from "./run-devices.js"

/** The real process: SIGTERM and SIGINT ask it to stop, and so does the end of standard input for a child. */
export const processSeam: ProcessSeam = {
  stdout: process.stdout,
  stderr: process.stderr,
  stopRequested(withParent) {
    return new Promise((resolve) => {
      process.once("SIGTERM", () => resolve("SIGTERM"))
      if (!withParent) {
        process.once("SIGINT", () => resolve("SIGINT"))
        return
      }
      // A terminal sends Ctrl-C to parent and children; the parent decides when its children go.
      process.on("SIGINT", () => {})
      process.stdin.resume()
      process.stdin.once("end", () => resolve("end of input"))
      process.stdin.once("error", () => resolve("end of input"))
    })
  },
}
