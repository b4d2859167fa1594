import type { MessageIr } from "@fleetwire/ir"
import type { CodeFile } from "../../core/code-file.js"
import type { TypescriptContext } from "../context.js"
import { emitGuard } from "./guard.js"
import { emitJsonCodec } from "./json-codec.js"
import { emitProtobufCodec } from "./protobuf-codec.js"
import { emitBytesCodec, emitTextCodec } from "./scalar-codec.js"

/** For each message its guards, and a codec in every format that some leg carries it in; a file each. */
export function emitMessageCodecs(context: TypescriptContext): readonly CodeFile[] {
  return context.ir.messages.flatMap((message) => emitCodecsOf(context, message))
}

/** The guards of one message, and its codec in every format that some leg carries it in. */
export function emitCodecsOf(context: TypescriptContext, message: MessageIr): readonly CodeFile[] {
  return [emitGuard(context, message), ...codecsOf(context, message)]
}

function codecsOf(context: TypescriptContext, message: MessageIr): readonly CodeFile[] {
  return context.formatsOf(message.name).map((format) => {
    switch (format) {
      case "json":
        return emitJsonCodec(context, message, false)
      case "compact":
        return emitJsonCodec(context, message, true)
      case "protobuf":
        return emitProtobufCodec(context, message)
      case "text":
        return emitTextCodec(context, message)
      case "bytes":
        return emitBytesCodec(context, message)
      default:
        throw new RangeError(`unknown format ${format satisfies never}`)
    }
  })
}
