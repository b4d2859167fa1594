import type { Language } from "../core/language.js"

/** Keywords of C99, C11 and C++20, and names that their headers or a compiler define. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await " +
    "co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do " +
    "double dynamic_cast else enum errno explicit export extern false far final float for friend goto if import inline int " +
    "interface linux long main module mutable namespace near new noexcept not not_eq nullptr operator or or_eq override " +
    "private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert " +
    "static_cast struct switch template this thread_local throw true try typedef typeid typename typeof union unix unsigned " +
    "using virtual void volatile wchar_t while xor xor_eq NULL EOF TRUE FALSE"
  ).split(" "),
)

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/

/** Lexical rules of C99 that C++ shares. */
export const c: Language = {
  string: quoted,
  doc(text) {
    const lines = commentLines(text)
    return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"]
  },
  comment(text) {
    const lines = commentLines(text)
    return lines.length === 1 ? [`/* ${lines[0]} */`] : ["/*", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"]
  },
  isIdentifier: (name) => NAME.test(name) && !RESERVED_WORDS.has(name),
  key: (name) => `.${name}`,
  access: (name) => `.${name}`,
  bigint: (digits) => digits,
  imports: (modules) => modules.map(({ specifier }) => `#include ${quoted(specifier)}`),
  specifier: (_, from) => (from.kind === "module" ? from.specifier : (from.path.split("/").at(-1) ?? from.path)),
}

/**
 * A string literal of the text's UTF-8. Octets that are not printable ASCII are octal of three digits, which no digit
 * behind them can lengthen; a question mark is escaped where it could begin a trigraph.
 */
function quoted(text: string): string {
  let said = ""
  for (const octet of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(octet)
    if (character === '"' || character === "\\") said += `\\${character}`
    else if (character === "?" && said.endsWith("?")) said += "\\?"
    else if (octet >= 0x20 && octet < 0x7f) said += character
    else said += `\\${octet.toString(8).padStart(3, "0")}`
  }
  return `"${said}"`
}

// A line that ends in a backslash would go on; `*/` and `/*` would end or nest the comment; what reorders is left out.
function commentLines(text: string): readonly string[] {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => (character === "\n" ? "\n" : " "))
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replaceAll("??/", "?? /")
    .split("\n")
    .map((line) => line.trimEnd().replace(/\\$/, "\\ ."))
}
