import { parseArguments } from "./arguments.js"
import { EXIT, type ExitCode, Misuse } from "./exit-code.js"
import type { HelpOption, HelpPage } from "./help-page.js"
import { HELP_PAGES } from "./help-pages.js"
import type { Terminal } from "./terminal.js"

export const OPTIONS = {} as const

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish }

/** `fleetwire completion bash|zsh|fish`: a script for the shell that proposes commands, options and their values. */
export async function completion(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { rest } = parseArguments(argv, OPTIONS)
  const shell = rest.length === 1 && Object.hasOwn(SHELLS, rest[0]!) ? SHELLS[rest[0]!] : undefined
  if (shell === undefined) throw new Misuse("completion needs a shell: `fleetwire completion bash`, zsh or fish")
  terminal.out(shell())
  return EXIT.clean
}

const pages = (): readonly (readonly [string, HelpPage])[] => Object.entries(HELP_PAGES)

function flagsOf({ options }: HelpPage): readonly string[] {
  return [
    ...options.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]),
    "--help",
  ]
}

/** Options of a command that take one of a few values. */
function choicesOf({ options }: HelpPage): readonly (HelpOption & { readonly choices: readonly string[] })[] {
  return options.flatMap((option) => (option.choices === undefined ? [] : [{ ...option, choices: option.choices }]))
}

function bash(): string {
  const cases = pages().flatMap(([name, page]) => [
    ...choicesOf(page).map(
      (option) =>
        `    ${name}:--${option.name}) COMPREPLY=($(compgen -W "${option.choices.join(" ")}" -- "$word")); return ;;`,
    ),
    `    ${name}:*) words="${[...flagsOf(page), ...(page.words ?? [])].join(" ")}" ;;`,
  ])
  return `# Completion of fleetwire for bash: source <(fleetwire completion bash)
_fleetwire() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${pages()
      .map(([name]) => name)
      .join(" ")} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}:$before" in
${cases.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "\${words//--*([a-z-])/}" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
shopt -s extglob
complete -o filenames -F _fleetwire fleetwire
`
}

function zsh(): string {
  const commands = pages().map(([name, { summary }]) => `    ${quoted(`${name}:${summary}`)}`)
  const cases = pages().map(([name, page]) => {
    const specs = page.options.map((option) => {
      const value = option.value === undefined ? "" : `:${zshWord(option.value)}:${zshAction(option)}`
      return quoted(`--${option.name}[${zshWord(option.text)}]${value}`)
    })
    const rest = page.words === undefined ? "'*:file:_files'" : quoted(`1:word:(${page.words.join(" ")})`)
    return `    ${name}) _arguments ${[...specs, rest].join(" ")} ;;`
  })
  return `#compdef fleetwire
# Completion of fleetwire for zsh: fleetwire completion zsh > "\${fpath[1]}/_fleetwire"
_fleetwire() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
_fleetwire "$@"
`
}

function zshAction({ value, choices }: HelpOption): string {
  if (choices !== undefined) return `(${choices.join(" ")})`
  return value === "file" || value === "folder" || value === "path" ? "_files" : " "
}

/** Text inside a specification of \`_arguments\`, where brackets and colons mean something. */
function zshWord(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&")
}

function fish(): string {
  const lines = pages().flatMap(([name, page]) => {
    const here = `complete -c fleetwire -n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c fleetwire -n __fish_use_subcommand -f -a ${name} -d ${quoted(page.summary)}`,
      ...page.options.map((option) => {
        const short = option.short === undefined ? "" : ` -s ${option.short}`
        const values = option.choices === undefined ? "" : ` -f -a ${quoted(option.choices.join(" "))}`
        return `${here} -l ${option.name}${short}${option.value === undefined ? "" : " -r"}${values} -d ${quoted(option.text)}`
      }),
      ...(page.words === undefined ? [] : [`${here} -f -a ${quoted(page.words.join(" "))}`]),
    ]
  })
  return `# Completion of fleetwire for fish\n${lines.join("\n")}\n`
}

/** A word in single quotes for any of the three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
