import { SdkError, type SdkErrorCode } from "@fleetwire/runtime"

interface ReasonRule {
  readonly words: string
  /** Trying again unchanged cannot help: the link gives up. */
  readonly fatal?: boolean
  /** What a refused publish or subscription means to the caller. Default `unavailable`. */
  readonly error?: SdkErrorCode
}

/** S-3: what each reason code of MQTT 5 means for trying again. */
const REASONS: ReadonlyMap<number, ReasonRule> = new Map([
  [0x80, { words: "unspecified error" }],
  [0x81, { words: "malformed packet", fatal: true }],
  [0x82, { words: "protocol error", fatal: true }],
  [0x83, { words: "implementation specific error" }],
  [0x84, { words: "unsupported protocol version", fatal: true, error: "unsupported" }],
  [0x85, { words: "client identifier not valid", fatal: true }],
  [0x86, { words: "bad user name or password", fatal: true, error: "unauthorized" }],
  [0x87, { words: "not authorized", fatal: true, error: "unauthorized" }],
  [0x88, { words: "server unavailable" }],
  [0x89, { words: "server busy" }],
  [0x8a, { words: "banned", fatal: true, error: "unauthorized" }],
  [0x8b, { words: "server shutting down" }],
  [0x8c, { words: "bad authentication method", fatal: true, error: "unauthorized" }],
  [0x8d, { words: "keep-alive timeout" }],
  [0x8e, { words: "session taken over", fatal: true }],
  [0x8f, { words: "topic filter invalid", error: "invalid_argument" }],
  [0x90, { words: "topic name invalid", fatal: true, error: "invalid_argument" }],
  [0x91, { words: "packet identifier in use" }],
  [0x92, { words: "packet identifier not found" }],
  [0x93, { words: "receive maximum exceeded" }],
  [0x94, { words: "topic alias invalid" }],
  [0x95, { words: "packet too large", fatal: true, error: "unsupported" }],
  [0x96, { words: "message rate too high" }],
  [0x97, { words: "quota exceeded" }],
  [0x98, { words: "administrative action" }],
  [0x99, { words: "payload format invalid", fatal: true, error: "invalid_argument" }],
  [0x9a, { words: "retain not supported", fatal: true, error: "unsupported" }],
  [0x9b, { words: "QoS not supported", fatal: true, error: "unsupported" }],
  [0x9c, { words: "use another server" }],
  [0x9d, { words: "server moved" }],
  [0x9e, { words: "shared subscriptions not supported", error: "unsupported" }],
  [0x9f, { words: "connection rate exceeded" }],
  [0xa0, { words: "maximum connect time" }],
  [0xa1, { words: "subscription identifiers not supported", error: "unsupported" }],
  [0xa2, { words: "wildcard subscriptions not supported", error: "unsupported" }],
])

/** The same for the return codes of a 3.1.1 CONNACK. */
const RETURNS: ReadonlyMap<number, ReasonRule> = new Map([
  [1, { words: "unacceptable protocol version", fatal: true, error: "unsupported" }],
  [2, { words: "identifier rejected", fatal: true }],
  [3, { words: "server unavailable" }],
  [4, { words: "bad user name or password", fatal: true, error: "unauthorized" }],
  [5, { words: "not authorized", fatal: true, error: "unauthorized" }],
])

/** Reason code of MQTT 5, or return code of a 3.1.1 CONNACK, in words. */
export function reasonWords(code: number): string {
  return ruleOf(code)?.words ?? `reason code 0x${code.toString(16).padStart(2, "0")}`
}

/** True when a CONNACK with this code makes further attempts pointless. */
export function isFatalRefusal(code: number): boolean {
  return ruleOf(code)?.fatal ?? false
}

/** True when a DISCONNECT with this code must not be followed by another CONNECT: taken over, or not allowed. */
export function isFatalDisconnect(code: number): boolean {
  // Errors of one packet (0x81, 0x95, …) end a connection, not the link: the next one may never meet that packet.
  return code === 0x8e || ruleOf(code)?.error === "unauthorized"
}

/** What a publish, subscription or unsubscription that the server refused is to its caller. */
export function refusalError(code: number, what: string): SdkError {
  const rule = ruleOf(code)
  return new SdkError(rule?.error ?? "unavailable", `the server refused the ${what}: ${reasonWords(code)}`, {
    origin: "remote",
    sent: true,
    mayHaveRun: false,
    details: { reasonCode: code },
  })
}

function ruleOf(code: number): ReasonRule | undefined {
  return code < 0x80 ? RETURNS.get(code) : REASONS.get(code)
}
