import type { ImportedModule, Language } from "../core/language.js"
import type { SymbolRef } from "../core/symbol.js"

/** ECMAScript reserved words in strict module code, with the names that a module may not bind. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for from function get if implements import in instanceof interface let new null of package " +
    "private protected public return set static super switch this throw true try type typeof undefined using var void " +
    "while with yield"
  ).split(" "),
)

const CONTEXTUAL = new Set(["as", "async", "from", "get", "of", "set", "type", "using"])
// What nearly every text and name is, told quickly.
const PLAIN_TEXT = /^[ !#-[\]-~]*$/
const PLAIN_NAME = /^[A-Za-z$_][\w$]*$/
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u
// Control characters, line ends of ECMAScript, format characters (bidirectional ones reorder what a reader sees), the
// byte order mark, and surrogates without their partner.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}]/gu

/** TypeScript's lexical rules. */
export const typescript: Language = {
  string(text) {
    if (PLAIN_TEXT.test(text)) return `"${text}"`
    return `"${text.replace(/["\\]/g, "\\$&").replace(UNSAFE, escapeOf)}"`
  },
  doc(text) {
    const lines = commentLines(text)
    return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"]
  },
  comment(text) {
    return commentLines(text).map((line) => `// ${line}`.trimEnd())
  },
  isIdentifier(name) {
    return isName(name) && (!RESERVED_WORDS.has(name) || CONTEXTUAL.has(name))
  },
  key(name) {
    // `{ "__proto__": x }` sets the prototype, a computed key does not.
    if (name === "__proto__") return '["__proto__"]'
    return isName(name) ? name : typescript.string(name)
  },
  access(name) {
    return isName(name) ? `.${name}` : `[${typescript.string(name)}]`
  },
  bigint(digits) {
    return `${digits}n`
  },
  imports(modules) {
    return modules.map(importLine)
  },
  specifier(file, from) {
    return from.kind === "module" ? from.specifier : relative(file, from)
  },
}

function isName(name: string): boolean {
  return PLAIN_NAME.test(name) || IDENTIFIER.test(name)
}

function escapeOf(character: string): string {
  switch (character) {
    case "\n":
      return "\\n"
    case "\r":
      return "\\r"
    case "\t":
      return "\\t"
  }
  let text = ""
  for (let index = 0; index < character.length; index++)
    text += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
  return text
}

function commentLines(text: string): string[] {
  const lines = text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n")
    .map((line) =>
      line
        .replace(/\t/g, "  ")
        .replace(UNSAFE, escapeOf)
        .replaceAll("*/", "*\\/")
        // A comment that begins so would switch the compiler's checks off.
        .replace(/@ts-/g, "@\u2060ts-".replace("\u2060", "\\"))
        .trimEnd(),
    )
  while (lines.length > 1 && lines[0] === "") lines.shift()
  while (lines.length > 1 && lines.at(-1) === "") lines.pop()
  return lines
}

function importLine(module: ImportedModule): string {
  const allTypes = module.names.every((name) => name.typeOnly)
  const names = module.names.map(({ name, local, typeOnly }) => {
    const renamed = name === local ? name : `${name} as ${local}`
    return typeOnly && !allTypes ? `type ${renamed}` : renamed
  })
  const keyword = allTypes ? "import type" : "import"
  const from = typescript.string(module.specifier)
  const line = `${keyword} { ${names.join(", ")} } from ${from}`
  return line.length <= 120 ? line : `${keyword} {\n${names.map((name) => `  ${name},`).join("\n")}\n} from ${from}`
}

function relative(file: string, from: Extract<SymbolRef["from"], { kind: "file" }>): string {
  const here = file.split("/").slice(0, -1)
  const there = from.path.replace(/\.ts$/, ".js").split("/")
  let shared = 0
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++
  const up = here.length - shared
  return `${up === 0 ? "./" : "../".repeat(up)}${there.slice(shared).join("/")}`
}
