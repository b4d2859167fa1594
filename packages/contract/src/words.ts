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
