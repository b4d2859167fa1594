import type { ContractIr, LegIr, RoleIr, SessionIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { duration } from "../core/durations.js"
import { code, table, words } from "./markdown.js"

/** `roles.md`: who may publish and read which topic, and how each role connects. */
export function rolesPage(ir: ContractIr): RenderedFile {
  const lines = [
    `# Roles of ${words(ir.name)}`,
    "",
    "A role may do what its row says, and nothing else. A device may do it for its own identity only.",
    "",
    ...section("device", "", rightsOfDevice(ir), {
      session: ir.device.session,
      spread: ir.device.reconnectSpreadSeconds,
      keepAlive: ir.device.keepAliveSeconds,
      bind: [ir.device.param],
    }),
    ...ir.roles.flatMap((role) =>
      section(role.name, role.doc ?? "", rightsOf(ir, role), {
        session: role.session,
        spread: role.reconnectSpreadSeconds,
        keepAlive: role.keepAliveSeconds,
        bind: role.bind,
      }),
    ),
  ]
  return { path: "roles.md", text: `${lines.join("\n").trimEnd()}\n` }
}

interface Rights {
  readonly publish: readonly LegIr[]
  readonly read: readonly LegIr[]
}

interface Connection {
  readonly session: SessionIr
  readonly spread: number
  readonly keepAlive: number
  readonly bind: readonly string[]
}

function rightsOf(ir: ContractIr, role: RoleIr): Rights {
  const legs = (rights: readonly string[]): LegIr[] =>
    ir.channels.flatMap((channel) => channel.legs.filter((leg) => rights.includes(`${channel.name}.${leg.name}`)))
  return { publish: legs(role.publish), read: legs(role.read) }
}

function rightsOfDevice(ir: ContractIr): Rights {
  const legs = ir.channels.flatMap((channel) => channel.legs)
  return {
    publish: legs.filter((leg) => leg.from === "device"),
    read: legs.filter((leg) => leg.from === "controller"),
  }
}

function section(name: string, doc: string, rights: Rights, connection: Connection): string[] {
  const topics = (legs: readonly LegIr[]): string[] => [...new Set(legs.map(({ topic }) => topic))].sort()
  const publish = new Set(topics(rights.publish))
  const read = new Set(topics(rights.read))
  const all = [...new Set([...publish, ...read])].sort()
  const bound = connection.bind.length === 0 ? "" : `, for its own ${connection.bind.map(code).join(" and ")} only`
  return [
    `## ${words(name)}`,
    "",
    ...(doc === "" ? [] : [words(doc), ""]),
    ...table(
      ["topic", "publish", "read"],
      all.map((topic) => [code(topic), publish.has(topic) ? "yes" : "", read.has(topic) ? "yes" : ""]),
    ),
    `${sessionWords(connection.session)}${bound}. Keep-alive ${connection.keepAlive} s; the first attempt after a loss comes within ${connection.spread} s.`,
    "",
  ]
}

function sessionWords(session: SessionIr): string {
  return session.kind === "clean" ? "Clean session" : `Session kept for ${duration(session.expirySeconds * 1000)}`
}
