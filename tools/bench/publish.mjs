import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"

/** Puts a table into README.md, between `<!-- name: written by name.mjs -->` and `<!-- end of name -->`. */
export function publish(name, text) {
  const file = new URL("README.md", import.meta.url)
  const [begin, end] = [`<!-- ${name}: written by ${name}.mjs -->`, `<!-- end of ${name} -->`]
  const before = readFileSync(file, "utf8")
  const from = before.indexOf(begin)
  const to = before.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no place between ${begin} and ${end}`)
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`)
}

/** What a table was measured on. */
export const MACHINE = `Node ${process.version}, ${cpus()[0]?.model ?? process.arch}`
