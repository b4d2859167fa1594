import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** Folder of the protocol's own scenarios: beside the built package, or that of the repository when it runs from sources. */
export function scenarioFolder(): string {
  const places = [new URL("./scenarios/", import.meta.url), new URL("../../../schemas/scenarios/", import.meta.url)]
  const found = places.map((place) => fileURLToPath(place)).find((place) => existsSync(place))
  if (found === undefined) throw new Error("the scenarios are not where the package has them")
  return found
}
