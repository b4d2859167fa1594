import { describe, expect, it } from "vitest"
import { smallContract } from "../test/small-contract.js"
import { broadcast, command, lowerContract, message, state, t } from "./index.js"

const id = t.string({ maxLength: 32 })
const Request = message("Request", { id, what: t.enum(["go", "stop"]) })
const Answer = message("Answer", { id, status: t.enum(["ok", "failed"]) })
const drive = (options: object) =>
  command("demo/{unit}/command", { request: Request, reply: "demo/{unit}/response", response: Answer, ...options })
const compile = (channels: object) => lowerContract(smallContract({ channels }))

describe("a broadcast that stands for a command", () => {
  const outcome = { field: "status", success: "ok", failure: "failed" }

  it("takes over its semantics and its reply topic", () => {
    const channels = {
      drive: drive({ outcome, timeout: "3 s", preempt: { what: "stop" } }),
      all: broadcast("demo/fleet/command", Request, { as: "drive", replies: "each" }),
    }
    const { ir, diagnostics } = compile(channels)
    expect(diagnostics.filter(({ code }) => !code.startsWith("safety/"))).toEqual([])
    const [all, one] = ir!.channels
    expect(all).toMatchObject({
      kind: "broadcast",
      as: "drive",
      replies: "each",
      legs: [{}, { topic: "demo/{unit}/response" }],
    })
    expect((all as { command: object }).command).toEqual((one as { command: object }).command)
  })

  it("does not repeat what was said of the command", () => {
    const channels = {
      drive: drive({}),
      all: broadcast("demo/fleet/command", Request, { as: "drive", replies: "each" }),
    }
    const { diagnostics } = compile(channels)
    expect(diagnostics.map(({ code, target }) => [code, target.path])).toEqual([
      ["contract/no-outcome", "channels.drive"],
      ["safety/no-presence", "channels.drive"],
    ])
  })
})

describe("accept", () => {
  it("turns a finding into a note that keeps the reason", () => {
    const Mode = message("Mode", { mode: t.uint8() })
    const { ir, diagnostics } = compile({
      mode: state("demo/{unit}/operatingMode", Mode, { accept: { "style/topic-case": "as shipped" } }),
    })
    expect(diagnostics).toMatchObject([{ code: "style/topic-case", severity: "note", accepted: "as shipped" }])
    expect(ir!.channels[0]).toMatchObject({ accept: { "style/topic-case": "as shipped" } })
  })
})

describe("the id of a command", () => {
  it("is filled in on both sides, whatever its author said", () => {
    const { ir } = compile({ drive: drive({ outcome: { field: "status", success: "ok", failure: "failed" } }) })
    for (const name of ["Request", "Answer"]) {
      const { type } = ir!.messages.find((candidate) => candidate.name === name)!
      expect(type).toMatchObject({ fields: [{ name: "id", auto: "id" }, {}] })
    }
  })
})
