import type { ParamIr } from "@fleetwire/ir"
import { defined } from "./defined.js"
import type { Place, Report } from "./diagnostic.js"
import { OptionReader } from "./options.js"
import type { Param } from "./param.js"
import { checkPattern } from "./pattern-check.js"

/** Code points of a param whose author gave no bound. */
const DEFAULT_MAX_LENGTH = 64

/** Reads what values a param may have. */
export function lowerParam(name: string, param: Param, report: Report): ParamIr {
  const place: Place = { path: `params.${name}`, at: param?.at }
  const options = new OptionReader(param?.options ?? {}, place, report)
  options.only(["doc", "pattern", "maxLength", "reserved", "examples"])
  const pattern = options.text("pattern")
  if (pattern !== undefined) checkPattern(pattern, place, report)
  const maxLength = options.count("maxLength", 1) ?? DEFAULT_MAX_LENGTH
  const examples = options.texts("examples")
  return {
    name,
    ...defined({ doc: options.text("doc"), pattern }),
    maxLength,
    reserved: [...new Set(options.texts("reserved") ?? [])].sort(),
    ...(examples !== undefined && examples.length > 0 && { examples }),
  }
}
