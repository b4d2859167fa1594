import { type Target, textSetting } from "../target.js"
import { emitCasters } from "./emit.js"

/** Functions that turn values of an older version of the contract into those of this one, and back. */
export const castersTarget: Target = {
  name: "casters",
  settings: ["predecessor", "package", "predecessorPackage"],
  out: "casters",
  reads: ["predecessor"],
  emit(ir, settings, others = {}) {
    const old = others.predecessor
    if (old === undefined) throw new TypeError("the setting `predecessor` must name the lock of the older version")
    return emitCasters(old, ir, {
      package: textSetting(settings, "package") ?? `${ir.name}-sdk`,
      predecessorPackage:
        textSetting(settings, "predecessorPackage") ?? `${old.name}-v${Number.parseInt(old.version, 10)}-sdk`,
    })
  },
}
