/* The grammars of string formats, as the language document has them. All are linear in the length of the text. */

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const TIME = /^([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/
const LABEL = /^[\da-z]([\da-z-]{0,61}[\da-z])?$/i
const URI = /^[a-z][\da-z+.-]*:([\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})*$/i

/** `2026-02-28`: a day that exists in the Gregorian calendar. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const year = +text.slice(0, 4)
  const month = +text.slice(5, 7)
  const day = +text.slice(8)
  if (month === 2) return day < 29 || (day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
  return day < 31 || (month !== 4 && month !== 6 && month !== 9 && month !== 11)
}

/** `23:59:59.5Z`, `08:00:00+02:00`. */
export function isTime(text: string): boolean {
  return TIME.test(text)
}

/** A date, `T`, and a time with its offset. */
export function isDateTime(text: string): boolean {
  return text.charCodeAt(10) === 84 && isDate(text.slice(0, 10)) && TIME.test(text.slice(11))
}

/** Hexadecimal digits in groups of 8, 4, 4, 4 and 12. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** Four decimal octets without leading zeros. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text)
}

/** Labels of letters, digits and inner hyphens, 253 characters at most. */
export function isHostname(text: string): boolean {
  return text.length <= 253 && text.split(".").every((label) => LABEL.test(label))
}

/** A scheme, a colon, and characters that a URI may have. */
export function isUri(text: string): boolean {
  return URI.test(text)
}
