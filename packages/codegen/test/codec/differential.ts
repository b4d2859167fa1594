import { createDynamicCodec, type DynamicCodec } from "@fleetwire/dynamic"
import type { ContractIr, Format, TypeIr } from "@fleetwire/ir"
import type { Codec, Result } from "@fleetwire/runtime"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { messageSchema } from "../../src/json-schema/message-schema.js"
import { type LoadedMessage, loadCodecs } from "./load-codecs.js"
import { looseJson } from "./loose-json.js"
import { randomContract } from "./random-contract.js"
import { randomValue } from "./random-value.js"
import { sameValue } from "./same-value.js"
import { SeededRandom } from "./seeded-random.js"

/** What generated and interpreted codecs disagree about. */
export interface Difference {
  readonly seed: number
  readonly message: string
  readonly format: Format
  readonly what: string
  readonly input: string
  readonly generated: string
  readonly interpreted: string
  readonly type: TypeIr
}

export interface Outcome {
  readonly cases: number
  /** How many inputs were valid: a fuzzer that meets only refusals proves little. */
  readonly valid: number
  readonly differences: readonly Difference[]
}

/** The formats that a message can have. */
export function formatsFor(_: ContractIr, type: TypeIr): readonly Format[] {
  const formats: Format[] = ["json", "compact", "protobuf"]
  if (["bool", "int", "float", "string", "enum", "const"].includes(type.kind)) formats.push("text")
  if (type.kind === "bytes" || type.kind === "string") formats.push("bytes")
  return formats
}

/**
 * Runs `cases` random values and payloads of random contracts through generated codecs and through the interpreter, and
 * through all formats in turn. The same seed runs the same cases.
 */
export async function runDifferential(options: {
  readonly seed: number
  readonly cases: number
  readonly contracts: number
}): Promise<Outcome> {
  const random = new SeededRandom(options.seed)
  const contracts = Array.from({ length: options.contracts }, () => randomContract(random))
  const loaded = await loadCodecs(contracts, (ir, name) =>
    formatsFor(ir, ir.messages.find((message) => message.name === name)!.type),
  )
  const subjects = contracts.flatMap((ir, index) =>
    ir.messages.map(
      (message) => new Subject(ir, message.name, message.type, loaded[index]!.get(message.name)!, options.seed),
    ),
  )
  let cases = 0
  while (cases < options.cases) {
    for (const subject of subjects) {
      subject.run(random)
      cases++
    }
  }
  return {
    cases: subjects.reduce((sum, subject) => sum + subject.cases, 0),
    valid: subjects.reduce((sum, subject) => sum + subject.valid, 0),
    differences: subjects.flatMap((subject) => subject.differences),
  }
}

class Subject {
  cases = 0
  valid = 0
  readonly differences: Difference[] = []
  readonly #schema: ValidateFunction
  readonly #pairs: ReadonlyMap<Format, { readonly generated: Codec<unknown>; readonly interpreted: DynamicCodec }>

