import type { Target } from "../target.js"
import { emitJsonSchema } from "./emit.js"

/** A JSON Schema 2020-12 for each message. */
export const jsonSchemaTarget: Target = {
  name: "json-schema",
  settings: [],
  out: "json-schema",
  emit: (ir) => emitJsonSchema(ir),
}
