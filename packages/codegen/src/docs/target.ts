import { contractDigest } from "@fleetwire/ir"
import type { Target } from "../target.js"
import { emitDocs } from "./emit.js"

/** Reference pages in Markdown. */
export const referenceTarget: Target = {
  name: "reference",
  settings: [],
  out: "reference",
  emit: (ir) => emitDocs(ir, { digest: contractDigest(ir) }),
}
