import type { Format, JsonValue, MessageIr, TypeIr } from "@fleetwire/ir"
import { createNameScope, pascalCase } from "../../core/name-policy.js"
import { EXTENSION } from "../extension.js"
import { formatOfMediaType } from "../media-type.js"
import type { ImportReport } from "./finding.js"
import { isRecord, type Node } from "./node.js"
import { readType } from "./read-type.js"
import { factsOf } from "./type-world.js"

/** One message of a channel as a document has it: what travels, and how. */
export interface MessageUse {
  readonly message: string
  readonly format: Format
  /** Name of the payload's field that holds the id of request and reply. */
  readonly correlation?: string
}

/** Messages of a document, each read once, however many formats it travels in. */
export class MessageReader {
  readonly #report: ImportReport
  readonly #defaultType: string
  readonly #scope = createNameScope({ case: pascalCase, reserved: [], empty: "Message" })
  /** Names by the place of the payload's schema. */
  readonly #names = new Map<string, string>()
  readonly #read = new Map<string, MessageIr>()

  /** `declared` holds schemas that are messages whether or not a channel carries them: name → place. */
  constructor(root: Node, report: ImportReport, declared: ReadonlyMap<string, Node>) {
    this.#report = report
    this.#defaultType = root.text("defaultContentType") ?? "application/json"
    for (const [name, place] of declared) this.#names.set(place.id, name)
    for (const [name, place] of declared) this.#message(name, place, undefined)
  }

