/** Exit codes of the command: 0 clean · 1 findings, stale output, a failed call · 2 misuse, or a mistake of ours. */
export const EXIT = { clean: 0, findings: 1, misuse: 2 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command was called wrongly: printed without a stack, exit code 2. */
export class Misuse extends Error {
  override readonly name = "Misuse"
}
