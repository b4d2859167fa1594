export { emitProto } from "../../../packages/codegen/src/proto/emit.js"
