import { contractDigest } from "@fleetwire/ir"
import { type Target, textSetting } from "../target.js"
import { emitTypescript } from "./emit.js"

/** The npm package of a contract's TypeScript SDK. */
export const typescriptTarget: Target = {
  name: "typescript",
  settings: ["package", "version", "dependencyRange", "tsupPreset"],
  out: "sdk",
  emit(ir, settings) {
    const packageVersion = textSetting(settings, "version")
    const dependencyRange = textSetting(settings, "dependencyRange")
    const tsupPreset = textSetting(settings, "tsupPreset")
    return emitTypescript(ir, {
      packageName: textSetting(settings, "package") ?? `${ir.name}-sdk`,
      digest: contractDigest(ir),
      ...(packageVersion !== undefined && { packageVersion }),
      ...(dependencyRange !== undefined && { dependencyRange }),
      ...(tsupPreset !== undefined && { tsupPreset }),
    })
  },
}
