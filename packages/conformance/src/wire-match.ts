import type { LabPacket } from "@fleetwire/broker-lab"

/** What a value must be: equal to a plain one, or as the words say. */
export type Pattern =
  | string
  | number
  | boolean
  | null
  | {
      readonly above?: number
      readonly below?: number
      readonly atLeast?: number
      readonly atMost?: number
      readonly matches?: string
      readonly present?: boolean
      readonly oneOf?: readonly (string | number | boolean)[]
      readonly not?: string | number | boolean
      readonly length?: number
      /** It may be absent as well. */
      readonly absent?: boolean
    }

/** Which packets are meant. What is not said does not matter. */
export interface PacketMatcher {
  readonly from?: "subject" | "broker"
  readonly cmd: string
  /** Leg of the contract, for PUBLISH, and for SUBSCRIBE with such a filter. */
  readonly leg?: string
  /** PUBLISH on any leg but these. */
  readonly notLeg?: readonly string[]
  readonly device?: string
  /** Id of the request or reply within. */
  readonly for?: string
  /** Fields of the decoded message. */
  readonly where?: Readonly<Record<string, Pattern>>
  /** Fields of the packet, nested ones with dots: `properties.contentType`, `will.retain`. */
  readonly is?: Readonly<Record<string, Pattern>>
  /** Leg of the will of CONNECT. */
  readonly will?: { readonly leg: string; readonly where?: Readonly<Record<string, Pattern>> }
  /** Answers a packet that fits this one, by packet identifier. */
  readonly of?: PacketMatcher
  /** Not decodable by the contract. */
  readonly invalid?: boolean
  /** PUBLISH on a channel of these kinds. */
  readonly kind?: readonly string[]
  /** PUBLISH with the QoS and retain flag of its leg. */
  readonly asDeclared?: boolean
  /** PUBLISH on a topic that is none of the contract's. */
  readonly unplaced?: boolean
  /** PUBLISH that is readable in another format of its leg than the default. */
  readonly otherFormat?: boolean
  /** PUBLISH whose Content Type has the contract's major version. */
  readonly versionDeclared?: boolean
  /** CONNECT with a session as the contract declares it. */
  readonly sessionDeclared?: boolean
  /** CONNECT whose will has the QoS and delay that are declared. */
  readonly willDeclared?: boolean
  /** CONNECT whose Receive Maximum is the sum of the `on-handled` bounds + 16. */
  readonly windowDeclared?: boolean
  /** CONNECT with the client id of S-1. */
  readonly clientIdDeclared?: boolean
  /** PUBLISH whose Response Topic is the contract's for that device. */
  readonly ownResponseTopic?: boolean
  /** SUBSCRIBE to filters that come from templates of the contract, with `+` for what is not bound. */
  readonly contractFilters?: boolean
  /** SUBSCRIBE of which one filter is as this regular expression says. */
  readonly filter?: string
  /** SUBSCRIBE to filters of the subject's own legs and no others. */
  readonly ownFilters?: boolean
}

/** Value at a dotted path; undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === "") return value
  let at: unknown = value
  for (const step of path.split(".")) {
    if (typeof at !== "object" || at === null) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

/** Whether a value is what a pattern says. Octets compare as text. */
export function matchesPattern(value: unknown, pattern: Pattern): boolean {
  const plain = value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value
  if (pattern === null) return plain === undefined || plain === null
  if (typeof pattern !== "object")
    return typeof plain === "bigint" ? plain === BigInt(pattern as number) : plain === pattern
  const { above, below, atLeast, atMost, matches, present, oneOf, not, length, absent } = pattern
  if (absent === true && plain === undefined) return true
  const number = typeof plain === "bigint" ? Number(plain) : plain
  if (present !== undefined && (plain !== undefined && plain !== null) !== present) return false
  if (above !== undefined && !(typeof number === "number" && number > above)) return false
  if (below !== undefined && !(typeof number === "number" && number < below)) return false
  if (atLeast !== undefined && !(typeof number === "number" && number >= atLeast)) return false
  if (atMost !== undefined && !(typeof number === "number" && number <= atMost)) return false
  if (matches !== undefined && !(typeof plain === "string" && new RegExp(matches, "u").test(plain))) return false
  if (oneOf !== undefined && !oneOf.includes(plain as string)) return false
  if (not !== undefined && plain === not) return false
  if (length !== undefined && !((plain as { length?: number } | undefined)?.length === length)) return false
  return true
}

/** Whether every path of `where` has what its pattern says. */
export function matchesAll(value: unknown, where: Readonly<Record<string, Pattern>> | undefined): boolean {
  return Object.entries(where ?? {}).every(([path, pattern]) => matchesPattern(valueAt(value, path), pattern))
}

/** Direction of a packet on the subject's wire. */
export function isFrom(packet: LabPacket, from: "subject" | "broker" | undefined): boolean {
  return from === undefined || (from === "subject") === (packet.direction === "to-broker")
}
