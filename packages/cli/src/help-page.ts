/** What one command says of itself: its help, and what a shell completes. */
export interface HelpPage {
  /** Words behind `fleetwire <name>`. */
  readonly usage: string
  /** One line. */
  readonly summary: string
  /** Sentences above the options. */
  readonly notes: readonly string[]
  readonly options: readonly HelpOption[]
  /** Command lines that can be tried as they are, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[]
  /** Words that the first argument may be. */
  readonly words?: readonly string[]
}

export interface HelpOption {
  /** Without hyphens. */
  readonly name: string
  readonly short?: string
  /** Name of what follows; absent for a flag. */
  readonly value?: string
  /** Values that a shell proposes. */
  readonly choices?: readonly string[]
  readonly text: string
}

/** An option by its form, such as `--out <folder>` or `-p, --param <name=value>`, and what it means. */
export function option(form: string, text: string, choices?: readonly string[]): HelpOption {
  const parts = /^(?:-(\w), )?--([\w-]+)(?: <([^>]+)>)?$/.exec(form)
  if (parts === null) throw new Error(`not the form of an option: ${form}`)
  const [, short, name, value] = parts
  return {
    name: name!,
    ...(short !== undefined && { short }),
    ...(value !== undefined && { value }),
    ...(choices !== undefined && { choices }),
    text,
  }
}
