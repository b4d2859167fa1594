/**
 * The versioned surface that generated SDKs import. Nothing is ever taken away from it; what must change incompatibly
 * becomes `codegen-v2`. People use the generated SDK, not this.
 */
export type * from "./codec.js"
export { createController } from "./controller.js"
export type * from "./descriptor.js"
export { createDevice } from "./device.js"
export type * from "./engine.js"
export { isSdkError, SdkError, type SdkErrorCode } from "./sdk-error.js"
export type * from "./surface.js"
export type { Transport } from "./transport.js"
