import type { ContractIr, Format } from "@fleetwire/ir"
import { checkValue } from "./check-value.js"
import { decodeJson, encodeJson } from "./json-format.js"
import { decodeProtobuf, encodeProtobuf } from "./protobuf-format.js"
import { protobufType } from "./protobuf-root.js"
import type { Result } from "./result.js"
import { decodeText, encodeText, isScalar } from "./text-format.js"
import { messageType, resolve } from "./world.js"

/** A codec that reads the contract while it works. Neither direction throws for what the data is. */
export interface DynamicCodec {
  decode(octets: Uint8Array): Result<unknown>
  encode(value: unknown): Result<Uint8Array>
}

/**
 * The codec of one message in one format, interpreted from the intermediate form.
 *
 * @throws RangeError when the contract has no such message, or the format cannot carry it: text carries scalars, bytes
 * carries octets and strings.
 */
export function createDynamicCodec(contract: ContractIr, message: string, format: Format): DynamicCodec {
  const type = messageType(contract, message)
  const codec = rawCodec(contract, message, format)
  return {
    decode: codec.decode,
    encode(value) {
      const checked = checkValue(contract, type, value)
      return checked.ok ? codec.encode(checked.value) : checked
    },
  }
}

function rawCodec(contract: ContractIr, message: string, format: Format): DynamicCodec {
  const type = messageType(contract, message)
  switch (format) {
    case "json":
    case "compact": {
      const compact = format === "compact"
      return {
        decode: (octets) => decodeJson(contract, type, octets, compact),
        encode: (value) => encodeJson(contract, type, value, compact),
      }
    }
    case "protobuf": {
      const reflection = protobufType(contract, type)
      return {
        decode: (octets) => decodeProtobuf(contract, type, reflection, octets),
        encode: (value) => encodeProtobuf(contract, type, reflection, value),
      }
    }
    case "text":
      if (!isScalar(contract, type)) throw new RangeError(`${message}: text carries one scalar`)
      return {
        decode: (octets) => decodeText(contract, type, octets),
        encode: (value) => ({ ok: true, value: encodeText(contract, type, value) }),
      }
    case "bytes": {
      const { kind } = resolve(contract, type)
      if (kind === "string")
        return {
          decode: (octets) => decodeText(contract, type, octets),
          encode: (value) => ({ ok: true, value: encodeText(contract, type, value) }),
        }
      if (kind !== "bytes") throw new RangeError(`${message}: bytes carries octets or a string`)
      return {
        decode: (octets) => checkValue(contract, type, Uint8Array.from(octets)),
        encode: (value) => ({ ok: true, value: Uint8Array.from(value as Uint8Array) }),
      }
    }
  }
}
