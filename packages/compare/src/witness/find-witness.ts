import { createSeededRandom, randomValue, sampleString } from "@fleetwire/dynamic"
import { type Format, findMessage } from "@fleetwire/ir"
import type { Direction, Outcome } from "../outcome.js"
import type { PayloadChange, Steps } from "../payload-change.js"
import { type Observation, observe, readBack, type Side } from "./experiment.js"
import { variantsAt } from "./variants.js"

/** A message that one version sends, and what the other version makes of it. */
export interface Sighting {
  readonly value: unknown
  readonly seen: Observation
}

/** Values that are drawn when no edge shows the difference. */
const DRAWS = 300

/**
 * Looks for a message that shows a change: one that is refused, or misread, as the rule says it will be, and at the
 * place that the rule names. Undefined where none was found.
 */
export function findWitness(
  change: Pick<PayloadChange, "at" | "code">,
  direction: Direction,
  expected: Exclude<Outcome, "ok" | "unknown">,
  sides: { readonly old: Side; readonly new: Side; readonly format: Format },
): Sighting | undefined {
  const [sender, reader] = direction === "forward" ? [sides.old, sides.new] : [sides.new, sides.old]
  const steps = direction === "forward" ? change.at.old : change.at.new
  const place = direction === "forward" ? change.at.new : change.at.old
  let second: Sighting | undefined
  for (const value of candidates(sender, reader, steps)) {
    const plainly = observe(sender, reader, sides.format, value)
    const seen = change.code === "field/rename-suspected" ? lostIn(plainly, value, steps, place) : plainly
    if (seen?.outcome !== expected) continue
    if (concerns(seen, place, steps)) return { value, seen }
    second ??= { value, seen }
  }
  if (change.code.startsWith("field/null-as-absent")) return nullWitness(sender, reader, sides.format, steps) ?? second
  return second
}

function* candidates(sender: Side, reader: Side, steps: Steps): Generator<unknown> {
  const type = findMessage(sender.ir, sender.message)!.type
  const other = { ir: reader.ir, type: findMessage(reader.ir, reader.message)!.type }
  yield* variantsAt({ ir: sender.ir, type, other }, steps)
  // The place's own parent, and the whole: what another field of the message does to it.
  if (steps.length > 0) yield* variantsAt({ ir: sender.ir, type, other }, [])
  const next = createSeededRandom(steps.join("/").length + 1)
  for (let draw = 0; draw < DRAWS; draw++) {
    yield randomValue(sender.ir, type, next, (text) => sampleString(text, next) ?? "")
  }
}

/** Whether what was seen is about the place, or about something inside it. */
function concerns(seen: Observation, place: Steps, steps: Steps): boolean {
  const paths =
    seen.outcome === "refused" ? seen.issues.map(({ path }) => path) : seen.outcome === "misread" ? [seen.at] : []
  return paths.some((path) => fits(path, place) || fits(path, steps))
}

function fits(path: string, place: Steps): boolean {
  const named = place.filter((step) => !step.startsWith("<"))
  const parts = path.split("/").slice(1)
  // An issue names keys as they travel, so a short key stands for a name.
  return (
    parts.length >= named.length &&
    named.every((step, i) => step === "[]" || step === "{}" || step === parts[i] || parts[i]!.length <= 3)
  )
}

/** A value that was sent under a name that the reader does not know is lost, if both names mean one field. */
function lostIn(seen: Observation | undefined, value: unknown, steps: Steps, place: Steps): Observation | undefined {
  if (seen?.outcome !== "ok" || valueAt(value, steps) === undefined || valueAt(seen.read, place) !== undefined)
    return seen
  return { ...seen, outcome: "misread", at: `/${place.filter((step) => !step.startsWith("<")).join("/")}` }
}

function valueAt(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined || value === undefined) return value
  if (step.startsWith("<")) return valueAt(value, rest)
  const members = value as Readonly<Record<string, unknown>>
  return valueAt(step === "[]" || step === "{}" ? Object.values(members)[0] : members[step], rest)
}

/** Writes null where the field stands: no encoder of ours does, a foreign sender may. */
function nullWitness(sender: Side, reader: Side, format: Format, steps: Steps): Sighting | undefined {
  const type = findMessage(sender.ir, sender.message)!.type
  for (const value of variantsAt({ ir: sender.ir, type }, steps)) {
    const seen = observe(sender, sender, format, value)
    if (seen?.outcome !== "ok") continue
    const plain = JSON.parse(new TextDecoder().decode(seen.octets)) as Record<string, unknown>
    const changed = withNull(plain, steps)
    if (changed === undefined) continue
    const octets = new TextEncoder().encode(JSON.stringify(changed))
    const found = readBack(sender, reader, format, octets)
    if (found?.outcome === "refused") return { value: changed, seen: found }
  }
  return undefined
}

function withNull(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined) return null
  if (step === "[]" && Array.isArray(value)) return value.map((item) => withNull(item, rest))
  if (typeof value !== "object" || value === null) return undefined
  if (step === "{}") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNull(item, rest)]))
  if (step.startsWith("<")) return withNull(value, rest)
  return Object.hasOwn(value, step)
    ? { ...value, [step]: withNull((value as Record<string, unknown>)[step], rest) }
    : undefined
}
