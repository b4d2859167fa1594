import { createSeededRandom } from "@fleetwire/dynamic"
import { expect, it } from "vitest"
import { randomPair } from "./mutate-contract.js"
import { searchPair } from "./search-pair.js"

it("finds no message that fares worse across two versions than the rules say", () => {
  let tried = 0
  for (let seed = 0; seed < 150; seed++) {
    const next = createSeededRandom(seed)
    const { surprises, tried: more } = searchPair(randomPair(next), 20, next)
    expect(surprises, `seed ${seed}`).toEqual([])
    tried += more
  }
  expect(tried).toBeGreaterThan(10_000)
})
