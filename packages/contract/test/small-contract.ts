import { defineContract, message, t, telemetry } from "../src/index.js"

/** A message that every check is content with. */
export const Reading = message("Reading", { value: t.uint8() })

/** A small contract without a finding, with parts replaced; wrong parts too, as JavaScript would allow. */
export function smallContract(parts: Readonly<Record<string, unknown>> = {}): unknown {
  return defineContract({
    name: "demo",
    version: "1.0.0",
    params: { unit: t.param({ pattern: "u-[0-9]+", maxLength: 8, examples: ["u-1"] }) },
    device: "unit",
    channels: { reading: telemetry("demo/{unit}/reading", Reading) },
    roles: { app: { publish: "*", read: "*" } },
    ...parts,
  } as never)
}

/** The small contract with one channel. */
export function withChannel(channel: unknown, parts: Readonly<Record<string, unknown>> = {}): unknown {
  return smallContract({ channels: { tested: channel }, ...parts })
}

/** The small contract with one field in its one message. */
export function withField(field: unknown): unknown {
  return withChannel(telemetry("demo/{unit}/reading", message("Reading", { tested: field } as never)))
}
