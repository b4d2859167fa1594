import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { provideMosquitto } from "@fleetwire/broker-lab"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type MutantName, mutants } from "./actor/mutant.js"
import { promises } from "./check/promise.js"
import { type ActorPool, createActorPool } from "./lab/actor-pool.js"
import { bundleActor } from "./lab/bundle-actor.js"
import { runSeed } from "./lab/run-seed.js"
import { mutantPlan } from "./plan/mutant-plan.js"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const out = mkdtempSync(join(tmpdir(), "fleetwire-mutants-"))
const names = Object.keys(mutants) as MutantName[]
let pool: ActorPool

beforeAll(async () => {
  pool = createActorPool(await bundleActor(root), 4)
})
afterAll(() => {
  pool.close()
  rmSync(out, { recursive: true, force: true })
})

/** Promises that a run did not keep. */
async function broken(name: MutantName, mutant: MutantName | undefined): Promise<readonly string[]> {
  const { violations } = await runSeed(0, {
    pool,
    install: await provideMosquitto(),
    directory: join(out, `${name}-${mutant === undefined ? "right" : "wrong"}`),
    plan: mutantPlan(name),
    ...(mutant === undefined ? {} : { mutant, restMs: 6_000 }),
  })
  return [...new Set(violations.map(({ promise }) => promise))]
}

describe.concurrent("what is broken on purpose", { timeout: 120_000 }, () => {
  it.each(names)("%s is found, and named", async (name) => {
    expect(await broken(name, name)).toContain(mutants[name])
  })

  it.each(names)("nothing is found in the same plan without %s", async (name) => {
    expect(await broken(name, undefined)).toEqual([])
  })
})

it("breaks each promise that an actor can break", () => {
  const all = new Set<string>(Object.keys(promises))
  for (const promise of Object.values(mutants)) all.delete(promise)
  // A client that never returns and a process that ends by itself need no deliberate one to be seen.
  expect([...all].sort()).toEqual(["crash", "recovery", "state"])
})
