import type { ContractIr, Format } from "@fleetwire/ir"
import type { Direction, Outcome } from "./outcome.js"
import type { RuleCode } from "./rules.js"

/** One difference between two versions of a message, and what it does to messages that cross it. */
export interface PayloadChange {
  readonly code: RuleCode
  /** Steps from the root of the message to the place, in the names of the version; `[]` an item, `{}` a map's value. */
  readonly at: { readonly old: Steps; readonly new: Steps }
  /** The change itself, such as `0…100 became 0…50`. */
  readonly what: string
  /**
   * That a reader refuses something is only supposed: it could not be proven that it takes everything. A message that it
   * refuses must show it.
   */
  readonly supposed?: true
  /** Units that the number has in the two versions, where those are the change. */
  readonly units?: Units
  /** What becomes of a message in this format that shows the difference. */
  judge(direction: Direction, format: Format): Outcome
}

/** Symbols of units. */
export interface Units {
  readonly old: string
  readonly new: string
}

/** Names of fields, `[]` for an item of a list, `{}` for a value of a map, `<tag>` for a branch of a union. */
export type Steps = readonly string[]

/** Says what becomes of what a sender's side sends to a reader's. */
export type Flow<T> = (sender: T, reader: T, format: Format) => Outcome

/** Where in the pair of contracts a comparison stands. */
export class Place {
  constructor(
    readonly contracts: { readonly old: ContractIr; readonly new: ContractIr },
    readonly changes: PayloadChange[],
    readonly at: PayloadChange["at"] = { old: [], new: [] },
    /** Packed lists have another shape on the wire than single values. */
    readonly inList = false,
    /** Whether the value must be there. */
    readonly required: { readonly old: boolean; readonly new: boolean } = { old: true, new: true },
  ) {}

  /** One step further in; `next` where the new version calls it otherwise. */
  into(step: string, next = step, required = { old: true, new: true }): Place {
    const at = { old: [...this.at.old, step], new: [...this.at.new, next] }
    return new Place(this.contracts, this.changes, at, step === "[]", required)
  }

  /** Records a change that is judged by who sends and who reads. */
  add<T>(
    code: RuleCode,
    what: string,
    sides: { readonly old: T; readonly new: T; readonly supposed?: true; readonly units?: Units },
    flow: Flow<T>,
  ): void {
    this.changes.push({
      code,
      at: this.at,
      what,
      ...(sides.supposed === true && { supposed: true as const }),
      ...(sides.units !== undefined && { units: sides.units }),
      judge: (direction, format) =>
        direction === "forward" ? flow(sides.old, sides.new, format) : flow(sides.new, sides.old, format),
    })
  }

  /**
   * Records a difference between two sets of values: widened where the new set includes the old one, narrowed the other
   * way round, moved where neither does, changed where both do.
   */
  addSets<T>(
    stem: "bounds" | "length" | "pattern" | "format" | "step" | "items" | "entries" | "keys",
    what: string,
    sides: { readonly old: T; readonly new: T },
    includes: (outer: T, inner: T) => boolean,
  ): void {
    const wider = includes(sides.new, sides.old)
    const narrower = includes(sides.old, sides.new)
    const how = wider ? (narrower ? "changed" : "widened") : narrower ? "narrowed" : "moved"
    // A pattern beside a format, or beside lengths: that neither includes the other by itself proves nothing of both together.
    const supposed = ["pattern", "format", "length", "keys"].includes(stem) ? { supposed: true as const } : {}
    this.add(`type/${stem}-${how}` as RuleCode, what, { ...sides, ...supposed }, (sender, reader) =>
      includes(reader, sender) ? "ok" : "refused",
    )
  }
}
