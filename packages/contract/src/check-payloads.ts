import type { Format, TypeIr } from "@fleetwire/ir"
import type { CheckScope } from "./check-scope.js"
import type { Acceptance, Place } from "./diagnostic.js"
import type { LegDraft } from "./lower-leg.js"

/** What a format cannot carry, what could encode to nothing, and what has no bound. */
export function checkPayloads(scope: CheckScope): void {
  const { drafts, ir } = scope
  const find = (name: string) => ir.messages.find((message) => message.name === name)?.type
  for (const { legs, accept } of drafts) {
    for (const leg of legs) {
      const type = find(leg.message)
      if (type === undefined) continue
      const resolved = resolve(type, find)
      for (const format of leg.accepts) {
        checkFormat(format, leg, resolved, scope)
        if (leg.retain) checkZeroBytes(format, leg, resolved, scope)
        if (format === "protobuf" && leg.accepts.length > 1) {
          checkAbsence(type, scope.messagePlace(leg.message), accept, scope, find, [])
        }
      }
      if (leg.accepts.includes("compact") && !hasShort(resolved)) {
        scope.report.add("contract/format-missing-short", leg.place, { message: leg.message }, accept)
      }
      checkBounds(type, scope.messagePlace(leg.message), accept, scope, find, [])
    }
  }
}

type Find = (name: string) => TypeIr | undefined

function resolve(type: TypeIr, find: Find): TypeIr {
  const target = type.kind === "ref" ? find(type.message) : undefined
  return target === undefined ? type : resolve(target, find)
}

function checkFormat(format: Format, leg: LegDraft, type: TypeIr, { report }: CheckScope): void {
  const words = describe(type)
  const add = (suggestion: string) =>
    report.add("contract/format-type", leg.place, { format, message: leg.message, type: words, suggestion })
  const composite = ["list", "map", "object", "union"].includes(type.kind)
  if (format === "text" && (composite || type.kind === "bytes")) add("text is for one scalar; use json")
  if (format === "bytes" && type.kind !== "bytes") add("bytes is for t.bytes; use json")
  if (format === "protobuf" && type.kind !== "object" && type.kind !== "union") add("protobuf is for objects; use text")
}

/** An empty retained payload clears its topic (M-1): no message may look like that. */
function checkZeroBytes(format: Format, leg: LegDraft, type: TypeIr, { report }: CheckScope): void {
  const values = { message: leg.message, format }
  if (format === "protobuf" && type.kind === "object") {
    const written = type.fields.some(
      ({ required, type: { kind } }) => required && !["list", "map", "const"].includes(kind),
    )
    if (!written) {
      report.add("contract/zero-bytes", leg.place, {
        ...values,
        remedy: "make a field required that is no list or map",
      })
    }
  }
  const empty =
    (type.kind === "string" &&
      (type.minLength ?? 0) === 0 &&
      type.format === undefined &&
      type.pattern === undefined) ||
    (type.kind === "bytes" && (type.minLength ?? 0) === 0) ||
    (type.kind === "enum" && type.open)
  if ((format === "text" || format === "bytes") && empty) {
    report.add("contract/zero-bytes", leg.place, { ...values, remedy: "give it `minLength: 1`" })
  }
}

/** W-2: what protobuf cannot tell from its absence is another value there than in the other formats of the channel. */
function checkAbsence(
  type: TypeIr,
  place: Place,
  accept: Acceptance,
  scope: CheckScope,
  find: Find,
  seen: readonly string[],
): void {
  const inner = (next: TypeIr, path: string) => checkAbsence(next, { ...place, path }, accept, scope, find, seen)
  switch (type.kind) {
    case "object":
      for (const field of type.fields) {
        const { kind } = field.type
        const path = `${place.path}.${field.name}`
        if (!field.required && (kind === "list" || kind === "map" || kind === "const")) {
          const same = kind === "const" ? "absence from presence" : "an empty one from an absent one"
          const values = { field: field.name, what: describe(field.type), same }
          scope.report.add("contract/protobuf-absence", { ...place, path }, values, accept)
        }
        inner(field.type, path)
      }
      return
    case "list":
      inner(type.item, `${place.path}[]`)
      return
    case "map":
      inner(type.value, `${place.path}{}`)
      return
    case "union":
      for (const { value, type: branch } of type.branches) inner(branch, `${place.path}<${value}>`)
      return
    case "ref": {
      const target = find(type.message)
      if (target === undefined || seen.includes(type.message)) return
      checkAbsence(target, scope.messagePlace(type.message), accept, scope, find, [...seen, type.message])
      return
    }
    default:
      return
  }
}

function hasShort(type: TypeIr): boolean {
  switch (type.kind) {
    case "object":
      return type.fields.some((field) => field.short !== undefined || hasShort(field.type))
    case "union":
      return type.branches.some((branch) => hasShort(branch.type))
    case "list":
      return hasShort(type.item)
    default:
      return false
  }
}

function checkBounds(
  type: TypeIr,
  place: Place,
  accept: Acceptance,
  scope: CheckScope,
  find: Find,
  seen: readonly string[],
): void {
  const add = (what: string, bound: string) => scope.report.add("contract/unbounded", place, { what, bound }, accept)
  const inner = (next: TypeIr, path: string) => checkBounds(next, { ...place, path }, accept, scope, find, seen)
  switch (type.kind) {
    case "string":
      if (type.maxLength === undefined && type.maxBytes === undefined && fixedLength(type.format) === undefined) {
        add("the text", "maxLength")
      }
      return
    case "bytes":
      if (type.maxLength === undefined) add("the bytes", "maxLength")
      return
    case "list":
      if (type.maxItems === undefined) add("the list", "maxItems")
      inner(type.item, `${place.path}[]`)
      return
    case "map":
      if (type.maxProperties === undefined) add("the map", "maxProperties")
      if (type.keyMaxLength === undefined) add("the map", "keyMaxLength")
      inner(type.value, `${place.path}{}`)
      return
    case "object":
      for (const field of type.fields) inner(field.type, `${place.path}.${field.name}`)
      return
    case "union":
      for (const { value, type: branch } of type.branches) inner(branch, `${place.path}<${value}>`)
      return
    case "ref": {
      const target = find(type.message)
      if (target === undefined || seen.includes(type.message)) return
      checkBounds(target, scope.messagePlace(type.message), accept, scope, find, [...seen, type.message])
      return
    }
    default:
      return
  }
}

/** Formats whose grammar bounds the text by itself. */
function fixedLength(format: string | undefined): number | undefined {
  return format === "uuid"
    ? 36
    : format === "date"
      ? 10
      : format === "ipv4"
        ? 15
        : format === "date-time"
          ? 35
          : format === "time"
            ? 24
            : undefined
}

function describe(type: TypeIr): string {
  switch (type.kind) {
    case "int":
    case "enum":
    case "object":
      return `an ${type.kind === "int" ? "integer" : type.kind}`
    case "float":
      return "a number"
    case "bool":
      return "a truth value"
    case "const":
      return "a constant"
    case "bytes":
      return "bytes"
    case "string":
      return "a text"
    default:
      return `a ${type.kind}`
  }
}