  get messages(): readonly MessageIr[] {
    return [...this.#read.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Reads one message; undefined, and reported, where it cannot be carried. */
  use(node: Node, key: string): MessageUse | undefined {
    const at = node.resolve()
    if (at === undefined) return undefined
    const traits =
      at
        .get("traits")
        ?.items()
        .flatMap((trait) => trait.resolve() ?? []) ?? []
    const said = (name: string) => [at, ...traits].map((one) => one.get(name)).find((found) => found !== undefined)
    const contentType = said("contentType")?.value
    const format = this.#format(typeof contentType === "string" ? contentType : this.#defaultType)
    const name = at.text("name") ?? key
    if (format === undefined) return this.#drop(at, name, `its content type is ${String(contentType)}`)
    if (said("headers") !== undefined) {
      this.#report.add("asyncapi/part-dropped", at.target, {
        what: "`headers`",
        reason: "user properties have no contract",
      })
    }
    const written = at.get("payload")
    if (written === undefined && at.at("payload") !== undefined)
      return this.#drop(at, name, "its payload refers to nothing")
    const schema = written === undefined ? undefined : this.#schema(written, name)
    if (written !== undefined && schema === undefined) return undefined
    const location = said("correlationId")?.text("location")
    const correlation = location === undefined ? undefined : /^\$message\.payload#\/([^/]+)$/.exec(location)?.[1]
    if (location !== undefined && correlation === undefined) {
      this.#report.add("asyncapi/part-dropped", at.target, {
        what: `the correlation id at ${location}`,
        reason: "ids are fields of the payload, not nested",
      })
    }
    const message = this.#of(schema, at, name)
    if (message === undefined) return undefined
    return {
      message: message.name,
      format: settle(format, message.type, contentType !== undefined),
      ...(correlation !== undefined && { correlation: correlation.replaceAll("~1", "/").replaceAll("~0", "~") }),
    }
  }

  /** The message whose schema stands at a place. */
  readonly messageAt = (id: string): string | undefined => this.#names.get(id)

  #of(schema: Node | undefined, at: Node, name: string): MessageIr | undefined {
    if (schema === undefined) return this.#octets(at, name)
    const known = this.#names.get(schema.id)
    if (known !== undefined) {
      const found = this.#read.get(known)
      if (found !== undefined) this.#annotate(found, at)
      return this.#read.get(known)
    }
    const own = /^\/components\/schemas\/([^/]+)$/.exec(schema.path)?.[1] ?? name
    const taken = this.#scope.take(own)
    this.#names.set(schema.id, taken)
    return this.#message(taken, schema, at)
  }

  /** A message of which nothing is said is octets. */
  #octets(at: Node, name: string): MessageIr {
    this.#report.add("asyncapi/decided", at.target, {
      what: `${name} has no payload: it is carried as octets`,
      help: "say in the contract what is in it",
    })
    const message: MessageIr = { name: this.#scope.take(name), type: { kind: "bytes" } }
    this.#names.set(at.id, message.name)
    this.#read.set(message.name, message)
    return message
  }

  #message(name: string, schema: Node, at: Node | undefined): MessageIr | undefined {
    const before = this.#report.broken
    const type = readType(schema, name, { report: this.#report, messageAt: this.messageAt })
    const broken = this.#report.broken > before
    if (type === undefined || broken) {
      // What refers to it must not take it for a message that is there.
      this.#names.delete(schema.id)
      const why = broken
        ? "something in it leads back to itself, or nowhere"
        : "its payload has no type that every target can carry"
      if (at !== undefined) this.#drop(at, name, why)
      return undefined
    }
    const resolved = schema.resolve()
    const facts = resolved === undefined ? {} : factsOf(resolved)
    const unit = typeof facts.unit === "string" ? facts.unit : undefined
    const described = resolved?.text("description") ?? at?.text("summary") ?? at?.text("description")
    // With a unit the description says more than `doc` does.
    const doc = unit === undefined ? described : typeof facts.doc === "string" ? facts.doc : undefined
    const message: MessageIr = { name, ...(doc !== undefined && { doc }), ...(unit !== undefined && { unit }), type }
    this.#read.set(name, message)
    if (at !== undefined) this.#annotate(message, at)
    return this.#read.get(name)
  }

  /** What the document says of a message beside its schema. */
  #annotate(message: MessageIr, at: Node): void {
    const facts = isRecord(at.value) ? at.value[EXTENSION] : undefined
    if (!isRecord(facts)) return
    const { deprecated, since, was, examples } = facts as { readonly [name: string]: JsonValue | undefined }
    this.#read.set(message.name, {
      ...message,
      ...(examples !== undefined && { examples: examples as readonly JsonValue[] }),
      ...(typeof deprecated === "string" && { deprecated }),
      ...(typeof since === "string" && { since }),
      ...(Array.isArray(was) && { was: was as readonly string[] }),
    })
  }

  /** The schema of a payload; undefined, and reported, for one in another language. */
  #schema(payload: Node, name: string): Node | undefined {
    const written = isRecord(payload.value) ? payload.value.schemaFormat : undefined
    if (typeof written !== "string") return payload
    const plain = /^application\/(vnd\.aai\.asyncapi|schema)([+;].*)?$/.test(written)
    if (plain) return payload.get("schema")
    this.#drop(payload, name, `its schema is ${written}`)
    return undefined
  }

  #format(contentType: string): Format | undefined {
    const media = contentType.split(";")[0]!.trim().toLowerCase()
    return (
      formatOfMediaType(contentType) ??
      (/^application\/([\w.-]+\+)?json$/.test(media) ? "json" : media.startsWith("text/") ? "text" : undefined)
    )
  }

  #drop(at: Node, name: string, reason: string): undefined {
    this.#report.add("asyncapi/message-dropped", at.target, { name, reason })
    return undefined
  }
}

const SCALARS: ReadonlySet<TypeIr["kind"]> = new Set(["bool", "int", "float", "string", "enum", "const"])

/** Text carries scalars only, octets only bytes; a message of octets about which nothing is said travels as they are. */
function settle(format: Format, type: TypeIr, said: boolean): Format {
  if (type.kind === "bytes") return said ? format : "bytes"
  const unfit = (format === "text" && !SCALARS.has(type.kind)) || format === "bytes"
  return unfit ? "json" : format
}
