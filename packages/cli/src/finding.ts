import type { Diagnostic } from "@fleetwire/contract"

/** What a command has to say about a file: a diagnostic of the contract, or that it could not be loaded. */
export interface Finding {
  readonly code: string
  readonly severity: "error" | "warning" | "note"
  readonly message: string
  readonly help: string
  readonly accepted?: string
  readonly target: { readonly file?: string; readonly line?: number; readonly column?: number; readonly path: string }
}

/** Every finding of loading, beside those of the contract package. */
export const loadCodes = {
  "load/not-found": {
    message: "there is no contract at {path}",
    help: "name a contract file, or a folder that has one",
  },
  "load/syntax": { message: "{message}", help: "correct the contract's source" },
  "load/threw": {
    message: "the contract threw: {message}",
    help: "a contract module only declares: correct what it runs",
  },
  "load/never-ended": {
    message: "the contract did not finish loading within {seconds} s",
    help: "a contract module only declares: correct the loop it runs, or what it waits for",
  },
  "load/exited": {
    message: "the contract ended the process while it loaded",
    help: "a contract module only declares: correct what it runs",
  },
  "load/no-default": {
    message: "the module does not export a contract as default",
    help: "end it with `export default defineContract({ … })`",
  },
  "load/circular-import": {
    message: "files of the contract import each other: {circle}; what one needs of the other is not there yet",
    help: "move what both need into a file of its own, which imports neither",
  },
} as const

/** Findings of reading an older version. */
export const diffCodes = {
  "diff/unreadable": {
    message: "{label} is no contract: {problem}",
    help: "name a contract.lock.json, or a *.contract.json that `fleetwire generate` wrote",
  },
  "diff/contract-removed": {
    message: "{label} has the contract {name} {version} in {folder}, and there is none any more",
    help: 'restore it; or say in the package.json of the project why no device and no controller needs it: `"fleetwire": { "retired": { "{name}": "…" } }`',
  },
  "diff/moved-from": {
    message: "{label} has no lock of {name} at this place, and several that are gone from theirs: {places}",
    help: "name the older version as a file: `git show REF:PATH > old.json`, then `--against old.json`",
  },
} as const

/** An error of loading, or of reading an older version, at a place. */
export function loadFinding(
  code: keyof typeof loadCodes | keyof typeof diffCodes,
  target: Finding["target"],
  values: Readonly<Record<string, string>> = {},
): Finding {
  const { message, help } = { ...loadCodes, ...diffCodes }[code]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  return { code, severity: "error", message: fill(message), help: fill(help), target }
}

/** A diagnostic as a finding, its place mapped back to the source. */
export function toFinding(
  diagnostic: Diagnostic,
  locate: (target: Diagnostic["target"]) => Finding["target"],
): Finding {
  return { ...diagnostic, target: locate(diagnostic.target) }
}
