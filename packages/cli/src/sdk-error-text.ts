import type { SdkError } from "@fleetwire/runtime/codegen-v1"

/** One line of an error of the SDK: its message, what does not fit, and whether the command may have run. */
export function formatSdkError(error: SdkError): string {
  const issues = error.details.issues?.map(({ path, message }) => `${path === "" ? "" : `${path}: `}${message}`) ?? []
  const ran = error.mayHaveRun ? " (it may have run)" : ""
  return [`${error.message}${ran}`, ...issues.map((issue) => `  ${issue}`)].join("\n")
}
