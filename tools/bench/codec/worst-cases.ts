import type { Codec } from "@fleetwire/runtime"
import { median } from "./measure.js"

const SIZE = 1 << 20

/** Hostile payloads of 1 MiB for a message `{ items: string[] }`: how much longer each takes than a valid one of equal size. */
export function worstCases(
  codec: Codec<unknown>,
  rounds: number,
): readonly { readonly name: string; readonly ratio: number }[] {
  const filled = (head: string, unit: string, tail: string): Buffer => {
    const count = Math.floor((SIZE - head.length - tail.length) / unit.length)
    return Buffer.from(head + unit.repeat(count) + tail)
  }
  const valid = filled('{"items":["first"', ',"a short text"', "]}")
  const cases: readonly (readonly [string, Buffer])[] = [
    ["cut off at the last octet", valid.subarray(0, -1)],
    ["the first item too long", filled('{"items":["', "x", '"]}')],
    ["escapes only", filled('{"items":["first"', ',"\\u0061\\u0062\\n\\t"', "]}")],
    ["an unknown key with a million digits", filled('{"unknown":', "1", ',"items":[]}')],
    ["lists in lists without end", Buffer.from("[".repeat(SIZE))],
    ["unknown keys only", filled('{"items":[]', ',"k":[{"a":0}]', "}")],
    ["a declared key again and again", filled('{"items":[]', ',"items":[]', "}")],
    ["white space only", filled('{"items":', " ", "[]}")],
    ["items of another type", filled('{"items":[0', ",12345678", "]}")],
    ["invalid UTF-8 at the end", Buffer.concat([valid.subarray(0, -6), Buffer.from([0xff]), valid.subarray(-5)])],
    ["three-octet characters", filled('{"items":["first"', ',"温度温度"', "]}")],
  ]
  if (!codec.decode(valid).ok) throw new Error("the valid payload is refused")
  const time = (payload: Buffer): number => {
    const samples = Array.from({ length: Math.max(5, Math.min(rounds, 15)) }, () => {
      const before = process.cpuUsage()
      codec.decode(payload)
      const { user, system } = process.cpuUsage(before)
      return user + system
    })
    return median(samples)
  }
  time(valid)
  const base = time(valid)
  return cases.map(([name, payload]) => ({ name, ratio: time(payload) / base })).sort((a, b) => b.ratio - a.ratio)
}