  constructor(
    readonly ir: ContractIr,
    readonly message: string,
    readonly type: TypeIr,
    readonly loaded: LoadedMessage,
    readonly seed: number,
  ) {
    // Formats are patterns in our schemas; own properties only, as every reader of JSON sees them.
    const ajv = new Ajv2020({ strict: false, strictNumbers: true, validateFormats: false, ownProperties: true })
    this.#schema = ajv.compile(messageSchema(ir, message))
    this.#pairs = new Map(
      formatsFor(ir, type).map((format) => [
        format,
        { generated: loaded.codecs[format]!, interpreted: createDynamicCodec(ir, message, format) },
      ]),
    )
  }

  run(random: SeededRandom): void {
    const wild = random.once(3)
    const value = randomValue(this.ir, this.type, random, wild)
    const payloads = this.#encode(value)
    for (const compact of [false, true]) {
      const text = looseJson(this.type, value, random, compact)
      const octets = mutate(new TextEncoder().encode(text), random, 12)
      this.#decode(compact ? "compact" : "json", octets)
    }
    for (const [format, octets] of payloads) this.#decode(format, mutate(octets, random, 1))
    const protobuf = payloads.get("protobuf")
    if (protobuf !== undefined) {
      this.#decode("protobuf", shuffleFields(protobuf, random))
      const other = this.#pairs.get("protobuf")!.generated.encode(randomValue(this.ir, this.type, random))
      this.#decode("protobuf", other.ok ? joined(protobuf, other.value) : joined(protobuf, protobuf))
      if (other.ok) this.#decode("protobuf", joined(mutate(other.value, random, 1), protobuf))
    }
  }

  /** Writes a value in every format, and reads each back. */
  #encode(value: unknown): ReadonlyMap<Format, Uint8Array> {
    const payloads = new Map<Format, Uint8Array>()
    for (const [format, { generated, interpreted }] of this.#pairs) {
      this.cases++
      const mine = generated.encode(value)
      const theirs = interpret(() => interpreted.encode(value))
      if (mine.ok !== theirs.ok) {
        this.#differ(format, "encode", value, mine, theirs)
        continue
      }
      if (format === "json" && this.loaded.is(value) !== mine.ok) this.#differ(format, "is", value, mine, theirs)
      if (!mine.ok || !theirs.ok) {
        this.#issues(format, "encode", value, mine)
        continue
      }
      this.valid++
      payloads.set(format, mine.value)
      const back = interpret(() => interpreted.decode(mine.value))
      const again = generated.decode(theirs.value)
      if (!back.ok || !again.ok || !sameValue(back.value, again.value))
        this.#differ(format, "round trip", value, again, back)
      if (format === "protobuf" && Buffer.compare(mine.value, theirs.value) !== 0)
        this.#differ(format, "octets", value, mine, theirs)
    }
    return payloads
  }

  #decode(format: Format, octets: Uint8Array): void {
    this.cases++
    const { generated, interpreted } = this.#pairs.get(format)!
    const mine = generated.decode(octets)
    const theirs = interpret(() => interpreted.decode(octets))
    if (mine.ok !== theirs.ok || (mine.ok && theirs.ok && !sameValue(mine.value, theirs.value)))
      this.#differ(format, "decode", octets, mine, theirs)
    else if (format === "json" && !this.#agreesWithSchema(octets, mine))
      this.#differ(format, "schema", octets, mine, this.#schema.errors)
    else if (!mine.ok) this.#issues(format, "decode", octets, mine)
    else {
      this.valid++
      if (!this.loaded.is(mine.value)) this.#differ(format, "decoded is not valid", octets, mine, theirs)
      this.#across(mine.value, octets)
    }
  }

  /** JSON.parse and ajv accept what the codec accepts, apart from what a schema cannot say. */
  #agreesWithSchema(octets: Uint8Array, mine: Result<unknown>): boolean {
    let accepted: boolean
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets)
      accepted = this.#schema(JSON.parse(text))
    } catch {
      accepted = false
    }
    if (accepted === mine.ok) return true
    return (
      !mine.ok &&
      mine.issues.every(
        ({ code, path }) => UNSAID.has(code) || (code !== "type" && this.#wideAt(path)) || path.includes("__proto__"),
      )
    )
  }

  /** Bounds of 64-bit integers are said only for those that are JSON numbers. Branches of a union may share a field's name. */
  #wideAt(path: string): boolean {
    const steps = path
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    let types: readonly TypeIr[] = [this.type]
    for (const step of steps) types = types.flatMap((type) => inside(type, step))
    return types.some((type) => type.kind === "int" && type.bits === 64)
  }

  /** A decoded value is the same after a journey through the other formats. */
  #across(value: unknown, octets: Uint8Array): void {
    if (hasEmptyCollection(value)) return
    let at = value
    for (const format of ["json", "protobuf", "compact"] as const) {
      const { generated } = this.#pairs.get(format)!
      const written = generated.encode(at)
      // An open enum's value that has no number is one that formats with numbers cannot carry.
      if (!written.ok) return
      const read = generated.decode(written.value)
      if (!read.ok || !(sameValue(read.value, at) || format === "protobuf")) {
        this.#differ(format, "across", octets, read, { ok: true, value: at })
        return
      }
      at = read.value
    }
  }

  #issues(format: Format, what: string, input: unknown, result: Result<unknown>): void {
    if (result.ok) return
    const unexplained =
      result.issues.length === 0 ||
      result.issues.some(
        (issue) => issue.message === "not a value that this format carries" && !this.#unnumbered(input, format),
      )
    if (unexplained || result.issues.length > 16) this.#differ(format, `${what} without issues`, input, result, result)
  }

  /** The only values that some formats do not carry: open enums whose value has no number. */
  #unnumbered(input: unknown, format: Format): boolean {
    return format !== "json" && !(input instanceof Uint8Array && this.type.kind !== "bytes") && this.loaded.is(input)
  }

  #differ(format: Format, what: string, input: unknown, mine: unknown, theirs: unknown): void {
    if (this.differences.length >= 3) return
    this.differences.push({
      seed: this.seed,
      message: this.message,
      format,
      what,
      input: show(input),
      generated: show(mine),
      interpreted: show(theirs),
      type: this.type,
    })
  }
}

