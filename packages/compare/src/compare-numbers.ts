import type { FloatIr, Format, IntIr } from "@fleetwire/ir"
import { describeType } from "./describe-type.js"
import type { Outcome } from "./outcome.js"
import type { Place } from "./payload-change.js"

/** Whole numbers of a sender, as a closed interval. */
interface Interval {
  readonly low: bigint
  readonly high: bigint
}

/** Compares two integers: how they are written, their bounds, their step and what they count from. */
export function compareIntegers(old: IntIr, next: IntIr, place: Place): void {
  const sides = { old, new: next }
  const what = `${describeType(old)} became ${describeType(next)}`
  if (old.bits !== next.bits || old.signed !== next.signed) {
    place.add("type/integer-width-changed", what, sides, encoding(place.inList))
  } else if ((old.fixed ?? false) !== (next.fixed ?? false)) {
    place.add("type/integer-encoding-changed", what, sides, encoding(place.inList))
  }
  if (String(old.min) !== String(next.min) || String(old.max) !== String(next.max)) {
    place.addSets("bounds", what, sides, (outer, inner) => inside(interval(inner), interval(outer)))
  }
  if ((old.multipleOf ?? 1) !== (next.multipleOf ?? 1)) {
    const steps = `multiples of ${old.multipleOf ?? 1} became multiples of ${next.multipleOf ?? 1}`
    place.addSets("step", steps, sides, (outer, inner) => (inner.multipleOf ?? 1) % (outer.multipleOf ?? 1) === 0)
  }
  if (old.epoch !== next.epoch) {
    const counts = `${old.epoch ?? "no epoch"} became ${next.epoch ?? "no epoch"}`
    place.add("type/epoch-changed", counts, sides, () => "misread")
  }
}

/** Compares two floating-point numbers: their width and bounds. */
export function compareFloats(old: FloatIr, next: FloatIr, place: Place): void {
  const sides = { old, new: next }
  const what = `${describeType(old)} became ${describeType(next)}`
  if (old.bits !== next.bits) {
    place.add("type/float-width-changed", what, sides, (sender, _reader, format) => {
      if (format === "protobuf") return place.inList ? "misread" : "refused"
      return sender.bits === 64 ? "misread" : "ok"
    })
  }
  if (old.min !== next.min || old.max !== next.max) {
    place.addSets("bounds", what, sides, (outer, inner) => floatInside(inner, outer))
  }
  if (old.decimals !== next.decimals) {
    place.add("type/annotation-changed", "decimals that carry meaning changed", sides, () => "ok")
  }
}

/** What becomes of an integer that is read as a floating-point number. */
export function integerAsFloat(sender: IntIr, reader: FloatIr, format: Format, inList: boolean): Outcome {
  if (format === "protobuf") return sameWire(sender, reader) || inList ? "misread" : "refused"
  const { low, high } = interval(sender)
  const exact = 1n << (reader.bits === 32 ? 24n : 53n)
  const small = low >= -exact && high <= exact
  // JSON writes what lies beyond ±(2^53−1) as text, which is no number to the reader; what lies below may be rounded.
  if (!small && (reader.bits === 32 || format === "text")) return "misread"
  return small && floatInside({ min: Number(low), max: Number(high), bits: 64 }, reader) ? "ok" : "refused"
}

/** What becomes of a floating-point number that is read as an integer. */
export function floatAsInteger(sender: FloatIr, reader: IntIr, format: Format, inList: boolean): Outcome {
  if (format !== "protobuf") return "refused"
  return sameWire(reader, sender) || inList ? "misread" : "refused"
}

function sameWire(integer: IntIr, float: FloatIr): boolean {
  return integer.fixed === true && (integer.bits === 64 ? 64 : 32) === float.bits
}

/** Bounds with the step taken into account: the lowest and the highest value there is. */
export function interval({ min, max, multipleOf }: IntIr): Interval {
  const step = BigInt(multipleOf ?? 1)
  const [low, high] = [BigInt(min), BigInt(max)]
  const up = low % step === 0n ? low : low > 0n ? low + step - (low % step) : low - (low % step)
  const down = high % step === 0n ? high : high > 0n ? high - (high % step) : high - step - (high % step)
  return { low: up, high: down }
}

function inside(inner: Interval, outer: Interval): boolean {
  return inner.low > inner.high || (inner.low >= outer.low && inner.high <= outer.high)
}

const FLOAT32_MAX = 3.4028234663852886e38

function floatInside(inner: Omit<FloatIr, "kind">, outer: Omit<FloatIr, "kind">): boolean {
  const most = (bits: 32 | 64) => (bits === 32 ? FLOAT32_MAX : Number.MAX_VALUE)
  const low = (of: Omit<FloatIr, "kind">) => of.min ?? -most(of.bits)
  const high = (of: Omit<FloatIr, "kind">) => of.max ?? most(of.bits)
  return low(inner) >= low(outer) && high(inner) <= high(outer)
}

/** How the wire of protobuf tells two integers apart; what lies within the same encoding is a matter of bounds. */
function encoding(inList: boolean): (sender: IntIr, reader: IntIr, format: Format) => Outcome {
  return (sender, reader, format) => {
    if (format !== "protobuf") return "ok"
    if (shape(sender) !== shape(reader)) return inList ? "misread" : "refused"
    if (sender.signed === reader.signed) return "ok"
    return sender.fixed === true ? reinterpreted(sender, reader) : zigzagged(sender, reader)
  }
}

function shape({ fixed, bits }: IntIr): string {
  return fixed !== true ? "varint" : bits === 64 ? "fixed64" : "fixed32"
}

/** A varint read as zigzag, or the reverse: 2 is read as 1, −1 as 1. */
function zigzagged(sender: IntIr, reader: IntIr): Outcome {
  const { low, high } = interval(sender)
  const target = interval(reader)
  if (low === 0n && high === 0n) return "ok"
  const images: Interval[] = sender.signed
    ? // Positive values double, negative ones become odd; zero stays.
      [
        { low: (low > 1n ? low : 1n) * 2n, high: high * 2n },
        { low: -2n * (high < -1n ? high : -1n) - 1n, high: -2n * low - 1n },
      ]
    : // Even values halve, odd ones become negative.
      [
        { low: low > 2n ? (low + 1n) / 2n : 1n, high: high / 2n },
        { low: -((high + 1n) / 2n), high: -((low + 2n) / 2n) },
      ]
  return images.some((image) => meets(image, target)) ? "misread" : "refused"
}

/** Fixed width: the upper half of the unsigned values and the negative ones stand for each other. */
function reinterpreted(sender: IntIr, reader: IntIr): Outcome {
  const { low, high } = interval(sender)
  const size = 1n << (sender.bits === 64 ? 64n : 32n)
  const half = size / 2n
  const other: Interval = sender.signed
    ? { low: low + size, high: (high < -1n ? high : -1n) + size }
    : { low: (low > half ? low : half) - size, high: high - size }
  const crossed = sender.signed ? low < 0n : high >= half
  if (!crossed) return "ok"
  return meets(other, interval(reader)) ? "misread" : "refused"
}

function meets(a: Interval, b: Interval): boolean {
  return a.low <= a.high && a.low <= b.high && b.low <= a.high
}
