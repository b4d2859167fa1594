import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"
import { execSubject, loadScenarios, type Profile, scenarioFolder, scoreCard, verify } from "@fleetwire/conformance"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"
import { createScratch, type Scratch } from "../test/scratch.js"

const golden = (name: string): string => `../../../apps/docs/protocol/conformance.${name}.golden.json`

let scratch: Scratch
beforeAll(async () => {
  scratch = await createScratch()
})
afterAll(() => scratch.remove())

it("the engines keep what the car's contract does not ask for: journal, actions, durable outbox, numbered sessions", async () => {
  const shown = JSON.parse(readFileSync(new URL(golden("device"), import.meta.url), "utf8")) as readonly {
    readonly id: string
    readonly why?: string
  }[]
  const missing = new Set(shown.filter(({ why }) => why?.startsWith("the contract has no")).map(({ id }) => id))
  // The contract that the kit's own peers are held to.
  const fixture = await bundleEntry("packages/conformance/test/peers/fixture-contract.ts")
  const { fixtureProfile, fullContract } = (await import(pathToFileURL(fixture).href)) as {
    readonly fixtureProfile: Profile
    fullContract(): ContractIr
  }
  const ir = fullContract()
  await scratch.write({ "contract.json": JSON.stringify(ir) })
  const program = await bundleEntry("packages/cli/test/engine-subject.ts")
  const words =
    "--url {url} --id {id} --mqtt {mqtt} --prefix {prefix} --store {store} --keep-alive {keepalive} --spread-ms {spread}"
  const results = await verify({
    ir,
    side: "device",
    scenarios: (await loadScenarios(scenarioFolder())).filter(({ id }) => missing.has(id)),
    profile: fixtureProfile,
    features: ["lines", "store", "prefix"],
    start: execSubject(`${process.execPath} ${program} --contract contract.json ${words}`, scratch.folder),
    concurrency: 5,
  })
  const { scenarios } = scoreCard(ir.name, "device", results)
  for (const { id, mqtt, verdict } of scenarios)
    if (verdict.kind === "fail") console.log(`${id} at MQTT ${mqtt}: ${verdict.why}\n${verdict.packets.join("\n")}`)
  const rows = scenarios.map(({ id, title, clauses, mqtt, verdict }) => ({
    id,
    title,
    clauses,
    mqtt,
    result: verdict.kind,
  }))
  // What the documentation prints; `vitest -u` writes it anew.
  await expect(`${JSON.stringify(rows, null, 1)}\n`).toMatchFileSnapshot(golden("engines"))
}, 180_000)
