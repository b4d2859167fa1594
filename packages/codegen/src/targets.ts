import { asyncApiTarget } from "./asyncapi/target.js"
import { cTarget } from "./c/target.js"
import { castersTarget } from "./casters/target.js"
import { referenceTarget } from "./docs/target.js"
import { jsonSchemaTarget } from "./json-schema/target.js"
import { mosquittoBridgeTarget } from "./mosquitto-bridge/target.js"
import { mqttxTarget } from "./mqttx/target.js"
import { protoTarget } from "./proto/target.js"
import type { Target } from "./target.js"
import { typescriptTarget } from "./typescript/target.js"

/** Everything that can be generated, in the order in which it is. A new target is a folder and a line here. */
export const targets: readonly Target[] = [
  typescriptTarget,
  castersTarget,
  cTarget,
  protoTarget,
  jsonSchemaTarget,
  asyncApiTarget,
  referenceTarget,
  mqttxTarget,
  mosquittoBridgeTarget,
]
