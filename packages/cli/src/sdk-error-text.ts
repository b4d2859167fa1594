import { isSdkError, type SdkError } from "@fleetwire/runtime/codegen-v1"
import { Misuse } from "./exit-code.js"

/** One line of an error of the SDK: its message, what does not fit, and whether the command may have run. */
export function formatSdkError(error: SdkError): string {
  const issues = error.details.issues?.map(({ path, message }) => `${path === "" ? "" : `${path}: `}${message}`) ?? []
  const ran = error.mayHaveRun ? " (it may have run)" : ""
  return [`${error.message}${ran}`, ...issues.map((issue) => `  ${issue}`)].join("\n")
}

/**
 * What went wrong with one line of standard input, so that the lines after it still run. A word on the command line has
 * no number: its misuse ends the command.
 *
 * @throws the error where it is neither, or where it concerns the command line.
 */
export function formatLineError(error: unknown, number: number | undefined): string {
  const where = number === undefined ? "" : `line ${number}: `
  if (isSdkError(error)) return `${where}${formatSdkError(error)}\n`
  if (error instanceof Misuse && number !== undefined) return `${where}${error.message}\n`
  throw error
}

/** The same as a line of JSON: code, message, what was sent and may have run, issues. @throws as `formatLineError` does. */
export function jsonLineError(error: unknown, number: number | undefined): string {
  const line = number === undefined ? {} : { line: number }
  if (isSdkError(error)) {
    const { code, message, sent, mayHaveRun, retryable } = error
    const issues = error.details.issues
    const said = { code, message, sent, mayHaveRun, retryable, ...(issues !== undefined && { issues }) }
    return `${JSON.stringify({ ok: false, ...line, error: said })}\n`
  }
  const message = formatLineError(error, number).trim()
  return `${JSON.stringify({ ok: false, ...line, error: { code: "misuse", message } })}\n`
}
