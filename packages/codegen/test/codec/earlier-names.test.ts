import { createDynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr } from "@fleetwire/ir"
import { beforeAll, describe, expect, it } from "vitest"
import { type LoadedMessage, loadCodecs } from "./load-codecs.js"

const u8 = { kind: "int", bits: 8, signed: false, min: 0, max: 100 } as const
const contract: ContractIr = {
  ir: 1,
  name: "demo",
  version: "1.0.0",
  params: [{ name: "unit", maxLength: 8, reserved: [] }],
  device: { param: "unit", session: { kind: "clean" }, reconnectSpreadSeconds: 30, keepAliveSeconds: 30 },
  messages: [
    {
      name: "Reading",
      type: {
        kind: "object",
        name: "Reading",
        fields: [
          { name: "pace", number: 1, required: true, type: u8, was: ["velocity", "speed"] },
          { name: "level", number: 2, required: false, type: u8, short: "l", was: ["height"], nullAsAbsent: true },
          // The name is another field's now: it is read as that.
          { name: "depth", number: 3, required: false, type: u8, was: ["pace", "__proto__"] },
        ],
      },
    },
  ],
  channels: [],
  roles: [],
}

const texts = [
  '{"pace":1}',
  '{"velocity":1}',
  '{"speed":1,"height":2}',
  '{"height":2,"unknown":[{}],"speed":1}',
  '{"pace":1,"speed":1}',
  '{"velocity":1,"speed":1}',
  '{"speed":1,"speed":1}',
  '{"speed":101}',
  '{"speed":1,"height":null}',
  '{"height":2}',
  '{"speed":1,"l":3}',
  '{"speed":1,"__proto__":4}',
  '{ "speed" : 1 , "level" : 200 }',
]

let loaded: LoadedMessage
beforeAll(async () => {
  const [messages] = await loadCodecs([contract], () => ["json", "compact"])
  loaded = messages!.get("Reading")!
})

describe.each(["json", "compact"] as const)("earlier names in %s", (format) => {
  it.each(texts)("%s is read as the interpreted codec reads it", (text) => {
    const octets = new TextEncoder().encode(text)
    const want = createDynamicCodec(contract, "Reading", format).decode(octets)
    const got = loaded.codecs[format]!.decode(octets)
    expect(got.ok).toBe(want.ok)
    if (got.ok && want.ok) expect(got.value).toEqual(want.value)
    if (!got.ok && !want.ok) expect(got.issues.map(({ code }) => code)).toEqual(want.issues.map(({ code }) => code))
  })
})

it("reads an earlier name in JSON, and writes the present one", () => {
  const { json } = loaded.codecs
  expect(json!.decode(new TextEncoder().encode('{"speed":1,"height":2}'))).toEqual({
    ok: true,
    value: { pace: 1, level: 2 },
  })
  const written = json!.encode({ pace: 1 })
  expect(written.ok && new TextDecoder().decode(written.value)).toBe('{"pace":1}')
})
