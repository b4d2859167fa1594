import type { Params } from "../engine.js"

/** What a subscriber binds: each param to one value or to a few. */
export type AnyFilter = Readonly<Record<string, string | readonly string[] | undefined>>

/** Every combination of the bound values: one MQTT filter is made of each. */
export function bindings(filter: AnyFilter): Params[] {
  let all: Record<string, string>[] = [{}]
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue
    const values = typeof value === "string" ? [value] : [...new Set(value)]
    all = all.flatMap((bound) => values.map((one) => ({ ...bound, [name]: one })))
  }
  return all
}

/** True where a topic's params have the bound values; undefined where nothing is bound. */
export function wantsOf(filter: AnyFilter): ((params: Params) => boolean) | undefined {
  const bound = Object.entries(filter).filter((entry) => entry[1] !== undefined)
  if (bound.length === 0) return undefined
  return (params) =>
    bound.every(([name, value]) => {
      const actual = params[name]
      // A param that the topic does not have was bound for another leg's sake.
      if (actual === undefined) return true
      return typeof value === "string" ? value === actual : value!.includes(actual)
    })
}
