import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import { parseDuration } from "./duration.js"

/** Name and value of a bound; without a value it bounds nothing. */
type Bound = readonly [name: string, value: number | bigint | undefined]

/** Reads an author's options one by one and reports what is unknown or of the wrong kind: JavaScript has no compiler to do so. */
export class OptionReader {
  readonly #options: Readonly<Record<string, unknown>>
  /** Where the options were written. */
  readonly place: Place
  readonly report: Report

  constructor(options: object, place: Place, report: Report) {
    this.#options = options as Readonly<Record<string, unknown>>
    this.place = place
    this.report = report
  }

  /** Reports every option that is not among `known`, and every one that is there without a value. */
  only(known: readonly string[]): this {
    for (const option of Object.keys(this.#options)) {
      if (known.includes(option)) {
        // Left out is one thing; a constant that is not there yet would be taken for it, and its bound would be gone.
        if (this.#options[option] === undefined) this.report.add("contract/option-undefined", this.place, { option })
      } else if (this.#options[option] !== undefined) {
        this.report.add("contract/unknown-option", this.place, {
          option,
          known: known.map((name) => `\`${name}\``).join(", "),
        })
      }
    }
    return this
  }

  has(option: string): boolean {
    return this.#options[option] !== undefined
  }

  raw(option: string): unknown {
    return this.#options[option]
  }

  text(option: string): string | undefined {
    return this.#read(option, (v): v is string => typeof v === "string", "a text", "a text in quotes")
  }

  flag(option: string): boolean | undefined {
    return this.#read(option, (v): v is boolean => typeof v === "boolean", "true or false", "`true` or `false`")
  }

  number(option: string): number | undefined {
    const finite = (v: unknown): v is number => typeof v === "number" && Number.isFinite(v)
    return this.#read(option, finite, "a finite number", "a number")
  }

  /** A whole number from `least` up. */
  count(option: string, least = 0): number | undefined {
    const whole = (v: unknown): v is number => typeof v === "number" && Number.isSafeInteger(v) && v >= least
    return this.#read(option, whole, `a whole number from ${least}`, `\`${least}\` or more`)
  }

  oneOf<T extends string | number>(option: string, values: readonly T[]): T | undefined {
    const known = (v: unknown): v is T => (values as readonly unknown[]).includes(v)
    const list = values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")
    return this.#read(option, known, `one of ${list}`, "one of them")
  }

  /** Two lengths of which the first must not be above the second; a least length of 0 says nothing. */
  ordered<Low extends string, High extends string>(low: Low, high: High): { readonly [K in Low | High]?: number } {
    const least = this.count(low)
    const most = this.count(high)
    this.order([low, least], [high, most])
    return defined({ [low]: least === 0 ? undefined : least, [high]: most }) as { readonly [K in Low | High]?: number }
  }

  /** Reports two bounds that exclude every value. */
  order([low, least]: Bound, [high, most]: Bound): void {
    if (least === undefined || most === undefined || least <= most) return
    const values = { low, lowValue: String(least), high, highValue: String(most) }
    this.report.add("contract/bounds-order", this.place, values)
  }

  /** A further object of options inside this one. */
  inside(option: string): OptionReader {
    const place = { ...this.place, path: `${this.place.path}.${option}` }
    return new OptionReader(this.object(option) ?? {}, place, this.report)
  }

  /** Reports an item of a list that is none of `values`. */
  check(option: string, item: unknown, values: readonly unknown[]): void {
    if (values.includes(item)) return
    const expected = `one of ${values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")}`
    this.report.add("contract/option-value", this.place, {
      option,
      received: show(item),
      expected,
      example: "one of them",
    })
  }

  /** Milliseconds of a duration, from `least` up: most of no length would mean that something never happens. */
  duration(option: string, least = 1): number | undefined {
    const valid = (v: unknown): v is string => (parseDuration(v) ?? -1) >= least
    const expected = least === 0 ? "a duration" : "a duration above zero"
    return parseDuration(this.#read(option, valid, expected, '`"250 ms"`, `"5 s"`, `"1 min"`, `"2 h"` or `"1 d"`'))
  }

  /** Octets. */
  size(option: string): number | undefined {
    const valid = (v: unknown): v is string | number => parseSize(v) !== undefined
    return parseSize(this.#read(option, valid, "a size", '`512` or `"4 KiB"`'))
  }

  /** One text or several. */
  texts(option: string): readonly string[] | undefined {
    const valid = (v: unknown): v is string | readonly string[] =>
      typeof v === "string" || (Array.isArray(v) && v.every((item) => typeof item === "string"))
    const value = this.#read(option, valid, "a text or a list of texts", '`["a", "b"]`')
    return typeof value === "string" ? [value] : value
  }

  object(option: string): Readonly<Record<string, unknown>> | undefined {
    const valid = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v)
    return this.#read(option, valid, "an object", "an object in braces")
  }

  list(option: string): readonly unknown[] | undefined {
    return this.#read(option, (v): v is readonly unknown[] => Array.isArray(v), "a list", "a list in brackets")
  }

  #read<T>(option: string, valid: (value: unknown) => value is T, expected: string, example: string): T | undefined {
    const value = this.#options[option]
    if (value === undefined) return undefined
    if (valid(value)) return value
    this.report.add("contract/option-value", this.place, { option, received: show(value), expected, example })
    return undefined
  }
}

/** A value as a message shows it: at most 64 characters of one line. */
export function show(value: unknown): string {
  const text =
    typeof value === "bigint"
      ? `${value}n`
      : typeof value === "function"
        ? "a function"
        : typeof value === "symbol"
          ? "a symbol"
          : value instanceof Uint8Array
            ? `${value.length} octets`
            : typeof value === "number"
              ? String(value)
              : (safeJson(value) ?? String(value))
  return `\`${text.length > 64 ? `${text.slice(0, 61)}...` : text}\``
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner))
  } catch {
    return undefined
  }
}

function parseSize(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? value : undefined
  const parts = typeof value === "string" ? /^(\d+) (B|KiB|MiB)$/.exec(value) : null
  if (parts === null) return undefined
  const octets = Number(parts[1]) * (parts[2] === "MiB" ? 1_048_576 : parts[2] === "KiB" ? 1024 : 1)
  return octets > 0 ? octets : undefined
}
