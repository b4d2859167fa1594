import { mkdir, rm } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { ContractIr, Format } from "@fleetwire/ir"
import type { Codec, Issue } from "@fleetwire/runtime"
import { build, type Plugin } from "esbuild"
import { comment } from "../../src/core/code.js"
import { render } from "../../src/core/code-file.js"
import { emitMessageCodecs } from "../../src/typescript/codec/index.js"
import { createContext } from "../../src/typescript/context.js"
import { settleTypeNames } from "../../src/typescript/type-names.js"

const cache = fileURLToPath(new URL("../../.cache/", import.meta.url))
const kernel = fileURLToPath(new URL("../../../runtime/src/kernel-v1.ts", import.meta.url))

/** What is generated for one message. */
export interface LoadedMessage {
  readonly codecs: { readonly [format in Format]?: Codec<unknown> }
  readonly is: (value: unknown) => boolean
  readonly issues: (value: unknown) => readonly Issue[]
}

/** The text of all generated codec files of a contract, by path. */
export function printCodecs(ir: ContractIr, formats?: (message: string) => readonly Format[]): Map<string, string> {
  const context = createContext(ir, settleTypeNames(ir), comment("generated"))
  const chosen = formats === undefined ? context : { ...context, formatsOf: formats }
  return new Map(
    emitMessageCodecs(chosen)
      .map(render)
      .map(({ path, text }) => [path, text]),
  )
}

let count = 0

/** Generates the codecs of contracts, bundles them with the kernel from its sources, and imports the result. */
export async function loadCodecs(
  contracts: readonly ContractIr[],
  formatsOf: (ir: ContractIr, message: string) => readonly Format[],
): Promise<ReadonlyMap<string, LoadedMessage>[]> {
  const files = new Map<string, string>()
  const lines: string[] = []
  contracts.forEach((ir, index) => {
    for (const [path, text] of printCodecs(ir, (message) => formatsOf(ir, message)))
      files.set(`/${index}/${path}`, text)
    const names = settleTypeNames(ir)
    for (const message of ir.messages) {
      const own = names.message(message.name)
      const id = `${index}_${lines.length}`
      lines.push(
        `import { ${own.guard.name} as is_${id}, ${own.issues.name} as issues_${id} } from "/${index}/${own.guardFile}"`,
      )
      const codecs = formatsOf(ir, message.name).map((format) => {
        lines.push(`import { ${own.codec(format).name} as ${format}_${id} } from "/${index}/${own.codecFile(format)}"`)
        return `${format}: ${format}_${id}`
      })
      lines.push(
        `contracts[${index}].set(${JSON.stringify(message.name)}, { is: is_${id}, issues: issues_${id}, codecs: { ${codecs.join(", ")} } })`,
      )
    }
  })
  const entry = [
    `export const contracts = [${contracts.map(() => "new Map()").join(", ")}]`,
    ...lines.filter((line) => line.startsWith("import")),
    ...lines.filter((line) => !line.startsWith("import")),
  ].join("\n")
  await mkdir(cache, { recursive: true })
  const outfile = `${cache}codecs-${process.pid}-${count++}.mjs`
  await build({
    stdin: { contents: entry, loader: "ts", resolveDir: "/" },
    bundle: true,
    format: "esm",
    target: "es2022",
    outfile,
    logLevel: "error",
    plugins: [fromMemory(files)],
  })
  try {
    const loaded = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
      contracts: ReadonlyMap<string, LoadedMessage>[]
    }
    return loaded.contracts
  } finally {
    if (process.env.KEEP_CODECS === undefined) await rm(outfile, { force: true })
  }
}

/** Serves generated files, and the kernel from its sources. */
export function fromMemory(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: "generated",
    setup(context) {
      context.onResolve({ filter: /^@fleetwire\/runtime\/kernel-v1$/ }, () => ({ path: kernel, sideEffects: false }))
      context.onResolve({ filter: /^[./]/ }, ({ path, importer, namespace }) => {
        if (namespace !== "generated" && !path.startsWith("/")) return undefined
        const full = path.startsWith("/") ? path : new URL(path, `file://${importer}`).pathname
        const source = full.replace(/\.js$/, ".ts")
        return files.has(source) ? { path: source, namespace: "generated", sideEffects: false } : undefined
      })
      context.onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => ({
        contents: files.get(path)!,
        loader: "ts",
        resolveDir: "/",
      }))
    },
  }
}
