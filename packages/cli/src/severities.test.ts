import { afterEach, beforeEach, expect, it } from "vitest"
import { contractText, createScratch, type Scratch } from "../test/scratch.js"

let scratch: Scratch
beforeEach(async () => {
  scratch = await createScratch()
  await scratch.write({ "contract.ts": contractText("level: t.string()") })
})
afterEach(() => scratch.remove())

const configure = (severities: object) =>
  scratch.write({ "package.json": JSON.stringify({ fleetwire: { severities } }) })

it("reports a warning as it is by itself", async () => {
  const { code, err } = await scratch.fleetwire(["check"])
  expect(code).toBe(0)
  expect(err).toContain("warning[contract/unbounded]")
})

it("makes a warning an error, for which nothing is generated", async () => {
  await configure({ "contract/unbounded": "error" })
  expect(await scratch.fleetwire(["check"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("error[contract/unbounded]"),
  })
  expect(await scratch.fleetwire(["generate"])).toMatchObject({ code: 1 })
  expect(await scratch.files()).toEqual(["contract.ts", "package.json"])
})

it("turns on a rule that is off by itself", async () => {
  const large = contractText("words: t.string({ maxLength: 200 })").replace(
    "Reading) }",
    'Reading, { from: "controller" }) }',
  )
  await scratch.write({ "contract.ts": large.replace('app: { read: "*" }', 'app: { publish: "*" }') })
  expect((await scratch.fleetwire(["check"])).err).not.toContain("small-buffer")
  await configure({ "portability/small-buffer": "error" })
  expect(await scratch.fleetwire(["check"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("error[portability/small-buffer]"),
  })
})

it("leaves a warning out", async () => {
  await configure({ "contract/unbounded": "off" })
  const { code, err } = await scratch.fleetwire(["check"])
  expect({ code, err }).toEqual({ code: 0, err: "1 accepted finding\n" })
})

it.each([
  [{ "contract/unheard": "off" }, "there is no diagnostic contract/unheard"],
  [{ "contract/name": "off" }, "contract/name is a mistake, not a matter of taste"],
  [{ "style/topic-case": "loud" }, 'is error, warning or off, not "loud"'],
])("refuses %j", async (severities, words) => {
  await configure(severities)
  expect(await scratch.fleetwire(["check"])).toMatchObject({ code: 2, err: expect.stringContaining(words) })
})

it("says which file is not JSON", async () => {
  await scratch.write({ "package.json": '{ "fleetwire": {' })
  expect(await scratch.fleetwire(["check", "contract.ts"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/package\.json is not JSON: /),
  })
})
