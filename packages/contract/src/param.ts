import { captureOrigin, type Origin } from "./origin.js"

export interface ParamOptions {
  readonly doc?: string
  /** Regular expression of the closed subset, anchored at both ends. */
  readonly pattern?: string
  /** Code points; default 64. */
  readonly maxLength?: number
  /** Values refused although they fit, because a topic has them as a literal. */
  readonly reserved?: readonly string[]
  readonly examples?: readonly string[]
}

/** A level of topics that has a name instead of a fixed text. */
export interface Param {
  readonly options: ParamOptions
  readonly at: Origin
}

/**
 * Declares what values a topic param may have.
 *
 * @example t.param({ pattern: "car-[0-9]{3,6}", reserved: ["fleet", "admin"] })
 */
export function param(options: ParamOptions = {}): Param {
  return { options, at: captureOrigin(param) }
}
