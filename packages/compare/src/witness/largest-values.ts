import { type ContractIr, compilePattern, resolveType, type StringIr, type TypeIr } from "@fleetwire/ir"

/** What is unbounded is made this long. */
const LONG = 70_000

/** Values of a type that are as long as it admits: everything there, lists full, texts of characters that take room. */
export function* largestValues(ir: ContractIr, type: TypeIr): Generator<unknown> {
  for (const letter of ["\u0001", "\u{1F600}", "a"]) yield make(ir, type, letter, 1)
  // Only part of it is unbounded: halve until the sender lets it out.
  for (let part = 2; part <= 4096; part *= 2) yield make(ir, type, "a", part)
}

function make(ir: ContractIr, declared: TypeIr, letter: string, part: number): unknown {
  const type = resolveType(ir, declared)
  const inner = (of: TypeIr) => make(ir, of, letter, part)
  const members = (fields: readonly { readonly name: string; readonly type: TypeIr }[]) =>
    Object.fromEntries(fields.map((field) => [field.name, inner(field.type)]))
  switch (type.kind) {
    case "bool":
      return false
    case "int": {
      const longer = String(type.min).length > String(type.max).length ? type.min : type.max
      const step = BigInt(type.multipleOf ?? 1)
      const value = BigInt(longer) - (BigInt(longer) % step)
      return type.bits === 64 ? value : Number(value)
    }
    case "float": {
      const wish = -0.000_001_234_567_890_123_4
      const fits = wish >= (type.min ?? wish) && wish <= (type.max ?? wish)
      return fits ? wish : (type.max ?? type.min ?? wish)
    }
    case "string":
      return longText(type, letter, part)
    case "bytes":
      return new Uint8Array(Math.floor((type.maxLength ?? LONG) / (type.maxLength === undefined ? part : 1)))
    case "enum":
      if (type.open) return longText({ kind: "string" }, letter, part)
      return type.values.reduce((most, { name }) => (name.length > most.length ? name : most), type.values[0]!.name)
    case "const":
      return type.value
    case "list": {
      const count = type.maxItems ?? Math.floor(LONG / part)
      const item = inner(type.item)
      return Array.from({ length: Math.min(count, LONG) }, () => item)
    }
    case "map": {
      const count = Math.min(type.maxProperties ?? Math.floor(LONG / part), LONG)
      const width = Math.min(type.keyMaxLength ?? 8, 200)
      return Object.fromEntries(
        Array.from({ length: count }, (_, i) => [String(i).padStart(width, "k"), inner(type.value)]),
      )
    }
    case "object":
      return members(type.fields)
    case "union": {
      const made = type.branches.map((branch) => ({ [type.tag]: branch.value, ...members(branch.type.fields) }))
      return made.reduce((most, one) => (size(one) > size(most) ? one : most))
    }
  }
}

function longText(type: StringIr, letter: string, part: number): string {
  if (type.format !== undefined) return "2024-01-25T07:00:00Z".slice(0, type.format === "date" ? 10 : undefined)
  if (type.pattern !== undefined) {
    const dfa = compilePattern(type.pattern)
    return dfa.ok ? longestWalk(dfa.value.states, type.maxLength ?? 200) : ""
  }
  const octets = new TextEncoder().encode(letter).length
  const bound = Math.min(type.maxLength ?? Math.floor(LONG / part), Math.floor((type.maxBytes ?? LONG * 4) / octets))
  return letter.repeat(bound)
}

/** A long text of an automaton: on while it goes on, then home. */
function longestWalk(
  states: readonly {
    readonly accepting: boolean
    readonly edges: readonly { readonly from: number; readonly target: number }[]
  }[],
  limit: number,
): string {
  let [state, text, best] = [0, "", ""]
  for (let length = 0; length < limit; length++) {
    const edge = states[state]!.edges.at(-1)
    if (edge === undefined) break
    text += String.fromCodePoint(edge.from)
    state = edge.target
    if (states[state]!.accepting) best = text
  }
  return best
}

function size(value: unknown): number {
  return JSON.stringify(value, (_, held: unknown) => (typeof held === "bigint" ? String(held) : held)).length
}
