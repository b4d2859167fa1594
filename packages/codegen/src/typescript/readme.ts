import type { ChannelIr, CommandChannelIr, ContractIr, LegIr, RoleIr } from "@fleetwire/ir"
import { access, type Code, code, ident, key, string } from "../core/code.js"
import { createCodeFile, type RenderedFile, render } from "../core/code-file.js"
import { literal } from "../core/literal.js"
import { byName, legOf } from "./contract.js"
import type { ContractNames } from "./contract-names.js"
import { typescript } from "./language.js"
import { sampleOf } from "./sample.js"
import { templateParams } from "./template-params.js"
import type { TypeWorld } from "./type-expression.js"

interface ReadmeWorld {
  readonly ir: ContractIr
  readonly names: ContractNames
  readonly types: TypeWorld
  readonly packageName: string
}

/** `README.md`: how a device and a controller connect, and what travels on which topic. */
export function emitReadme(ir: ContractIr, names: ContractNames, types: TypeWorld, packageName: string): RenderedFile {
  const world = { ir, names, types, packageName }
  const lines = [
    `# ${plain(packageName)}`,
    "",
    ...(ir.doc === undefined ? [] : [plain(ir.doc), ""]),
    `Generated from the contract \`${ir.name}\` ${ir.version}. Do not edit: change the contract and generate again.`,
    "",
    "## Connect a device",
    "",
    ...fenced(deviceExample(world)),
    ...controllerSection(world),
    "## Channels",
    "",
    "| channel | leg | topic | message | from | QoS | retained | formats | at most |",
    "|---|---|---|---|---|---|---|---|---|",
    ...byName(ir.channels).flatMap((channel) => channel.legs.map((leg) => row(channel, leg))),
    "",
    ...rolesSection(ir),
  ]
  return { path: "README.md", text: `${lines.join("\n").trimEnd()}\n` }
}

/** An example is printed as code is, so that names and texts are what the compiler takes them for. */
function fenced(example: readonly Code[]): string[] {
  const file = createCodeFile({ path: "example.ts", language: typescript })
  file.print(...example)
  return ["```typescript", render(file).text.trimEnd(), "```", ""]
}

function deviceExample({ ir, names, types, packageName }: ReadmeWorld): Code[] {
  const variable = ident(variableOf(names.nounMember))
  const id = code`${key(ir.device.param)}: ${string(exampleId(ir))}`
  const published = byName(ir.channels).find(
    (channel) => channel.kind === "telemetry" && channel.from === "device" && isPlainTopic(channel, "message", ir),
  )
  const served = byName(ir.channels).find((channel) => isCommand(channel) && channel.from === "controller")
  const lines = [
    code`import { connect${ident(names.noun)} } from ${string(`${packageName}/device`)}`,
    code``,
    code`const ${variable} = await connect${ident(names.noun)}({ url: "mqtt://localhost:1883", ${id} })`,
  ]
  if (served !== undefined && isCommand(served)) {
    lines.push(
      code`
        ${variable}${access(names.member(served.name))}.handle(async (request, { signal }) => {
          // Do it; stop when the signal is aborted. What is returned is the reply.
          console.log(request, signal.aborted)
          return ${literal(replySample(served, types))}
        })
      `,
    )
  }
  if (published !== undefined) {
    const sample = literal(sampleOf(types.message(legOf(published, "message").message).type, types))
    lines.push(code`await ${variable}${access(names.member(published.name))}.publish(${sample})`)
  }
  return lines
}

/** What the handler itself must say: neither the id nor the outcome of success. */
function replySample(channel: CommandChannelIr, types: TypeWorld): ReturnType<typeof sampleOf> {
  const sample = sampleOf(types.message(legOf(channel, "reply").message).type, types)
  if (sample === null || typeof sample !== "object" || Array.isArray(sample)) return sample
  const { reply } = channel.command.correlate
  const written = new Set(["field" in reply ? reply.field : "", channel.command.outcome?.field ?? ""])
  return Object.fromEntries(Object.entries(sample).filter(([name]) => !written.has(name)))
}

function controllerSection(world: ReadmeWorld): string[] {
  const { ir, names, types, packageName } = world
  const roles = byName(ir.roles)
  const role = roles.find((one) => callableOf(ir, one) !== undefined) ?? roles[0]
  if (role === undefined) return []
  const called = callableOf(ir, role)
  const watched = byName(ir.channels).find(
    (channel) => channel.kind === "telemetry" && role.read.includes(`${channel.name}.message`),
  )
  const example = [
    code`import { connectFleet } from ${string(`${packageName}/controller`)}`,
    code``,
    code`const fleet = await connectFleet({ url: "mqtt://localhost:1883", role: ${string(role.name)} })`,
  ]
  if (called !== undefined) {
    const sample = literal(sampleOf(types.message(legOf(called, "request").message).type, types))
    example.push(
      code`const reply = await fleet${access(names.nounMember)}(${string(exampleId(ir))})${access(names.member(called.name))}(${sample})`,
      code`console.log(reply)`,
    )
  }
  if (watched !== undefined)
    example.push(
      code`for await (const { message } of fleet${access(names.member(watched.name))}()) console.log(message)`,
    )
  return ["## Connect a controller", "", ...fenced(example)]
}

/** A command that a role may call and whose topic names nothing but the device. */
function callableOf(ir: ContractIr, role: RoleIr): CommandChannelIr | undefined {
  return byName(ir.channels)
    .filter(isCommand)
    .find(
      (channel) =>
        channel.from === "controller" &&
        isPlainTopic(channel, "request", ir) &&
        role.publish.includes(`${channel.name}.request`) &&
        role.read.includes(`${channel.name}.reply`),
    )
}

function isCommand(channel: ChannelIr): channel is CommandChannelIr {
  return channel.kind === "command"
}

function isPlainTopic(channel: ChannelIr, leg: "message" | "request", ir: ContractIr): boolean {
  const params = templateParams(legOf(channel, leg).topic)
  return params.length === 1 && params[0] === ir.device.param
}

function exampleId(ir: ContractIr): string {
  return ir.params.find((param) => param.name === ir.device.param)?.examples?.[0] ?? "device-1"
}

/** The example's variable: the noun where that is a name, and not one that the example has otherwise. */
function variableOf(member: string): string {
  return typescript.isIdentifier(member) && member !== "console" ? member : "device"
}

function row(channel: ChannelIr, leg: LegIr): string {
  const formats = [...leg.accepts].sort().map((format) => (format === leg.sends ? `**${format}**` : format))
  const cells = [
    quoted(channel.name),
    leg.name,
    quoted(leg.topic),
    quoted(leg.message),
    leg.from,
    leg.qos,
    leg.retain ? "yes" : "no",
    formats.join(", "),
    `${leg.maxBytes} B`,
  ]
  return `| ${cells.join(" | ")} |`
}

function rolesSection(ir: ContractIr): string[] {
  if (ir.roles.length === 0) return []
  const list = (rights: readonly string[]): string =>
    rights.length === 0 ? "nothing" : [...rights].sort().map(quoted).join(", ")
  return [
    "## Roles",
    "",
    "| role | may publish | may read |",
    "|---|---|---|",
    ...byName(ir.roles).map((role) => `| ${quoted(role.name)} | ${list(role.publish)} | ${list(role.read)} |`),
  ]
}

/** A name of the contract in Markdown, in a table too. */
function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|")
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``
}

/** User text in Markdown: one paragraph, no markup of its own. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|!]/g, "\\$&")
}
