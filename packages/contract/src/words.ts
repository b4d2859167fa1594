/** The words of a name: `distance_front`, `distanceFront` and `DistanceFront` are the same two. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase())
}

/** `distance_front` → `DistanceFront`. */
export function pascalCase(name: string): string {
  return wordsOf(name)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("")
}

/** `DistanceFront` → `distanceFront`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name)
  return pascal === "" ? "" : pascal[0]!.toLowerCase() + pascal.slice(1)
}

/** `DistanceFront` → `distance_front`. */
export function snakeCase(name: string): string {
  return wordsOf(name).join("_")
}

/** `DistanceFront` → `distance-front`. */
export function kebabCase(name: string): string {
  return wordsOf(name).join("-")
}

/** Letters that are no base letter with a mark. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ł: "l",
  þ: "th",
  ð: "d",
  ı: "i",
  µ: "u",
}

/** The name in letters of ASCII as far as they are known: `Größe` → `Grosse`. Other scripts are left as they are. */
export function latin(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{ASCII}]/gu, (letter) => {
      const spelled = SPELLED[letter.toLowerCase()]
      if (spelled === undefined) return letter
      return letter === letter.toLowerCase() ? spelled : spelled[0]!.toUpperCase() + spelled.slice(1)
    })
}
