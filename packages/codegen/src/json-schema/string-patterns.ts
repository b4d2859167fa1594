import type { BytesIr, StringFormat } from "@fleetwire/ir"

const LEAP_YEAR = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
const DATE =
  "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))" +
  `|${LEAP_YEAR}-02-29)`
const TIME = "(?:[01]\\d|2[0-3])(?::[0-5]\\d){2}(?:\\.\\d+)?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)"
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const LABEL = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"

/** The grammars of formats as patterns: the keyword `format` is an annotation for most validators. */
export const FORMAT_PATTERNS: { readonly [format in StringFormat]: string } = {
  "date-time": `^${DATE}T${TIME}$`,
  date: `^${DATE}$`,
  time: `^${TIME}$`,
  uuid: "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
  ipv4: `^${OCTET}(?:\\.${OCTET}){3}$`,
  hostname: `^${LABEL}(?:\\.${LABEL})*$`,
  uri: "^[A-Za-z][0-9A-Za-z+.\\-]*:(?:[0-9A-Za-z_.~:/?#\\[\\]@!$&'()*+,;=\\-]|%[0-9A-Fa-f]{2})*$",
}

/** Characters of a hostname at most. */
export const HOSTNAME_LENGTH = 253

const QUAD = "(?:[0-9A-Za-z+/]{4})"
const ONE = "[0-9A-Za-z+/][AQgw]=="
const TWO = "[0-9A-Za-z+/]{2}[048AEIMQUYcgkosw]="

/** Patterns of base64 with padding that says as many octets as the type allows. All of them must fit. */
export function base64Patterns(type: BytesIr): readonly string[] {
  const patterns: string[] = []
  if (type.minLength !== undefined && type.minLength > 0) patterns.push(atLeast(type.minLength))
  patterns.push(type.maxLength === undefined ? `^${QUAD}*(?:${ONE}|${TWO})?$` : atMost(type.maxLength))
  return patterns
}

function atLeast(octets: number): string {
  const head = `${QUAD}{${Math.floor(octets / 3)}}`
  const tail = `(?:${ONE}|${TWO})?`
  if (octets % 3 === 0) return `^${head}${QUAD}*${tail}$`
  const enough = octets % 3 === 1 ? `${ONE}|${TWO}` : TWO
  return `^${head}(?:${QUAD}+${tail}|${enough})$`
}

function atMost(octets: number): string {
  const quads = Math.floor(octets / 3)
  const last = ["", `(?:${ONE})?`, `(?:${ONE}|${TWO})?`][octets % 3]!
  if (quads === 0) return `^${last}$`
  return `^(?:${QUAD}{0,${quads - 1}}(?:${ONE}|${TWO})?|${QUAD}{${quads}}${last})$`
}
