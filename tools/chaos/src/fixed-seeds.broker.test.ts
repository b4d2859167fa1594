import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { provideMosquitto } from "@fleetwire/broker-lab"
import { afterAll, describe, expect, it } from "vitest"
import { bundleActor } from "./lab/bundle-actor.js"
import { createCampaign } from "./lab/campaign.js"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const out = mkdtempSync(join(tmpdir(), "fleetwire-chaos-"))
afterAll(() => rmSync(out, { recursive: true, force: true }))

/** Between them: both protocol versions, both kinds of journal, every kind of fault, every kind of death. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

describe("random faults, a fixed set of seeds", () => {
  it("keeps every promise", { timeout: 240_000 }, async () => {
    const lines: string[] = []
    const campaign = createCampaign({
      actorModule: await bundleActor(root),
      install: await provideMosquitto(),
      out,
      parallel: 4,
      onResult: (line) => lines.push(line),
    })
    const sum = await campaign.run(SEEDS)
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([])
    expect(sum.failed).toEqual([])
    expect(sum.seeds).toBe(SEEDS.length)
    // Nothing is proven by a run in which nothing happened.
    expect(sum.deviceKills).toBeGreaterThan(3)
    expect(sum.controllerKills).toBeGreaterThan(1)
    expect(sum.brokerEnds).toBeGreaterThan(1)
    for (const what of ["call", "begin", "outcome", "receive", "handled", "apply", "broadcast-outcome"]) {
      expect(sum.counts[what] ?? 0, what).toBeGreaterThan(0)
    }
  })
})
