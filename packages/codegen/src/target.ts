import type { ContractIr } from "@fleetwire/ir"
import type { RenderedFile } from "./core/code-file.js"

/** A setting of a target, as it stands in a `package.json`. */
export type SettingValue = string | number | boolean | readonly string[]

/** What a user wrote for one target, beside its folder. */
export type TargetSettings = Readonly<Record<string, SettingValue>>

/** What a target says of a contract that it carries only in part, or not at all. */
export interface TargetFinding {
  /** `<target>/<what>` in kebab-case, such as `c/unbounded`. */
  readonly code: string
  /** An error: nothing is generated for this target. */
  readonly severity: "error" | "warning"
  readonly message: string
  /** What the author of the contract can do. */
  readonly help: string
  /** Where in the contract, such as `Telemetry.sensors`. */
  readonly path: string
}

/** One thing that `fleetwire generate` can make of a contract: a folder of files. */
export interface Target {
  /** Its key under `targets`. */
  readonly name: string
  /** Settings that it reads, beside `out`. */
  readonly settings: readonly string[]
  /** Settings that name another contract by its lock, relative to this one; it is read before anything is emitted. */
  readonly reads?: readonly string[]
  /** Folder that it is written to where a user names none, relative to the contract. */
  readonly out: string
  /** Everything that it has to say of a contract. Absent: it carries every contract whole. */
  check?(ir: ContractIr, settings: TargetSettings): readonly TargetFinding[]
  /**
   * The files, relative to its folder. Pure. Called only where `check` found no error. `others` are the contracts that
   * `reads` names, by setting.
   *
   * @throws TypeError for a setting of the wrong type.
   */
  emit(ir: ContractIr, settings: TargetSettings, others?: Readonly<Record<string, ContractIr>>): readonly RenderedFile[]
}

/** A setting that is text; undefined where it is left out. @throws TypeError where it is something else. */
export function textSetting(settings: TargetSettings, name: string): string | undefined {
  const value = settings[name]
  if (value === undefined || typeof value === "string") return value
  throw new TypeError(`the setting \`${name}\` must be text`)
}
