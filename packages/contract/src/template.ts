/** A template taken apart: literals and params in order. */
export interface Template {
  readonly text: string
  readonly levels: readonly Level[]
}

export type Level = { readonly literal: string } | { readonly param: string }

/** Params of a template in order of appearance. */
export function templateParams(template: Template): readonly string[] {
  return template.levels.flatMap((level) => ("param" in level ? [level.param] : []))
}
