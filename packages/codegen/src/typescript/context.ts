import type { ContractIr, Format, LegIr } from "@fleetwire/ir"
import type { Code } from "../core/code.js"
import { type CodeFile, createCodeFile } from "../core/code-file.js"
import { typescript } from "./language.js"
import type { TypeNames } from "./type-names.js"

/** What every part of the TypeScript target is given: the contract, its settled names, and how a file begins. */
export interface TypescriptContext {
  readonly ir: ContractIr
  readonly names: TypeNames
  /** Formats in which some leg carries each message, `json` for one that none carries; in the order of `Format`. */
  formatsOf(message: string): readonly Format[]
  /** A TypeScript file under the package's header. `locals`: names that its templates declare in their own text. */
  file(path: string, locals?: readonly string[]): CodeFile
}

/** The context of a contract whose names are settled. */
export function createContext(ir: ContractIr, names: TypeNames, header: Code): TypescriptContext {
  const formats = new Map<string, Set<Format>>()
  for (const leg of ir.channels.flatMap((channel): readonly LegIr[] => channel.legs)) {
    const set = formats.get(leg.message) ?? new Set<Format>()
    for (const format of [...leg.accepts, leg.sends]) set.add(format)
    formats.set(leg.message, set)
  }
  return {
    ir,
    names,
    formatsOf: (message) =>
      (["json", "compact", "protobuf", "text", "bytes"] as const).filter(
        (format) => formats.get(message)?.has(format) ?? format === "json",
      ),
    file: (path, locals = []) => createCodeFile({ path, language: typescript, header, locals }),
  }
}
