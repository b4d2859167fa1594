import type { MessageIr } from "@fleetwire/ir"
import { type Code, code, join, string } from "../../core/code.js"
import type { CodeFile } from "../../core/code-file.js"
import type { TypescriptContext } from "../context.js"
import { runtimeType } from "../runtime-symbols.js"
import { constExpression } from "../type-expression.js"
import { walkOf } from "./guard.js"
import { kernel } from "./kernel.js"
import { type Resolved, Unit } from "./unit.js"

/** The codec of a message that is one scalar, as plain text. */
export function emitTextCodec(context: TypescriptContext, message: MessageIr): CodeFile {
  const type = new Unit(context).resolve(message.type)
  return emit(context, message, "text", textCall(context, message, type))
}

/** The codec of a message that is octets or a string, as they are. */
export function emitBytesCodec(context: TypescriptContext, message: MessageIr): CodeFile {
  const type = new Unit(context).resolve(message.type)
  if (type.kind === "string") return emit(context, message, "bytes", textCall(context, message, type))
  if (type.kind !== "bytes") throw new RangeError(`${message.name}: bytes carries octets or a string`)
  return emit(context, message, "bytes", code`${kernel("bytesCodec")}(${walkOf(context, message.name)})`)
}

function emit(context: TypescriptContext, message: MessageIr, format: "text" | "bytes", call: Code): CodeFile {
  const names = context.names.message(message.name)
  const file = context.file(names.codecFile(format), ["x"])
  const words = format === "text" ? code`plain text` : code`octets`
  file.print(
    code`/** Reads and writes the message as ${words}. */`,
    code`export const ${names.codec(format)}: ${runtimeType("Codec")}<${names.type}> = /* @__PURE__ */ ${call}`,
  )
  return file
}

function textCall(context: TypescriptContext, message: MessageIr, type: Resolved): Code {
  const args = [parserOf(message, type), code`${walkOf(context, message.name)}`]
  if (type.kind === "float" && type.bits === 32) args.push(code`true`)
  return code`${kernel("textCodec")}(${join(args, code`, `)})`
}

function parserOf(message: MessageIr, type: Resolved): Code {
  switch (type.kind) {
    case "bool":
      return code`${kernel("parseBool")}`
    case "int":
      return code`${kernel(type.bits === 64 ? "parseBigint" : "parseInteger")}`
    case "float":
      return code`${kernel("parseNumber")}`
    case "string":
    case "enum":
      return code`${kernel("parseText")}`
    case "const":
      return code`(x) => (x === ${string(String(type.value))} ? ${constExpression(type.value)} : undefined)`
    default:
      throw new RangeError(`${message.name}: text carries one scalar`)
  }
}
