import type { Target } from "../target.js"
import { emitAsyncApi } from "./emit.js"

/** The contract as one AsyncAPI 3 document. */
export const asyncApiTarget: Target = {
  name: "asyncapi",
  settings: [],
  out: "asyncapi",
  emit: (ir) => [emitAsyncApi(ir)],
}
