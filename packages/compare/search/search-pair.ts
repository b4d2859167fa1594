import { createDynamicCodec, type NextRandom, randomValue, sampleString } from "@fleetwire/dynamic"
import type { ContractIr, Format, LegIr } from "@fleetwire/ir"
import { findMessage } from "@fleetwire/ir"
import { compareMessages } from "../src/compare-message.js"
import { type Direction, type Outcome, worstOutcome } from "../src/outcome.js"
import type { PayloadChange } from "../src/payload-change.js"
import { observe } from "../src/witness/experiment.js"
import { variantsAt } from "../src/witness/variants.js"

/** A message that did what the rules said it would not. */
export interface Surprise {
  readonly format: Format
  readonly direction: Direction
  readonly said: Outcome
  readonly seen: Outcome
  readonly value: unknown
  readonly detail: string
  readonly changes: readonly string[]
}

/** How many messages were tried, and the first surprise in each format and direction. */
export interface SearchResult {
  readonly tried: number
  readonly surprises: readonly Surprise[]
}

const RANK: readonly Outcome[] = ["ok", "refused", "misread"]

/**
 * Sends random values of each version to the other, in every format that both can carry, and looks for one that fares
 * worse than every rule together says.
 */
export function searchPair(pair: readonly [ContractIr, ContractIr], values: number, next: NextRandom): SearchResult {
  const [old, after] = pair
  const contracts = { old, new: after }
  const changes = compareMessages(contracts, { old: "M", new: "M" })
  const formats = (["json", "compact", "protobuf", "text", "bytes"] as const).filter(
    (format) => carries(old, format) && carries(after, format),
  )
  const surprises: Surprise[] = []
  let tried = 0
  for (const direction of ["forward", "backward"] as const) {
    const [sender, reader] = direction === "forward" ? [old, after] : [after, old]
    const open = new Map(
      formats.map((format) => [format, worstOutcome(changes.map((one) => one.judge(direction, format)))]),
    )
    for (const value of drawn({ sender, reader, changes, direction, values, next })) {
      for (const [format, said] of open) {
        const seen = observe({ ir: sender, message: "M" }, { ir: reader, message: "M" }, format, value)
        if (seen === undefined) continue
        tried++
        if (RANK.indexOf(seen.outcome) <= RANK.indexOf(said)) continue
        const detail =
          seen.outcome === "refused" ? JSON.stringify(seen.issues) : seen.outcome === "misread" ? `at ${seen.at}` : ""
        const named = changes.map(({ code, what }) => `${code}: ${what}`)
        surprises.push({ format, direction, said, seen: seen.outcome, value, detail, changes: named })
        open.delete(format)
      }
    }
  }
  return { tried, surprises }
}

interface Draw {
  readonly sender: ContractIr
  readonly reader: ContractIr
  readonly changes: readonly PayloadChange[]
  readonly direction: Direction
  readonly values: number
  readonly next: NextRandom
}

/** Edges of what changed first, then random values. */
function* drawn({ sender, reader, changes, direction, values, next }: Draw): Generator<unknown> {
  const type = findMessage(sender, "M")!.type
  const twin = { ir: sender, type, other: { ir: reader, type: findMessage(reader, "M")!.type } }
  for (const { at } of changes) yield* variantsAt(twin, direction === "forward" ? at.old : at.new)
  for (let count = 0; count < values; count++) {
    try {
      yield randomValue(sender, type, next, (text) => sampleString(text, next))
    } catch (error) {
      // A pattern and a length that no text has: such a message is never sent.
      if (!(error instanceof RangeError)) throw error
    }
  }
}

function carries(ir: ContractIr, format: LegIr["sends"]): boolean {
  try {
    createDynamicCodec(ir, "M", format)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
