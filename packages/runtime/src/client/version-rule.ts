import type { Codec, Format, Issue, Result } from "../codec.js"
import type { VersionRule } from "../descriptor.js"

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Decodes what the rule says is ours (W-7). What is another version's is an issue with the code `version`. Only JSON is
 * looked into: other formats name their version in the Content Type.
 */
export function decodeOurs<T>(rule: VersionRule, codec: Codec<T>, format: Format, payload: Uint8Array): Result<T> {
  if (rule.kind === "any" || (format !== "json" && format !== "compact")) return codec.decode(payload)
  const key = format === "compact" ? (rule.short ?? rule.field) : rule.field
  if (rule.kind === "lacks") return hasMember(payload, key) === true ? anothers(key, "has") : codec.decode(payload)
  // The field is required: what decodes has it, and costs nothing more.
  const decoded = codec.decode(payload)
  return decoded.ok || hasMember(payload, key) !== false ? decoded : anothers(key, "lacks")
}

/** Whether an issue says that the message is another version's. */
export function isOtherVersion(issues: readonly Issue[]): boolean {
  return issues[0]?.code === "version"
}

function anothers(key: string, verb: "has" | "lacks"): Result<never> {
  const message = `the payload ${verb} ${key}: another version of the contract`
  return { ok: false, issues: [{ path: `/${key}`, code: "version", message }] }
}

/** Whether a JSON object has the member; undefined for what is no JSON object. */
function hasMember(payload: Uint8Array, key: string): boolean | undefined {
  try {
    const text = utf8.decode(payload)
    // Most payloads of the one version do not even contain the word, unless it is spelled with an escape.
    if (!text.includes(`"${key}"`) && !text.includes("\\") && text.trimStart().startsWith("{")) return false
    const value: unknown = JSON.parse(text)
    const object = typeof value === "object" && value !== null && !Array.isArray(value)
    return object ? Object.hasOwn(value, key) : undefined
  } catch {
    return undefined
  }
}
