import type { CrashPoint, Death } from "../plan/plan.js"

/** Called by a process wherever it may be told to end itself. */
export type PassPoint = (point: CrashPoint) => void

/** `kill -9` by its own hand at the n-th pass of the planned point, and never after it. */
export function createCrash(death: Death | undefined): PassPoint {
  const cause = death?.cause
  if (cause?.kind !== "point") return () => {}
  let passes = 0
  return (point) => {
    if (point === cause.point && ++passes === cause.nth) process.kill(process.pid, "SIGKILL")
  }
}
