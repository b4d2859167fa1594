import type { Place } from "./payload-change.js"

/**
 * Compares what is said of the unit of a message that is one value, of the items of a list and of the values of a map.
 * A unit that is said for the first time changes nothing: the locks of earlier compilers did not keep units there.
 */
export function compareUnits(
  { old, new: next }: { readonly old: string | undefined; readonly new: string | undefined },
  place: Place,
): void {
  if (old === next) return
  const sides = { old, new: next }
  if (old === undefined) {
    place.add("type/unit-said", `its unit is ${next}`, sides, () => "ok")
    return
  }
  const what = `${old} became ${next ?? "no unit"}`
  place.add("field/unit-changed", what, { ...sides, units: { old, new: next ?? "without a unit" } }, (sender) =>
    sender === undefined ? "ok" : "misread",
  )
}
