export { checkValue } from "./check-value.js"
export { createDynamicCodec, type DynamicCodec } from "./dynamic-codec.js"
export { type NextRandom, randomValue } from "./random-value.js"
export type { Issue, Result } from "./result.js"
