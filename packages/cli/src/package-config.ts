import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Misuse } from "./exit-code.js"

/**
 * What the package.json of a folder says under `fleetwire`, unchecked; undefined where it says nothing or is not there.
 *
 * @throws Misuse where the file is not JSON.
 */
export function readPackageConfig(folder: string): unknown {
  const file = join(folder, "package.json")
  if (!existsSync(file)) return undefined
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { readonly fleetwire?: unknown } | null)?.fleetwire
  } catch (error) {
    throw new Misuse(`${file} is not JSON: ${(error as Error).message}`)
  }
}
