import type { MessageIr } from "@fleetwire/ir"
import { block, code, join, nothing } from "../../core/code.js"
import type { CodeFile } from "../../core/code-file.js"
import { symbol } from "../../core/symbol.js"
import type { TypescriptContext } from "../context.js"
import { runtimeType } from "../runtime-symbols.js"
import { shapesOf } from "./construct.js"
import { walkOf } from "./guard.js"
import { FastReader } from "./json-fast.js"
import { FullReader } from "./json-full.js"
import { JsonWriter } from "./json-write.js"
import { KERNEL_V1, kernel } from "./kernel.js"
import { Unit } from "./unit.js"

/** Names that the templates of a codec declare in their own text. */
export const LOCALS: readonly string[] = ["b", "d", "p", "n", "x", "value", "draft", "end", "tag"]

/** The codec of a message in JSON, or with its short keys. */
export function emitJsonCodec(context: TypescriptContext, message: MessageIr, compact: boolean): CodeFile {
  const names = context.names.message(message.name)
  const format = compact ? "compact" : "json"
  const file = context.file(names.codecFile(format), [...LOCALS, "fast", "full", "write"])
  const unit = new Unit(context)
  const shapes = shapesOf(context, message)
  const fast = new FastReader(unit, shapes, compact).read(message.type)
  const full = new FullReader(unit, shapes, compact)
  const read = full.reader(message.type)
  const writer = new JsonWriter(unit, compact)
  const write = writer.write(message.type)
  const octets = symbol("Octets", KERNEL_V1, { type: true })
  const { type } = names
  const args = [code`fast`, read, code`write`, code`${walkOf(context, message.name)}`, code`${writer.room + 64}`]
  file.print(
    ...unit.constants,
    unit.constants.length > 0 ? code`` : nothing,
    block(code`function fast(b: ${octets}, d: DataView, n: number): ${type} | undefined`, [code`let p = 0`, ...fast]),
    code``,
    ...full.functions.flatMap((item) => [item, code``]),
    block(code`function write(value: ${type}, b: ${octets}, d: DataView, p: number): number`, write),
    code``,
    code`/** Reads and writes the message as ${compact ? code`compact JSON` : code`JSON`}. */`,
    code`export const ${names.codec(format)}: ${runtimeType("Codec")}<${type}> = /* @__PURE__ */ ${kernel("jsonCodec")}(${join(args, code`, `)}${compact ? code`, true` : nothing})`,
  )
  return file
}
