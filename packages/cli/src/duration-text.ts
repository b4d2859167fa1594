import { Misuse } from "./exit-code.js"

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }

/**
 * Milliseconds of a time on the command line: `10s`, `5min`, `500 ms`, `1h`; a number alone where `alone` says its unit.
 *
 * @throws Misuse for anything else, and for what no timer takes.
 */
export function durationMs(text: string, option: string, alone?: "ms"): number {
  const found = /^(\d{1,9}(?:\.\d+)?)\s*(ms|s|min|h|)$/.exec(text)
  const unit = found?.[2] === "" ? alone : found?.[2]
  const ms = unit === undefined ? 0 : Number(found![1]) * UNITS[unit]!
  if (!(ms > 0 && ms < 2 ** 31)) {
    const plain = alone === undefined ? "" : `, or a number of ${alone}`
    throw new Misuse(`${option} is a time such as 10s, 5min or 1h${plain}, not ${text}`)
  }
  return ms
}
