import { describe, expect, it } from "vitest"
import { fillCommand } from "./subject.js"
import { formatSubjectLine, parseSubjectLine } from "./subject-line.js"

describe("lines between kit and subject", () => {
  const rows = [
    {
      given: 'outcome ref=c1 ok=1 -- {"a":1}',
      want: { verb: "outcome", words: { ref: "c1", ok: "1" }, value: { a: 1 } },
    },
    { given: "state kind=ready", want: { verb: "state", words: { kind: "ready" } } },
    { given: "message ref=w -- 41", want: { verb: "message", words: { ref: "w" }, value: 41 } },
    { given: "car-001 ready", want: { verb: "other", words: {} } },
    { given: "outcome ref=c -- {no", want: { verb: "other", words: {} } },
    { given: "", want: { verb: "other", words: {} } },
  ]
  for (const { given, want } of rows)
    it(`reads ${JSON.stringify(given)}`, () => expect(parseSubjectLine(given)).toEqual({ ...want, text: given }))

  it("prints what it reads, and leaves out what is not there", () => {
    const text = formatSubjectLine("call", { ref: "c", device: undefined, fleet: true }, { n: 1n })
    expect(text).toBe('call ref=c fleet=1 -- {"n":"1"}')
    expect(parseSubjectLine(text)).toMatchObject({ verb: "call", words: { ref: "c", fleet: "1" }, value: { n: "1" } })
  })
})

describe("the command line of a subject", () => {
  it("quotes what a shell would take apart", () => {
    const launch = { url: "mqtt://127.0.0.1:1884", mqtt: "5", identity: "a b'; rm -rf x" } as const
    expect(fillCommand("car --port {port} --id {id} --other {unknown}", launch)).toBe(
      `car --port 1884 --id 'a b'\\''; rm -rf x' --other {unknown}`,
    )
  })
})
