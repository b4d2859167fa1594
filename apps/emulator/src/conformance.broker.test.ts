import { readFileSync } from "node:fs"
import {
  execSubject,
  loadScenarios,
  parseProfile,
  type Side,
  scenarioFolder,
  scoreCard,
  verify,
} from "@fleetwire/conformance"
import { checkContractIr } from "@fleetwire/ir"
import { expect, it } from "vitest"
import { bundleEntry } from "../../../tools/setup/run-ts.mjs"

const contract = new URL("../../../schemas/iot-car/", import.meta.url)
const common = "--url {url} --id {id} --mqtt {mqtt} --prefix {prefix} --keep-alive {keepalive} --spread-ms {spread}"

/** `device will-anew at MQTT 5`: what our SDKs are known to fail. One that passes has to leave the list. */
const known = JSON.parse(readFileSync(new URL("../scenarios/known-failures.json", contract), "utf8")).car as string[]

/** Clauses of a side, each with its result at both versions: what the documentation shows. */
async function cardOf(side: Side, entry: string, more: string): Promise<unknown> {
  const read = checkContractIr(JSON.parse(readFileSync(new URL("contract.lock.json", contract), "utf8")).ir)
  if (!read.ok) throw new Error(read.issues[0]!.message)
  const program = await bundleEntry(entry)
  const results = await verify({
    ir: read.value,
    side,
    scenarios: await loadScenarios(scenarioFolder()),
    profile: parseProfile(readFileSync(new URL("conformance.yaml", contract), "utf8")),
    features: ["lines", "store", "prefix", "refusals"],
    start: execSubject(`${process.execPath} ${program} ${common} ${more}`, process.cwd()),
    concurrency: 5,
  })
  const { scenarios } = scoreCard(read.value.name, side, results)
  for (const { id, mqtt, verdict } of scenarios)
    if (verdict.kind === "fail") console.log(`${id} at MQTT ${mqtt}: ${verdict.why}\n${verdict.packets.join("\n")}`)
  const failed = scenarios.filter(({ verdict }) => verdict.kind === "fail")
  expect(failed.map(({ id, mqtt }) => `${side} ${id} at MQTT ${mqtt}`)).toEqual(
    known.filter((each) => each.startsWith(`${side} `)),
  )
  return scenarios.map(({ id, title, clauses, mqtt, verdict }) => ({
    id,
    title,
    clauses,
    mqtt,
    result: verdict.kind,
    ...(verdict.kind === "not-applicable" ? { why: verdict.why } : {}),
  }))
}

// The file is what the documentation prints. A result that differs from it is a finding: `vitest -u` writes it anew.
const results = (side: Side): string => `../../docs/protocol/conformance.${side}.golden.json`
const print = (card: unknown): string => `${JSON.stringify(card, null, 1)}\n`

it("the car, on the generated device SDK, keeps the protocol", async () => {
  const card = await cardOf("device", "apps/emulator/src/subject-car.ts", "--store {store}")
  await expect(print(card)).toMatchFileSnapshot(results("device"))
}, 300_000)

it("a controller, on the generated SDK, keeps the protocol", async () => {
  const card = await cardOf("controller", "apps/emulator/src/subject-fleet.ts", "--role {role}")
  await expect(print(card)).toMatchFileSnapshot(results("controller"))
}, 300_000)
