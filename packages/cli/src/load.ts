import { dirname, join, relative, resolve } from "node:path"
import { inspect } from "node:util"
import { bundleContract } from "./contract-bundle.js"
import { runContractScript } from "./contract-script.js"
import { type Finding, loadFinding } from "./finding.js"

/** A contract module, run. */
export interface Loaded {
  /** What the module exports as default. */
  readonly contract: unknown
  /** Turns a position that the JavaScript engine named into one of the author's files. */
  locate(target: Finding["target"]): Finding["target"]
  /** Files of the contract import each other: what to say where it has mistakes, which may come from that. */
  readonly circle?: Finding
}

/** How long a contract may take. */
export interface LoadOptions {
  /** Default 20 000: longer than any declaration takes, also on a slow machine. */
  readonly deadlineMs?: number
}

let loads = 0

/** Runs a contract module on any Node: bundled by esbuild into one script that is never written anywhere, and run. */
export async function loadContract(
  file: string,
  { deadlineMs = 20_000 }: LoadOptions = {},
): Promise<Loaded | { readonly findings: readonly Finding[] }> {
  const folder = dirname(file)
  loads += 1
  const globals = globalThis as unknown as Record<string, unknown>
  const [exportsKey, modulesKey] = [`fleetwire:exports-${loads}`, `fleetwire:modules-${loads}`]
  // Beside the contract, as stack traces say it; no such file is made.
  const filename = join(folder, `.fleetwire-${process.pid}-${loads}.mjs`)
  try {
    const bundle = await bundleContract(file, { exportsKey, modulesKey })
    if ("findings" in bundle) return bundle
    const { code, mapper, circle } = bundle
    const locate = (target: Finding["target"]): Finding["target"] => {
      if (target.file !== filename || target.line === undefined) return target
      const position = mapper(target.line, target.column ?? 1)
      if (position === undefined) return { path: target.path, file }
      return { path: target.path, file: resolve(folder, position.source), line: position.line, column: position.column }
    }
    const circular =
      circle &&
      loadFinding(
        "load/circular-import",
        { file: resolve(folder, circle[0]!), path: "" },
        { circle: circle.join(" → ") },
      )
    try {
      const end = await runContractScript(code, { filename, deadlineMs })
      if (end === "never-ended")
        return {
          findings: [loadFinding("load/never-ended", { file, path: "" }, { seconds: String(deadlineMs / 1000) })],
        }
      if (end === "exited") return { findings: [loadFinding("load/exited", { file, path: "" })] }
    } catch (error) {
      const threw = threwFinding(error, filename, file, locate)
      return { findings: circular === undefined ? [threw] : [threw, circular] }
    }
    const { default: contract } = globals[exportsKey] as { readonly default?: unknown }
    if (contract === undefined) {
      const nothing = loadFinding("load/no-default", { file, path: "" })
      return { findings: circular === undefined ? [nothing] : [nothing, circular] }
    }
    return { contract, locate, ...(circular !== undefined && { circle: circular }) }
  } finally {
    delete globals[exportsKey]
    delete globals[modulesKey]
  }
}

function threwFinding(error: unknown, filename: string, file: string, locate: Loaded["locate"]): Finding {
  const message = error instanceof Error ? error.message : inspect(error)
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  for (const line of stack.split("\n")) {
    const frame = /^\s*at (?:.*? \()?(.+?):(\d+):(\d+)\)?$/.exec(line)
    if (frame === null || frame[1] !== filename) continue
    return loadFinding(
      "load/threw",
      locate({ file: filename, line: Number(frame[2]), column: Number(frame[3]), path: "" }),
      { message },
    )
  }
  return loadFinding("load/threw", { file, path: "" }, { message: message.replaceAll(filename, relative(".", file)) })
}
