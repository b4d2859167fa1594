/** Names of a template's params in order of appearance: `a/{x}/b/{y}` has `x` and `y`. */
export function templateParams(template: string): readonly string[] {
  return [...template.matchAll(/\{([^{}/]+)\}/g)].map((match) => match[1]!)
}
