import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { settleTypeNames } from "../../../packages/codegen/src/typescript/type-names.js"
import { fromMemory, printCodecs } from "../../../packages/codegen/test/codec/load-codecs.js"
import { BUNDLED, contract } from "./messages.js"

export interface BundleSize {
  readonly what: string
  readonly minified: number
  readonly gzipped: number
}

/** What an entry weighs that reads and writes five messages, kernel included; and the smallest useful one. */
export async function bundleSizes(): Promise<readonly BundleSize[]> {
  return [
    await sizeOf("five messages, JSON and protobuf", BUNDLED, ["json", "protobuf"]),
    await sizeOf("five messages, JSON", BUNDLED, ["json"]),
    await sizeOf("five messages, protobuf", BUNDLED, ["protobuf"]),
    await sizeOf("Status alone, JSON", ["Status"], ["json"]),
  ]
}

async function sizeOf(
  what: string,
  messages: readonly string[],
  formats: readonly ("json" | "protobuf")[],
): Promise<BundleSize> {
  const names = settleTypeNames(contract)
  const printed = printCodecs(contract, () => formats)
  const files = new Map([...printed].map(([path, text]) => [`/${path}`, text]))
  const lines = messages.flatMap((message) =>
    formats.map((format) => {
      const own = names.message(message)
      return `export { ${own.codec(format).name} } from "/${own.codecFile(format)}"`
    }),
  )
  const { outputFiles } = await build({
    stdin: { contents: lines.join("\n"), loader: "ts", resolveDir: "/" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    plugins: [fromMemory(files)],
    logLevel: "error",
  })
  const bytes = outputFiles[0]!.contents
  return { what, minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
}
