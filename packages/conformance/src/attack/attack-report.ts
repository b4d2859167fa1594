/** What an identity tries. */
export type AttackOperation =
  | "read"
  | "read stored"
  | "read shared"
  | "publish"
  | "overwrite stored"
  | "clear stored"
  | "will"
  | "wildcard"
  | "client id"

/** One attempt, what the contract says of it, and what the broker did. */
export interface AttackCell {
  readonly identity: string
  readonly operation: AttackOperation
  /** Topic, filter or client id that was tried. */
  readonly target: string
  /** Leg of the contract, such as `drive.request`; absent outside of it. */
  readonly leg?: string
  readonly allowed: boolean
  /** What the witness or the attacker saw. */
  readonly done: boolean
  readonly ok: boolean
  /** Why it is not ok, or what else was seen. */
  readonly detail?: string
}

/** Every attempt of every identity at one version of MQTT. */
export interface AttackReport {
  readonly mqtt: "3.1.1" | "5"
  readonly cells: readonly AttackCell[]
}

/** Sums of an identity's attempts of one kind. */
export interface AttackSum {
  readonly identity: string
  readonly operation: AttackOperation
  readonly allowed: number
  readonly denied: number
  readonly failed: number
}

export const ATTACK_OPERATIONS: readonly AttackOperation[] = [
  "read",
  "read stored",
  "read shared",
  "publish",
  "overwrite stored",
  "clear stored",
  "will",
  "wildcard",
  "client id",
]

/** Attempts by identity and operation, in the order of the attempts. */
export function sumAttack(cells: readonly AttackCell[]): readonly AttackSum[] {
  const identities = [...new Set(cells.map(({ identity }) => identity))]
  return identities.flatMap((identity) =>
    ATTACK_OPERATIONS.flatMap((operation) => {
      const mine = cells.filter((cell) => cell.identity === identity && cell.operation === operation)
      if (mine.length === 0) return []
      const ok = mine.filter((cell) => cell.ok)
      return [
        {
          identity,
          operation,
          allowed: ok.filter((cell) => cell.allowed).length,
          denied: ok.filter((cell) => !cell.allowed).length,
          failed: mine.length - ok.length,
        },
      ]
    }),
  )
}

/** A table in Markdown: a row for each identity, a column for each operation, `allowed + denied` that came out as the contract says. */
export function formatAttackTable(cells: readonly AttackCell[]): string {
  const sums = sumAttack(cells)
  const identities = [...new Set(sums.map(({ identity }) => identity))]
  const columns = ATTACK_OPERATIONS.filter((operation) => sums.some((sum) => sum.operation === operation))
  const cell = (identity: string, operation: AttackOperation): string => {
    const sum = sums.find((one) => one.identity === identity && one.operation === operation)
    if (sum === undefined) return ""
    return `${sum.allowed} + ${sum.denied}${sum.failed === 0 ? "" : ` **${sum.failed} wrong**`}`
  }
  const rows = [
    ["identity", ...columns],
    ["---", ...columns.map(() => "---")],
    ...identities.map((identity) => [identity, ...columns.map((operation) => cell(identity, operation))]),
  ]
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((text, at) => (text === "---" ? "-".repeat(widths[at]!) : text.padEnd(widths[at]!))).join(" | ")} |`
  return rows.map(line).join("\n")
}
