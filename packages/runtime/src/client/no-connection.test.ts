import { describe, expect, it } from "vitest"
import { noConnection } from "./no-connection.js"

describe("no connection in time", () => {
  it("says why the last attempt failed, in words, keys and cause", () => {
    const cause = new Error("self-signed certificate")
    const error = noConnection("mqtts://broker:8883", 5_000, {
      kind: "refused",
      message: "self-signed certificate",
      cause,
      final: false,
    })
    expect(error.message).toBe(
      "[unavailable] no connection within 5000 ms to mqtts://broker:8883: self-signed certificate",
    )
    expect(error.details).toEqual({ url: "mqtts://broker:8883", reason: "refused" })
    expect(error.cause).toBe(cause)
  })

  it("says so where nothing answered at all", () => {
    const error = noConnection("mqtt://broker:1883", 100, undefined)
    expect(error.message).toBe("[unavailable] no connection within 100 ms to mqtt://broker:1883: no answer")
    expect(error.details).toEqual({ url: "mqtt://broker:1883" })
  })

  it("keeps credentials and tokens to itself", () => {
    const { message, details } = noConnection("wss://car:hunter2@broker/mqtt?token=hunter2#hunter2", 1, undefined)
    expect(details.url).toBe("wss://broker/mqtt")
    expect(message).not.toContain("hunter2")
    expect(noConnection("mqtt://a@b:hunter2@broker", 1, undefined).message).not.toContain("hunter2")
  })
})
