import { type ContractIr, contractDigest } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { normalize } from "../typescript/normal-form.js"
import { channelsPage } from "./channels-page.js"
import { anchor, code, table, words } from "./markdown.js"
import { messagesPage } from "./messages-page.js"
import { rolesPage } from "./roles-page.js"

export interface DocsOptions {
  /** Hex SHA-256 of the canonical contract, where the caller has it. */
  readonly digest?: string
}

/**
 * Reference pages of a contract in Markdown, ready for VitePress: an overview, channels with sequence diagrams and sample
 * payloads, messages field by field, roles. Pure: the same contract gives the same bytes, in whatever order its lists
 * come.
 */
export function emitDocs(contract: ContractIr, options: DocsOptions = {}): readonly RenderedFile[] {
  const ir = normalize(contract)
  return [channelsPage(ir), overview(ir, options.digest ?? contractDigest(ir)), messagesPage(ir), rolesPage(ir)]
}

function overview(ir: ContractIr, digest: string): RenderedFile {
  const lines = [
    `# ${words(ir.name)} ${words(ir.version)}`,
    "",
    ...(ir.doc === undefined ? [] : [words(ir.doc), ""]),
    `Generated from the contract with the digest ${code(digest)}. Change the contract and generate again.`,
    "",
    "[Channels](./channels.md) · [Messages](./messages.md) · [Roles](./roles.md)",
    "",
    "## Topics",
    "",
    ...table(
      ["topic", "channel", "leg", "message", "from", "QoS", "retained"],
      ir.channels.flatMap((channel) =>
        channel.legs.map((leg) => [
          code(leg.topic),
          `[${words(channel.name)}](./channels.md#${anchor("channel", channel.name)})`,
          leg.name,
          `[${words(leg.message)}](./messages.md#${anchor("message", leg.message)})`,
          leg.from,
          String(leg.qos),
          leg.retain ? "yes" : "no",
        ]),
      ),
    ),
    "## Params",
    "",
    ...table(
      ["param", "meaning", "pattern", "at most", "never", "example"],
      ir.params.map((param) => [
        `${code(param.name)}${param.name === ir.device.param ? " (identity of a device)" : ""}`,
        words(param.doc ?? ""),
        param.pattern === undefined ? "" : code(param.pattern),
        `${param.maxLength} characters`,
        param.reserved.map(code).join(", "),
        (param.examples ?? []).map(code).join(", "),
      ]),
    ),
  ]
  return { path: "index.md", text: `${lines.join("\n").trimEnd()}\n` }
}
