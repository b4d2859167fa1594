/** Something that whoever operates the broker should know about the rules, before trusting them. */
export interface AccessFinding {
  readonly code: AccessCode
  readonly severity: "error" | "warning"
  /** One sentence without a full stop. */
  readonly message: string
  /** What to do. */
  readonly help: string
  /** Name of the principal concerned; absent where it concerns all. */
  readonly principal?: string
}

interface Entry {
  readonly severity: AccessFinding["severity"]
  readonly message: string
  readonly help: string
}

/** Every finding of the access emitter. `{names}` are filled in. */
export const accessCodes = {
  "access/principal-name": {
    severity: "error",
    message: "`{principal}` is no name for a principal: {problem}",
    help: "the broker's files and patterns give these characters a meaning: choose another user name",
  },
  "access/principal-twice": {
    severity: "error",
    message: "the principal `{principal}` is given twice",
    help: "give each principal one role; whoever has two uses two accounts",
  },
  "access/role-unknown": {
    severity: "error",
    message: "there is no role `{role}`",
    help: "known are {known}",
  },
  "access/bind-missing": {
    severity: "error",
    message: "role `{role}` is bound to `{param}`, and `{principal}` is given no value for it",
    help: "say which: --bind {param}=…",
  },
  "access/bind-unknown": {
    severity: "error",
    message: "`{param}` is no param of the contract",
    help: "known are {known}",
  },
  "access/bind-value": {
    severity: "error",
    message: "{problem}",
    help: "rules are for values that the contract allows, and for no others",
  },
  "access/no-identity": {
    severity: "warning",
    message: "devices publish `{topic}`, which names no device: the broker cannot tie it to an identity",
    help: "put {{param}} into the topic; until then any device may write there as if it were another",
  },
  "access/unbound-topic": {
    severity: "warning",
    message: "`{principal}` is bound to {bound}, and `{topic}` names none of it: {access} there is for all",
    help: "take the right from the role, or put the param into the topic",
  },
  "access/too-wide": {
    severity: "warning",
    message: "`{filter}` covers `{topic}`, which `{principal}` may not {access} and an ACL file cannot take out",
    help: "use dynamic security, which denies by direction, or give the role both directions or neither",
  },
  "access/pattern-everyone": {
    severity: "warning",
    message: "with pattern rules everybody who may connect may read `{topic}`: it names no device",
    help: "name the devices one by one (--devices car-001,car-002), or accept that all may read it",
  },
  "access/pattern-write-everyone": {
    severity: "error",
    message: "with pattern rules everybody who may connect could publish `{topic}`: it names no device",
    help: "name the devices one by one (--devices car-001,car-002)",
  },
  "access/pattern-name": {
    severity: "error",
    message: "`{principal}` could be a device's name: pattern rules would make it that device",
    help: "choose a user name that the pattern of {{param}} does not take, or name the devices one by one",
  },
  "access/pattern-client-id": {
    severity: "warning",
    message: "a client chooses its client id: rules with %c are sound only where the broker sets it",
    help: "say `use_username_as_clientid true` below each `listener`, or use the user name (--identity username)",
  },
  "access/pattern-dynamic-security": {
    severity: "error",
    message: "dynamic security of Mosquitto 2.0 knows no patterns",
    help: "name the devices one by one (--devices car-001,car-002)",
  },
} as const satisfies Readonly<Record<string, Entry>>

export type AccessCode = keyof typeof accessCodes

/** A finding with its words filled in. */
export function accessFinding(code: AccessCode, values: Readonly<Record<string, string>> = {}): AccessFinding {
  const entry: Entry = accessCodes[code]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  return {
    code,
    severity: entry.severity,
    message: fill(entry.message),
    help: fill(entry.help),
    ...(values.principal !== undefined && { principal: values.principal }),
  }
}
