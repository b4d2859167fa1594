import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { emitTypescript } from "@fleetwire/codegen"
import {
  execSubject,
  loadScenarios,
  type Profile,
  type Side,
  scenarioFolder,
  scoreCard,
  verify,
} from "@fleetwire/conformance"
import type { ContractIr } from "@fleetwire/ir"
import { afterAll, beforeAll, expect, it } from "vitest"
import { bundleEntry, bundleText } from "../../../tools/setup/run-ts.mjs"
import { createScratch, type Scratch } from "../test/scratch.js"

const root = new URL("../../../", import.meta.url)
const golden = (name: string): string => `../../../apps/docs/protocol/conformance.${name}.golden.json`
const WORDS = "--url {url} --id {id} --mqtt {mqtt} --prefix {prefix} --keep-alive {keepalive} --spread-ms {spread}"

let scratch: Scratch
beforeAll(async () => {
  scratch = await createScratch()
})
afterAll(() => scratch.remove())

/** Scenarios that say nothing of the car's contract, because it has not what they are about. */
function missing(side: Side): ReadonlySet<string> {
  const shown = JSON.parse(readFileSync(new URL(golden(side), import.meta.url), "utf8")) as readonly {
    readonly id: string
    readonly result: string
    readonly why?: string
  }[]
  return new Set(
    shown
      .filter(({ result, why }) => result === "not-observable" || why?.startsWith("the contract has no") === true)
      .map(({ id }) => id),
  )
}

/** A program on the SDK that is generated for the contract; `serve` is a module that knows what to do with it. */
async function program(name: string, module: string, make: string, serve: string): Promise<string> {
  const [verb, path] = serve.split(" from ") as [string, string]
  const text = `import { ${make} } from "./${module}.js"
import { ${verb} } from ${JSON.stringify(fileURLToPath(new URL(path, root)))}
await ${verb}(${verb === "serveFleet" ? `(role, options) => ${make}({ ...options, role })` : make})
`
  return bundleText({ text, folder: join(scratch.folder, "src"), name })
}

it("generated SDKs keep what the car's contract does not ask for: actions, progress, probes, dead letters", async () => {
  // The contract that the kit's own peers are held to.
  const fixture = await bundleEntry("packages/conformance/test/peers/fixture-contract.ts")
  const { fixtureProfile, fullContract } = (await import(pathToFileURL(fixture).href)) as {
    readonly fixtureProfile: Profile
    fullContract(): ContractIr
  }
  const ir = fullContract()
  const files = emitTypescript(ir, { packageName: "@fleetwire/kit-fixture" })
  await scratch.write(Object.fromEntries(files.map(({ path, text }) => [path, text])))
  const programs = {
    device: await program("kit-device", "device", "createCar", "serveDevice from packages/cli/test/serve-device.ts"),
    controller: await program(
      "kit-fleet",
      "controller",
      "createFleet",
      "serveFleet from apps/emulator/src/serve-fleet.ts",
    ),
  }
  const all = await loadScenarios(scenarioFolder())
  const cards = []
  for (const side of ["device", "controller"] as const) {
    const wanted = missing(side)
    const results = await verify({
      ir,
      side,
      scenarios: all.filter((scenario) => scenario.side === side && wanted.has(scenario.id)),
      profile: fixtureProfile,
      features: ["lines", "store", "prefix"],
      start: execSubject(
        `${process.execPath} ${programs[side]} ${WORDS} ${side === "device" ? "--store {store}" : "--role {role}"}`,
        scratch.folder,
      ),
      concurrency: 5,
    })
    cards.push(...scoreCard(ir.name, side, results).scenarios)
  }
  for (const { id, mqtt, verdict } of cards)
    if (verdict.kind === "fail") console.log(`${id} at MQTT ${mqtt}: ${verdict.why}\n${verdict.packets.join("\n")}`)
  // What these are known to fail; one that passes has to leave the list, which `-u` does not write.
  const known = JSON.parse(readFileSync(new URL("schemas/scenarios/known-failures.json", root), "utf8")).fixture
  const failed = cards.filter(({ verdict }) => verdict.kind === "fail")
  expect(failed.map(({ id, mqtt }) => `${id} at MQTT ${mqtt}`)).toEqual(known)
  const rows = cards.map(({ id, title, clauses, mqtt, verdict }) => ({
    id,
    title,
    clauses,
    mqtt,
    result: verdict.kind,
  }))
  // What the documentation prints; `vitest -u` writes it anew.
  await expect(`${JSON.stringify(rows, null, 1)}\n`).toMatchFileSnapshot(golden("engines"))
}, 240_000)
