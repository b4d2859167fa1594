import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

type Result = "pass" | "fail" | "not-applicable" | "not-observable"

/** A clause: its scenarios, what they say of our SDKs, and the peers that are wrong on purpose. */
export interface ClauseRow {
  readonly clause: string
  readonly page: string
  readonly title: string
  readonly sides: readonly {
    readonly side: "device" | "controller"
    readonly results: readonly { readonly mqtt: string; readonly result: Result | "" }[]
    readonly scenarios: readonly { readonly id: string; readonly title: string; readonly mqtt: string }[]
    readonly defects: readonly string[]
  }[]
  readonly exceptions: readonly {
    readonly mqtt: string
    readonly why: string
    readonly test?: { readonly name: string }
  }[]
}

interface ScenarioRow {
  readonly id: string
  readonly title: string
  readonly clauses: readonly string[]
  readonly mqtt: string
  readonly result: Result
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
]
const weight: readonly Result[] = ["fail", "pass", "not-observable", "not-applicable"]

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T
}

export declare const data: readonly ClauseRow[]

/** Put together when the site is built, from the committed results, the table of defects and the list of exceptions. */
const loader = {
  watch: ["./*.md", "./conformance.*.golden.json"],
  load(): readonly ClauseRow[] {
    const exceptions = readJson<readonly (ClauseRow["exceptions"][number] & { readonly clause: string })[]>(
      join(root, "schemas/scenarios/not-applicable.json"),
    )
    const defects = readJson<
      readonly { readonly side: string; readonly clauses: readonly string[]; readonly does: string }[]
    >(join(root, "packages/conformance/test/peers/defects.json"))
    const car = readJson<readonly ScenarioRow[]>(join(here, "conformance.device.golden.json"))
    // What the car's contract does not ask for is shown on a contract that does.
    const engines = readJson<readonly ScenarioRow[]>(join(here, "conformance.engines.golden.json"))
    const better = (row: ScenarioRow): ScenarioRow =>
      row.result === "not-applicable" || row.result === "not-observable"
        ? (engines.find(({ id, mqtt }) => id === row.id && mqtt === row.mqtt) ?? row)
        : row
    const rows = {
      device: car.map(better),
      controller: readJson<readonly ScenarioRow[]>(join(here, "conformance.controller.golden.json")).map(better),
    }
    return chapters.flatMap((page) =>
      [...readFileSync(join(here, `${page}.md`), "utf8").matchAll(/^## ([A-Z]-\d+) · (.+?) \{#/gm)].map(
        ([, clause = "", title = ""]) => ({
          clause,
          page,
          title,
          exceptions: exceptions.filter((each) => each.clause === clause),
          sides: (["device", "controller"] as const).flatMap((side) => {
            const own = rows[side].filter((row) => row.clauses.includes(clause))
            if (own.length === 0) return []
            return [
              {
                side,
                results: ["3.1.1", "5"].map((mqtt) => ({
                  mqtt,
                  result:
                    weight.find((kind) => own.some((row) => row.mqtt === mqtt && row.result === kind)) ?? ("" as const),
                })),
                scenarios: [...new Map(own.map((row) => [row.id, row])).values()].map(({ id, title: words }) => ({
                  id,
                  title: words,
                  mqtt: own
                    .filter((row) => row.id === id && row.result !== "not-applicable")
                    .map((row) => row.mqtt)
                    .join(", "),
                })),
                defects: [
                  ...new Set(
                    defects
                      .filter((each) => each.side === side && each.clauses.includes(clause))
                      .map(({ does }) => does),
                  ),
                ],
              },
            ]
          }),
        }),
      ),
    )
  },
}

export default loader
