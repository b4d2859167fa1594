import type { ChannelIr, ContractIr, LegIr, RoleIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { byName } from "./contract.js"
import type { ContractNames } from "./contract-names.js"
import { typescript } from "./language.js"

/** `README.md`: how a device and a controller connect, and what travels on which topic. */
export function emitReadme(ir: ContractIr, names: ContractNames, packageName: string): RenderedFile {
  const lines = [
    `# ${plain(packageName)}`,
    "",
    ...(ir.doc === undefined ? [] : [plain(ir.doc), ""]),
    `Generated from the contract \`${ir.name}\` ${ir.version}. Do not edit: change the contract and generate again.`,
    "",
    "## Connect a device",
    "",
    "```typescript",
    ...deviceExample(ir, names, packageName),
    "```",
    "",
    ...controllerSection(ir, names, packageName),
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

function deviceExample(ir: ContractIr, names: ContractNames, packageName: string): string[] {
  const variable = names.nounMember
  const id = typescript.key(ir.device.param)
  const served = byName(ir.channels).find((channel) => channel.kind === "command" && channel.from === "controller")
  const head = [
    `import { connect${names.noun} } from ${typescript.string(`${packageName}/device`)}`,
    "",
    `const ${variable} = await connect${names.noun}({ url: "mqtt://localhost:1883", ${id}: ${typescript.string(exampleOf(ir))} })`,
  ]
  if (served === undefined) return head
  return [
    ...head,
    `${variable}${typescript.access(names.member(served.name))}.handle(async (request, { signal }) => {`,
    "  // Do it; stop when the signal is aborted. What is returned is the reply.",
    "})",
  ]
}

function controllerSection(ir: ContractIr, names: ContractNames, packageName: string): string[] {
  const role = byName(ir.roles)[0]
  if (role === undefined) return []
  const caller = byName(ir.roles).find((one) => callableOf(ir, one) !== undefined) ?? role
  const called = callableOf(ir, caller)
  const watched = byName(ir.channels).find(
    (channel) => channel.kind === "telemetry" && caller.read.includes(`${channel.name}.message`),
  )
  return [
    "## Connect a controller",
    "",
    "```typescript",
    `import { connectFleet } from ${typescript.string(`${packageName}/controller`)}`,
    "",
    `const fleet = await connectFleet({ url: "mqtt://localhost:1883", role: ${typescript.string(caller.name)} })`,
    ...(called === undefined
      ? []
      : [
          `const reply = await fleet${typescript.access(names.nounMember)}(${typescript.string(exampleOf(ir))})${typescript.access(names.member(called.name))}({ /* ${called.legs[0]!.message} */ })`,
        ]),
    ...(watched === undefined
      ? []
      : [
          `for await (const { message } of fleet${typescript.access(names.member(watched.name))}()) console.log(message)`,
        ]),
    "```",
    "",
  ]
}

function callableOf(ir: ContractIr, role: RoleIr): ChannelIr | undefined {
  return byName(ir.channels).find(
    (channel) =>
      channel.kind === "command" &&
      channel.from === "controller" &&
      role.publish.includes(`${channel.name}.request`) &&
      role.read.includes(`${channel.name}.reply`),
  )
}

function exampleOf(ir: ContractIr): string {
  return ir.params.find((param) => param.name === ir.device.param)?.examples?.[0] ?? "device-1"
}

function row(channel: ChannelIr, leg: LegIr): string {
  const formats = [...leg.accepts].sort().map((format) => (format === leg.sends ? `**${format}**` : format))
  const cells = [
    `\`${channel.name}\``,
    leg.name,
    `\`${leg.topic}\``,
    `\`${leg.message}\``,
    leg.from,
    leg.qos,
    leg.retain ? "yes" : "no",
    formats.join(", "),
    `${leg.maxBytes} B`,
  ]
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`
}

function rolesSection(ir: ContractIr): string[] {
  if (ir.roles.length === 0) return []
  const list = (rights: readonly string[]): string =>
    rights.length === 0
      ? "nothing"
      : [...rights]
          .sort()
          .map((right) => `\`${right}\``)
          .join(", ")
  return [
    "## Roles",
    "",
    "| role | may publish | may read |",
    "|---|---|---|",
    ...byName(ir.roles).map((role) => `| \`${role.name}\` | ${list(role.publish)} | ${list(role.read)} |`),
  ]
}

/** User text in Markdown: one paragraph, no markup of its own. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|!]/g, "\\$&")
}
