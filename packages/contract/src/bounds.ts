import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import type { OptionReader } from "./options.js"

/** Two lengths of which the first must not be above the second; a least length of 0 says nothing. */
export function ordered<Low extends string, High extends string>(
  options: OptionReader,
  place: Place,
  report: Report,
  low: Low,
  high: High,
): { readonly [K in Low | High]?: number } {
  const least = options.count(low)
  const most = options.count(high)
  if (least !== undefined && most !== undefined && least > most) reportOrder(report, place, low, least, high, most)
  return defined({ [low]: least === 0 ? undefined : least, [high]: most }) as { readonly [K in Low | High]?: number }
}

/** Reports bounds that exclude every value. */
export function reportOrder(
  report: Report,
  place: Place,
  low: string,
  lowValue: number | bigint,
  high: string,
  highValue: number | bigint,
): void {
  report.add("contract/bounds-order", place, { low, lowValue: String(lowValue), high, highValue: String(highValue) })
}
