import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { loadScenarios } from "./load-scenarios.js"
import type { MqttVersion } from "./raw-client.js"
import { byClause } from "./score-card.js"

const root = new URL("../../../", import.meta.url)
const pages = new URL("apps/docs/protocol/", root)
const folder = fileURLToPath(new URL("schemas/scenarios/", root))
const scenarios = await loadScenarios(folder)

/** Clauses of the protocol's pages. X has a kit of its own: broker rules are attacked, not played. */
const clauses = readdirSync(pages)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) =>
    [...readFileSync(new URL(name, pages), "utf8").matchAll(/^## ([A-Z]-\d+) · /gm)].map(([, id]) => id!),
  )
  .filter((id) => !id.startsWith("X-"))
  .sort(byClause)

interface Exception {
  readonly clause: string
  readonly mqtt: MqttVersion
  readonly why: string
  /** Unit test that proves it instead: a file, and words of its name. */
  readonly test?: { readonly file: string; readonly name: string }
}
const exceptions = JSON.parse(
  readFileSync(new URL("schemas/scenarios/not-applicable.json", root), "utf8"),
) as readonly Exception[]

const defects = JSON.parse(readFileSync(new URL("../test/peers/defects.json", import.meta.url), "utf8")) as readonly {
  readonly side: string
  readonly clauses: readonly string[]
  readonly caughtBy: readonly string[]
}[]

const pair = (clause: string, mqtt: MqttVersion): string => `${clause} at MQTT ${mqtt}`
const shown = new Set(
  scenarios.flatMap(({ clauses: own, mqtt = ["3.1.1", "5"] }) =>
    own.flatMap((clause) => mqtt.map((version) => pair(clause, version))),
  ),
)

describe("scenarios and clauses", () => {
  it("every clause has a scenario at 3.1.1 and at 5, or is in the list of pairs that have none", () => {
    const excused = new Set(exceptions.map(({ clause, mqtt }) => pair(clause, mqtt)))
    const all = clauses.flatMap((clause) => [pair(clause, "3.1.1"), pair(clause, "5")])
    expect(all.filter((each) => !shown.has(each) && !excused.has(each))).toEqual([])
  })

  it("the list of pairs holds none that has a scenario, and only clauses that there are", () => {
    expect(exceptions.map(({ clause, mqtt }) => pair(clause, mqtt)).filter((each) => shown.has(each))).toEqual([])
    expect(exceptions.map(({ clause }) => clause).filter((clause) => !clauses.includes(clause))).toEqual([])
  })

  it("every unit test that stands for a scenario is there", () => {
    for (const { test } of exceptions) {
      if (test === undefined) continue
      expect(readFileSync(new URL(test.file, root), "utf8")).toContain(test.name)
    }
  })

  it("no scenario is for a clause that there is not", () => {
    expect(scenarios.flatMap(({ clauses: own }) => own).filter((clause) => !clauses.includes(clause))).toEqual([])
  })

  it("every clause that a scenario proves has a peer that is wrong on purpose", () => {
    for (const side of ["device", "controller"]) {
      const proven = new Set(scenarios.filter((each) => each.side === side).flatMap((each) => each.clauses))
      const caught = new Set(defects.filter((each) => each.side === side).flatMap((each) => each.clauses))
      expect([...proven].filter((clause) => !caught.has(clause))).toEqual([])
    }
  })

  it("every wrong peer names a scenario of its side for each of its clauses", () => {
    const wrong = defects.filter(({ side, clauses: own, caughtBy }) => {
      const named = scenarios.filter((each) => each.side === side && caughtBy.includes(each.id))
      return (
        named.length !== caughtBy.length || own.some((clause) => !named.some((each) => each.clauses.includes(clause)))
      )
    })
    expect(wrong).toEqual([])
  })

  it("every scenario has the shape that the schema says", () => {
    const schema = JSON.parse(readFileSync(`${folder}scenario.schema.json`, "utf8")) as object
    const validate = new Ajv2020({
      allErrors: true,
      strict: true,
      allowUnionTypes: true,
      strictRequired: false,
    }).compile(schema)
    const wrong = scenarios.flatMap((scenario) =>
      validate(scenario as unknown)
        ? []
        : [
            `${scenario.id}: ${validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`).join("; ")}`,
          ],
    )
    expect(wrong).toEqual([])
  })
})
