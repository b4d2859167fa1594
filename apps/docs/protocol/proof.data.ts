import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

/** Tests that name a clause, by clause, in the order of the protocol. */
export interface Proof {
  readonly clause: string
  readonly page: string
  readonly title: string
  readonly tests: readonly { readonly file: string; readonly name: string }[]
}

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "../../..")
const chapters = [
  "ground",
  "topics",
  "payloads",
  "presence",
  "streams",
  "commands",
  "broadcast",
  "configuration",
  "sessions",
  "access",
]

export declare const data: readonly Proof[]

/** Read when the site is built: a test that is renamed or removed is not named here any longer. */
const loader = {
  watch: ["./*.md"],
  load(): readonly Proof[] {
    const tests = testFiles(root).flatMap(namedTests)
    return chapters.flatMap((page) =>
      [...readFileSync(join(here, `${page}.md`), "utf8").matchAll(/^## ([A-Z]-\d+) · (.+?) \{#/gm)].map(
        ([, clause = "", title = ""]) => ({
          clause,
          page,
          title,
          tests: tests.filter(({ name }) => name.split(/[^A-Z0-9-]+/).includes(clause)),
        }),
      ),
    )
  },
}

export default loader

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (/^(?:node_modules|dist|\..*|tools)$/.test(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testFiles(path)
    return entry.name.endsWith(".test.ts") ? [path] : []
  })
}

/** Names of tests and of groups of tests, as they are written. */
function namedTests(path: string): { file: string; name: string }[] {
  const calls = readFileSync(path, "utf8").matchAll(
    /\b(?:it|describe|test)(?:\.[a-z]+(?:\([^)]*\))?)*\(\s*(["'`])((?:(?!\1)[^\n\\]|\\.)+)\1/g,
  )
  return [...calls].map(([, , name = ""]) => ({ file: relative(root, path), name }))
}
