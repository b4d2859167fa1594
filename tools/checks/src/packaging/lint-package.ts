import { readFileSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import type { PackedPackage } from "./pack.js"
import { runCommand } from "./run-command.js"

/** What `publint` says against a package as it would be published; empty where it is fine. */
export async function publintOf({ tarball }: PackedPackage): Promise<string[]> {
  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({
    level: "warning",
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

/**
 * What `attw` says: whether types resolve for Node's ES modules and CommonJS and for bundlers. Node 10's resolution is
 * left out, for it knows no entry points besides the main one.
 */
export async function attwOf(root: string, { tarball }: PackedPackage): Promise<string[]> {
  const cli = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js")
  const end = await runCommand(process.execPath, [cli, tarball, "--profile", "node16", "--format", "json"], {
    cwd: root,
  })
  let problems: Record<string, { kind: string; entrypoint?: string; resolutionKind?: string }[]>
  try {
    const report = JSON.parse(end.stdout) as { problems?: typeof problems; analysis?: { types: unknown } }
    if (report.analysis?.types === false) return ["it has no types"]
    problems = report.problems ?? {}
  } catch {
    return [end.output]
  }
  const found = Object.values(problems)
    .flat()
    .filter(({ resolutionKind }) => resolutionKind !== "node10")
    .map(({ kind, entrypoint, resolutionKind }) => [kind, entrypoint, resolutionKind].filter(Boolean).join(" "))
  return end.ok || found.length > 0 ? found : [end.output]
}
