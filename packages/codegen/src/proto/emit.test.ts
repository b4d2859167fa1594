import { protobufType } from "@fleetwire/dynamic"
import protobuf from "protobufjs"
import { describe, expect, it } from "vitest"
import { carContract } from "../../test/codec/car-contract.js"
import { randomContract } from "../../test/codec/random-contract.js"
import { SeededRandom } from "../../test/codec/seeded-random.js"
import { emitProto } from "./emit.js"

describe("emitProto", () => {
  it("gives protobufjs the numbers, types and presence that the codecs have", () => {
    const random = new SeededRandom(7)
    for (const ir of [carContract, ...Array.from({ length: 20 }, () => randomContract(random))]) {
      const [file] = emitProto(ir)
      const root = protobuf.parse(file!.text, { keepCase: true }).root
      root.resolveAll()
      for (const message of ir.messages) {
        const emitted = root.lookupType(`${message.name}`)
        expect(shapeOf(emitted)).toEqual(shapeOf(protobufType(ir, message.type)))
      }
    }
  })

  it("writes words for people", () => {
    expect(emitProto(carContract)[0]!.text).toContain(
      "  enum Motors {\n    MOTORS_UNSPECIFIED = 0;\n    MOTORS_IDLE = 1;",
    )
  })
})

/** What matters on the wire, names aside. */
function shapeOf(type: protobuf.Type): unknown {
  return type.fieldsArray
    .map((field) => {
      field.resolve()
      const inner =
        field.resolvedType instanceof protobuf.Type
          ? shapeOf(field.resolvedType)
          : field.resolvedType instanceof protobuf.Enum
            ? [...new Set(Object.values(field.resolvedType.values))].sort()
            : field.type
      const label = field.map ? "map" : field.repeated ? "repeated" : presenceOf(field)
      return [field.id, label, inner] as const
    })
    .sort(([a], [b]) => a - b)
}

/** Messages have presence whatever is said. */
function presenceOf(field: protobuf.Field): string {
  if (field.resolvedType instanceof protobuf.Type) return "message"
  return field.hasPresence ? "optional" : "implicit"
}
