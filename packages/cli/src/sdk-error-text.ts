import type { ContractIr, TypeIr } from "@fleetwire/ir"
import { isSdkError, type SdkError } from "@fleetwire/runtime/codegen-v1"
import { Misuse } from "./exit-code.js"

/** What was to be sent, for words about what of it does not fit. */
export interface Said {
  readonly ir: ContractIr
  readonly message: string
  readonly value: unknown
}

type Issue = NonNullable<SdkError["details"]["issues"]>[number]

/** An error of the SDK: its message, what does not fit, what was there and what may be, and whether the command may have run. */
export async function formatSdkError(error: SdkError, said?: Said): Promise<string> {
  const ran = error.mayHaveRun ? " (it may have run)" : ""
  const issues = (await issuesOf(error, said)) ?? []
  const lines = issues.map(({ path, message, expected, received }) => {
    const facts = [expected && `expected ${expected}`, received && `received ${received}`].filter(Boolean).join(", ")
    return `  ${path === "" ? "" : `${path}: `}${message}${facts === "" ? "" : `; ${facts}`}`
  })
  // The message ends with the first issue, which is said below with all that is known of it.
  const repeated = issues[0] !== undefined && error.message.endsWith(issues[0].message)
  const head = repeated
    ? `[${error.code}] ${error.details.channel ?? "the message"} does not fit the contract`
    : error.message
  return [`${head}${ran}`, ...lines].join("\n")
}

/**
 * What went wrong with one line of standard input, so that the lines after it still run. A word on the command line has
 * no number: its misuse ends the command.
 *
 * @throws the error where it is neither, or where it concerns the command line.
 */
export async function formatLineError(error: unknown, number: number | undefined, said?: Said): Promise<string> {
  const where = number === undefined ? "" : `line ${number}: `
  if (isSdkError(error)) return `${where}${await formatSdkError(error, said)}\n`
  if (error instanceof Misuse && number !== undefined) return `${where}${error.message}\n`
  throw error
}

/** The same as a line of JSON: code, message, what was sent and may have run, issues. @throws as `formatLineError` does. */
export async function jsonLineError(error: unknown, number: number | undefined, said?: Said): Promise<string> {
  const line = number === undefined ? {} : { line: number }
  if (isSdkError(error)) {
    const { code, message, sent, mayHaveRun, retryable } = error
    const issues = await issuesOf(error, said)
    const facts = { code, message, sent, mayHaveRun, retryable, ...(issues !== undefined && { issues }) }
    return `${JSON.stringify({ ok: false, ...line, error: facts })}\n`
  }
  const message = (await formatLineError(error, number)).trim()
  return `${JSON.stringify({ ok: false, ...line, error: { code: "misuse", message } })}\n`
}

/** Issues with what the contract allows there and what was said; of what came from elsewhere, as they are. */
async function issuesOf(error: SdkError, said: Said | undefined): Promise<readonly Issue[] | undefined> {
  const { issues } = error.details
  if (issues === undefined || said === undefined || error.code !== "invalid_argument") return issues
  const { describeType } = await import("@fleetwire/compare")
  const { findMessage, resolveType } = await import("@fleetwire/ir")
  return issues.map((issue) => {
    const steps = issue.path
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    let type: TypeIr | undefined = findMessage(said.ir, said.message)?.type
    let value: unknown = said.value
    for (const step of steps) {
      type = type && inside(resolveType(said.ir, type), step, value)
      const held = typeof value === "object" && value !== null && Object.hasOwn(value, step)
      value = held ? (value as Readonly<Record<string, unknown>>)[step] : undefined
    }
    return {
      ...(type !== undefined && { expected: describeType(resolveType(said.ir, type)) }),
      ...(value !== undefined && { received: short(value) }),
      ...issue,
    }
  })
}

/** The type of a member, an item or a branch's field. */
function inside(type: TypeIr, step: string, value: unknown): TypeIr | undefined {
  if (type.kind === "list") return type.item
  if (type.kind === "map") return type.value
  if (type.kind === "object") return type.fields.find(({ name }) => name === step)?.type
  if (type.kind !== "union") return undefined
  const tag = (value as Readonly<Record<string, unknown>> | undefined)?.[type.tag]
  return type.branches.find((branch) => branch.value === tag)?.type.fields.find(({ name }) => name === step)?.type
}

function short(value: unknown): string {
  const text = JSON.stringify(value, (_, held: unknown) => (typeof held === "bigint" ? String(held) : held)) ?? ""
  return text.length > 64 ? `${text.slice(0, 61)}...` : text
}
