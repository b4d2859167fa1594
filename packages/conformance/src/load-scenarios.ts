import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { parse } from "yaml"
import type { Scenario } from "./scenario.js"

/** Reads every `*.yaml` of a folder, in the order of ids. A file holds one scenario or a list of them. */
export async function loadScenarios(folder: string): Promise<readonly Scenario[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort()
  const scenarios: Scenario[] = []
  for (const name of names) {
    const document = parse(await readFile(join(folder, name), "utf8")) as Scenario | readonly Scenario[]
    scenarios.push(...[document].flat())
  }
  const seen = new Set<string>()
  for (const { id } of scenarios) {
    if (seen.has(id)) throw new Error(`two scenarios have the id ${id}`)
    seen.add(id)
  }
  return scenarios
}
