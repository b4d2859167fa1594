/** Words that a target language or the generated SDK keeps for itself, for names that are printed as they are. */
const C = `auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while`
const CPP = `alignas alignof and asm bool catch class concept consteval constexpr constinit decltype delete explicit export
false friend mutable namespace new noexcept not nullptr operator or private protected public requires template this throw
true try typeid typename using virtual wchar_t xor`
const PYTHON = `and as assert async await break class continue def del elif else except finally for from global if import in is
lambda nonlocal not or pass raise return try while with yield`
const JAVA = `abstract assert boolean break byte case catch char class const continue default do double else enum extends final
finally float for goto if implements import instanceof int interface long native new package private protected public return
short static strictfp super switch synchronized this throw throws transient try void volatile while`
const TYPESCRIPT_TYPES = `Array Boolean Date Error Function Map Number Object Promise Record Set String Symbol`
const SDK_MEMBERS = `abort client clientId close connect constructor counters then toString`

const split = (words: string) => new Set(words.split(/\s+/))

/** Languages by what a name is used for. */
export const RESERVED: Readonly<
  Record<"field" | "message" | "channel" | "role" | "param", readonly (readonly [string, ReadonlySet<string>])[]>
> = {
  field: [
    ["C", split(C)],
    ["C++", split(CPP)],
    ["Python", split(PYTHON)],
    ["Java", split(JAVA)],
  ],
  message: [["TypeScript", split(TYPESCRIPT_TYPES)]],
  channel: [
    ["the generated SDK", split(SDK_MEMBERS)],
    ["C", split(C)],
    ["C++", split(CPP)],
    ["Python", split(PYTHON)],
  ],
  role: [],
  param: [
    ["C", split(C)],
    ["C++", split(CPP)],
    ["Python", split(PYTHON)],
  ],
}