/** The interpreter leaves some broken payloads to protobufjs, which throws: a refusal like any other. */
function interpret<T>(
  run: () =>
    | Result<T>
    | {
        readonly ok: false
        readonly issues: readonly { readonly path: string; readonly code: string; readonly message: string }[]
      },
) {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { ok: false as const, issues: [{ path: "", code: "truncated", message: error.message }] }
  }
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString("hex")
    return `${hex.slice(0, 600)} ${JSON.stringify(Buffer.from(value).toString("latin1")).slice(0, 600)}`
  }
  return (
    JSON.stringify(value, (_, item) => {
      if (typeof item === "bigint") return `${item}n`
      if (item instanceof Uint8Array) return `0x${Buffer.from(item).toString("hex")}`
      return Object.is(item, -0) ? "-0" : typeof item === "number" && !Number.isFinite(item) ? String(item) : item
    }) ?? "undefined"
  ).slice(0, 900)
}

function hasEmptyCollection(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false
  const items = Object.values(value)
  return items.length === 0 || items.some(hasEmptyCollection)
}

/** Codes of issues that JSON Schema has no words for. */
const UNSAID: ReadonlySet<string> = new Set(["duplicate", "max_bytes", "encoding", "too_deep"])

/** The same octets, or, once in `n`, with one of them changed, removed, doubled, or the rest cut off. */
function mutate(octets: Uint8Array, random: SeededRandom, n: number): Uint8Array {
  if (!random.once(n) || octets.length === 0) return octets
  const at = random.below(octets.length)
  switch (random.below(5)) {
    case 0:
      return octets.slice(0, at)
    case 1:
      return joined(octets.slice(0, at), octets.slice(at + 1))
    case 2:
      return joined(octets.slice(0, at + 1), octets.slice(at))
    case 3:
      return joined(
        octets.slice(0, at),
        Uint8Array.of(random.pick([0, 9, 34, 44, 92, 123, 125, 128, 192, 237, 255]), ...octets.slice(at)),
      )
    default: {
      const changed = octets.slice()
      changed[at] = random.once(2) ? changed[at]! ^ (1 << random.below(8)) : random.below(256)
      return changed
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** A message's top fields in another order, with some that nobody knows. */
function shuffleFields(octets: Uint8Array, random: SeededRandom): Uint8Array {
  const fields: Uint8Array[] = []
  let p = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; p < octets.length; shift *= 128) {
      const octet = octets[p++]!
      value += (octet & 127) * shift
      if (octet < 128) break
    }
    return value
  }
  while (p < octets.length) {
    const from = p
    const wire = varint() % 8
    if (wire === 0) varint()
    else if (wire === 2) p = varint() + p
    else p += wire === 1 ? 8 : 4
    fields.push(octets.slice(from, p))
  }
  if (random.once(2)) fields.push(Uint8Array.of(0xf8, 0xff, 0x01, random.below(100)))
  if (random.once(2)) fields.push(Uint8Array.of(0xfa, 0xff, 0x01, 2, 255, 255))
  fields.sort(() => random.next() - 0.5)
  return joined(...fields)
}

/** What a step of a pointer may lead to. */
function inside(type: TypeIr, step: string): readonly TypeIr[] {
  switch (type.kind) {
    case "object":
      return type.fields.filter(({ name }) => name === step).map((field) => field.type)
    case "union":
      return type.branches.flatMap((branch) => inside(branch.type, step))
    case "list":
      return [type.item]
    case "map":
      return [type.value]
    default:
      return []
  }
}
