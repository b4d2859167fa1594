import { machineNow } from "../history.js"

/** Runs each piece of work at its time after `goAt`; what was due before this process lived is left out. */
export function followTimetable<W extends { readonly at: number }>(
  work: readonly W[],
  goAt: number,
  run: (one: W) => void,
): void {
  const now = machineNow() - goAt
  let next = work.findIndex((one) => one.at >= now)
  if (next === -1) return
  const step = (): void => {
    const past = machineNow() - goAt
    while (next < work.length && work[next]!.at <= past) run(work[next++]!)
    if (next < work.length) setTimeout(step, Math.max(0, work[next]!.at - (machineNow() - goAt)))
  }
  setTimeout(step, Math.max(0, work[next]!.at - now))
}
