import type { MessageIr } from "@fleetwire/ir"
import { block, code, join, nothing } from "../../core/code.js"
import type { CodeFile } from "../../core/code-file.js"
import { symbol } from "../../core/symbol.js"
import type { TypescriptContext } from "../context.js"
import { runtimeType } from "../runtime-symbols.js"
import { shapesOf } from "./construct.js"
import { walkOf } from "./guard.js"
import { KERNEL_V1, kernel } from "./kernel.js"
import { ProtobufFastReader } from "./protobuf-fast.js"
import { ProtobufFullReader } from "./protobuf-full.js"
import { ProtobufWriter } from "./protobuf-write.js"
import { Unit } from "./unit.js"

/** The codec of a message in protobuf. */
export function emitProtobufCodec(context: TypescriptContext, message: MessageIr): CodeFile {
  const names = context.names.message(message.name)
  const locals = ["b", "d", "p", "n", "value", "draft", "tag", "fast", "write"]
  const file = context.file(names.codecFile("protobuf"), locals)
  const unit = new Unit(context)
  const shapes = shapesOf(context, message)
  const fast = new ProtobufFastReader(unit, shapes).read(message.type)
  const full = new ProtobufFullReader(unit, shapes)
  const read = full.top(message.type)
  const writer = new ProtobufWriter(unit)
  const write = writer.write(message.type)
  const octets = symbol("Octets", KERNEL_V1, { type: true })
  const { type } = names
  const args = [code`fast`, read, code`write`, code`${walkOf(context, message.name)}`, code`${writer.room + 64}`]
  file.print(
    ...unit.constants,
    unit.constants.length > 0 ? code`` : nothing,
    ...full.declarations.flatMap((item) => [item, code``]),
    block(code`function fast(b: ${octets}, d: DataView, n: number): ${type} | undefined`, [code`let p = 0`, ...fast]),
    code``,
    block(code`function write(value: ${type}, b: ${octets}, d: DataView, p: number): number`, write),
    code``,
    code`/** Reads and writes the message as protobuf. */`,
    code`export const ${names.codec("protobuf")}: ${runtimeType("Codec")}<${type}> = /* @__PURE__ */ ${kernel("protobufCodec")}(${join(args, code`, `)})`,
  )
  return file
}
