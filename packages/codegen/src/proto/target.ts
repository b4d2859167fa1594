import { type ContractIr, contractDigest, walkType } from "@fleetwire/ir"
import type { Target } from "../target.js"
import { emitProto, protoFolder } from "./emit.js"

/** `.proto` with nanopb's `.options`, in the folder that its package names, and the configuration of buf for it. */
export const protoTarget: Target = {
  name: "proto",
  settings: [],
  out: "proto",
  emit(ir) {
    const files = emitProto(ir, { digest: contractDigest(ir) })
    return [
      ...files.map(({ path, text }) => ({ path: `${protoFolder(ir)}/${path}`, text })),
      { path: "buf.yaml", text: bufConfig(ir) },
    ]
  },
}

/** buf's standard rules, but for those that the numbers of the contract cannot keep. */
function bufConfig(ir: ContractIr): string {
  const lines = ["version: v2", "lint:", "  use:", "    - STANDARD"]
  if (hasZero(ir))
    lines.push(
      "  except:",
      "    # Zero is a value of the contract here, not the absence of one.",
      "    - ENUM_ZERO_VALUE_SUFFIX",
    )
  return `${lines.join("\n")}\n`
}

function hasZero(ir: ContractIr): boolean {
  let found = false
  for (const message of ir.messages) {
    walkType(message.type, (type) => {
      if (type.kind === "enum") found ||= type.values.some(({ number }) => number === 0)
    })
  }
  return found
}
