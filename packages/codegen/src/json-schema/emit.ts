import type { ContractIr } from "@fleetwire/ir"
import type { RenderedFile } from "../core/code-file.js"
import { createNameScope, kebabCase } from "../core/name-policy.js"
import { messageSchema } from "./message-schema.js"

/** A JSON Schema 2020-12 for each message of a contract: `<message>.schema.json`. */
export function emitJsonSchema(ir: ContractIr): readonly RenderedFile[] {
  const files = createNameScope({ case: kebabCase, reserved: [], empty: "message", fold: (name) => name.toLowerCase() })
  return [...ir.messages]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((message) => ({
      path: `${files.take(message.name)}.schema.json`,
      text: `${JSON.stringify(messageSchema(ir, message.name), null, 2)}\n`,
    }))
}
