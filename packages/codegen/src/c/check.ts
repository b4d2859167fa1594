import { type ContractIr, type FieldIr, resolveType, type TypeIr } from "@fleetwire/ir"
import type { TargetFinding } from "../target.js"
import { scaledOf } from "./scaled.js"

/** What C without a heap cannot carry, by its code. Each finding says in its own words where and why. */
export const cCodes = {
  "c/too-large": {
    message: "a message or an object has more fields, or a higher field number, than C's tables take",
    help: "split the message, or group its fields in objects",
  },
  "c/float": {
    message: "a float that no integer can stand for exactly",
    help: "declare `decimals`, `min` and `max`, all within what the float can tell apart",
  },
  "c/enum-gap": {
    message: "numbers of an enum that are too far apart for a table",
    help: "number the values closer together",
  },
  "c/unbounded": {
    message: "a list has no bound, and C has no heap",
    help: "add `maxItems`",
  },
  "c/name": {
    message: "a name or a word is too long, or would need escapes in JSON",
    help: "choose a plain name",
  },
  "c/not-carried": {
    message: "a type that the C target does not carry, such as a map, a tagged union, octets or an open enum",
    help: "say it by a type that C carries, or keep the message out of firmware",
  },
} as const

type CCode = keyof typeof cCodes

/** Everything in a contract's messages that C without a heap cannot carry. */
export function checkForC(ir: ContractIr): readonly TargetFinding[] {
  const findings: TargetFinding[] = []
  for (const message of ir.messages) {
    new Check(ir, findings).type(message.type, message.name)
    const fields = countFields(ir, message.type)
    if (fields > MAX_FIELDS)
      findings.push(
        error("c/too-large", message.name, `${fields} fields, of which C numbers ${MAX_FIELDS}`, "split the message"),
      )
  }
  return findings
}

/** A field's number in its message is one octet. */
const MAX_FIELDS = 250
/** Seen fields of an object are bits of one word. */
const MAX_MEMBERS = 32
/** A tag has two octets at most in a table. */
const MAX_NUMBER = 2047
/** A word's length is one octet. */
const MAX_NAME = 250

class Check {
  constructor(
    readonly ir: ContractIr,
    readonly findings: TargetFinding[],
  ) {}

  type(declared: TypeIr, path: string): void {
    // A message that is referred to is looked at by itself.
    const type = declared
    switch (type.kind) {
      case "int":
        if (type.fixed === true) this.#refuse(path, "integers of fixed width on the wire", "declare it without `fixed`")
        if (type.multipleOf !== undefined) this.#refuse(path, "multiples", "check the step in the application")
        return
      case "float":
        if (scaledOf(type) === undefined)
          this.#add(
            "c/float",
            path,
            "a float that no integer can stand for exactly",
            "declare `decimals`, `min` and `max`, all within what the float can tell apart",
          )
        return
      case "bytes":
        this.#refuse(path, "octets", "use a string, or keep the message out of firmware")
        return
      case "enum":
        if (type.open) this.#refuse(path, "open enums", "close the enum")
        if (type.compactAs === "number")
          this.#refuse(path, "enums that compact JSON writes as numbers", "leave `compactAs` out")
        for (const { name } of type.values) this.#word(name, path)
        if (
          Math.max(...type.values.map(({ number }) => number)) - Math.min(...type.values.map(({ number }) => number)) >
          200
        )
          this.#add(
            "c/enum-gap",
            path,
            "numbers of an enum that are too far apart",
            "number the values closer together",
          )
        return
      case "const":
        if (typeof type.value === "number" && !Number.isInteger(type.value))
          this.#refuse(path, "constants that are fractions", "use an integer or a text")
        if (typeof type.value === "string") this.#word(type.value, path)
        return
      case "list":
        if (type.maxItems === undefined)
          this.#add("c/unbounded", path, "the list has no maxItems, and C has no heap", "add `maxItems`")
        if (["list", "map", "union", "const"].includes(resolveType(this.ir, type.item).kind))
          this.#refuse(path, "lists of lists, maps, unions or constants", "wrap the item in an object")
        this.type(type.item, path)
        return
      case "map":
        this.#refuse(path, "maps", "use a list of objects with a key")
        return
      case "union":
        this.#refuse(path, "tagged unions", "use an object with optional fields")
        return
      case "object":
        if (type.fields.length > MAX_MEMBERS)
          this.#add(
            "c/too-large",
            path,
            `${type.fields.length} fields in one object, of which C takes ${MAX_MEMBERS}`,
            "group them in objects",
          )
        for (const field of type.fields) this.#field(field, `${path}.${field.name}`)
        return
      default:
        return
    }
  }

  #field(field: FieldIr, path: string): void {
    for (const name of [field.name, field.short ?? ""]) this.#word(name, path)
    if (field.number > MAX_NUMBER)
      this.#add(
        "c/too-large",
        path,
        `the field number ${field.number} is above ${MAX_NUMBER}`,
        "keep the message out of firmware",
      )
    const type = resolveType(this.ir, field.type)
    if (field.default !== undefined && type.kind === "list")
      this.#refuse(path, "defaults of lists", "fill it in the application")
    this.type(field.type, path)
  }

  /** Names and words stand in tables as JSON says them between quotes. */
  #word(word: string, path: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these.
    if (/["\\\u0000-\u001f]/.test(word) || new TextEncoder().encode(word).length > MAX_NAME)
      this.#add(
        "c/name",
        path,
        `${JSON.stringify(word)} is too long or would need escapes in JSON`,
        "choose a plain name",
      )
  }

  #refuse(path: string, what: string, help: string): void {
    this.#add("c/not-carried", path, `the C target does not carry ${what}`, help)
  }

  #add(code: CCode, path: string, message: string, help: string): void {
    this.findings.push(error(code, path, message, help))
  }
}

function error(code: CCode, path: string, message: string, help: string): TargetFinding {
  return { code, severity: "error", path, message, help }
}

function countFields(ir: ContractIr, declared: TypeIr): number {
  const type = resolveType(ir, declared)
  if (type.kind === "list") return countFields(ir, type.item)
  if (type.kind !== "object") return 0
  return type.fields.reduce((sum, field) => sum + 1 + countFields(ir, field.type), 0)
}
