import { describe, expect, it } from "vitest"
import { smallContract, withChannel } from "../test/small-contract.js"
import { command, lowerContract, message, t } from "./index.js"

const codes = (contract: unknown) => lowerContract(contract).diagnostics.map(({ code }) => code)

describe("a mistake that others would follow from is told alone", () => {
  it("a device param that is not declared", () => {
    expect(codes(smallContract({ params: {} }))).toEqual(["contract/device-param"])
  })

  it("a `preempt` that does not fit", () => {
    const id = t.string({ maxLength: 32 })
    const asked = command("demo/{unit}/move", {
      request: message("Move", { id, what: t.enum(["go", "stop"]) }),
      response: message("Moved", { id, status: t.enum(["ok", "failed"]) }),
      reply: "demo/{unit}/moved",
      outcome: { field: "status", success: "ok", failure: "failed" },
      onInvalid: { what: "stop" },
      preempt: { what: "halt" } as never,
    })
    expect(codes(withChannel(asked)).filter((code) => !code.startsWith("safety/"))).toEqual(["contract/safe-action"])
  })
})
