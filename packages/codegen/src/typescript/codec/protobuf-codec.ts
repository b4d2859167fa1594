import type { MessageIr } from "@fleetwire/ir"
import { block, code, join, nothing } from "../../core/code.js"
import type { CodeFile } from "../../core/code-file.js"
import { symbol } from "../../core/symbol.js"
import type { TypescriptContext } from "../context.js"
import { runtimeType } from "../runtime-symbols.js"
import { shapesOf } from "./construct.js"
import { walkOf } from "./guard.js"
import { KERNEL_V1, kernel } from "./kernel.js"
import { ProtobufReader } from "./protobuf-read.js"
import { ProtobufWriter } from "./protobuf-write.js"
import { Unit } from "./unit.js"

/** The codec of a message in protobuf. */
export function emitProtobufCodec(context: TypescriptContext, message: MessageIr): CodeFile {
  const names = context.names.message(message.name)
  const locals = ["b", "d", "p", "t", "end", "value", "draft", "tag", "write"]
  const file = context.file(names.codecFile("protobuf"), locals)
  const unit = new Unit(context)
  const reader = new ProtobufReader(unit, shapesOf(context, message))
  const read = reader.top(message.type)
  const writer = new ProtobufWriter(unit)
  const write = writer.write(message.type)
  const octets = symbol("Octets", KERNEL_V1, { type: true })
  const args = [read, code`write`, code`${walkOf(context, message.name)}`, code`${writer.room + 64}`]
  file.print(
    ...unit.constants,
    unit.constants.length > 0 ? code`` : nothing,
    ...reader.functions.flatMap((item) => [item, code``]),
    block(code`function write(value: ${names.type}, b: ${octets}, d: DataView, p: number): number`, write),
    code``,
    code`/** Reads and writes the message as protobuf. */`,
    code`export const ${names.codec("protobuf")}: ${runtimeType("Codec")}<${names.type}> = /* @__PURE__ */ ${kernel("protobufCodec")}(${join(args, code`, `)})`,
  )
  return file
}
