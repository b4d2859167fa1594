import { SdkError, type SdkErrorDetails } from "../sdk-error.js"
import type { DisconnectReason } from "../transport.js"

/** That there was no connection in time: to what, and why the last attempt failed, as far as it was seen. */
export function noConnection(url: string, timeoutMs: number, last: DisconnectReason | undefined): SdkError {
  const where = withoutSecrets(url)
  const details: SdkErrorDetails = {
    url: where,
    ...(last === undefined ? {} : { reason: last.kind }),
    ...(last?.code === undefined ? {} : { reasonCode: last.code }),
  }
  const why = last === undefined ? "no answer" : last.message
  return new SdkError("unavailable", `no connection within ${timeoutMs} ms to ${where}: ${why}`, {
    details,
    ...(last?.cause === undefined ? {} : { cause: last.cause }),
  })
}

/** An address may have credentials before the host and tokens behind the path. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, "//").replace(/[?#].*$/s, "")
}
