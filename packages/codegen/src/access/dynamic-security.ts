import { type AccessFinding, accessFinding } from "./access-finding.js"
import type { AccessRules, PrincipalRules } from "./compile-access.js"

interface Acl {
  readonly acltype: "publishClientSend" | "publishClientReceive" | "subscribeLiteral" | "subscribePattern"
  readonly topic: string
  readonly allow: boolean
  readonly priority: number
}

/** A command of `$CONTROL/dynamic-security/v1`. */
export type DynsecCommand = Readonly<Record<string, unknown>> & { readonly command: string }

/** Denials come before what allows the topics around them. */
const PRIORITY = { allow: 0, deny: 1 } as const

/**
 * Rules as commands of Mosquitto's dynamic security plugin, to be published to `$CONTROL/dynamic-security/v1`. They may
 * be sent again: what is there already is set to what it should be. Of the answers, those of `createRole` and
 * `createClient` then say `already exists`, and the plugin ends the connections of the accounts concerned. No passwords
 * are among them: set those with `mosquitto_ctrl dynsec setClientPassword`.
 *
 * The first command sets what holds for everybody: nothing is sent, subscribed or received that no rule allows.
 */
export function emitDynsecCommands(rules: AccessRules): { readonly commands: readonly DynsecCommand[] } {
  return {
    commands: [
      {
        command: "setDefaultACLAccess",
        acls: [
          { acltype: "publishClientSend", allow: false },
          { acltype: "publishClientReceive", allow: false },
          { acltype: "subscribe", allow: false },
          { acltype: "unsubscribe", allow: true },
        ],
      },
      ...rules.principals.flatMap((one) => {
        const rolename = roleNameOf(rules, one)
        const { name } = one.principal
        return [
          { command: "createRole", rolename },
          { command: "modifyRole", rolename, acls: aclsOf(one) },
          { command: "createClient", username: name },
          {
            command: "modifyClient",
            username: name,
            roles: [{ rolename }],
            ...(one.clientId !== undefined && { clientid: one.clientId }),
          },
        ]
      }),
    ],
  }
}

/** What dynamic security cannot say of these rules. */
export function dynsecFindings({ principals }: AccessRules): readonly AccessFinding[] {
  const patterns = principals.some(({ principal }) => principal.pattern !== undefined)
  return patterns ? [accessFinding("access/pattern-dynamic-security")] : []
}

/** A role of the broker for each principal: what it may do depends on what it is bound to. */
function roleNameOf({ contract }: AccessRules, { principal }: PrincipalRules): string {
  return `${contract}.${principal.role}.${principal.name}`
}

function aclsOf({ grants, exclusions }: PrincipalRules): readonly Acl[] {
  const found = new Map<string, Acl>()
  const add = (acltype: Acl["acltype"], topic: string, allow = true): void => {
    found.set(`${acltype} ${allow} ${topic}`, {
      acltype,
      topic,
      allow,
      priority: allow ? PRIORITY.allow : PRIORITY.deny,
    })
  }
  for (const { access, filter, subscribe } of grants) {
    if (access === "publish") add("publishClientSend", filter)
    else {
      add("publishClientReceive", filter)
      add("subscribePattern", filter)
      // An SDK may ask for all that it could ever be given, such as `cars/+/status`; it is given its own.
      if (subscribe !== filter) add("subscribeLiteral", subscribe)
    }
  }
  for (const { access, filter } of exclusions) {
    add(access === "publish" ? "publishClientSend" : "publishClientReceive", filter, false)
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, acl]) => acl)
}
