/*
 * Measures the generated codecs against named peers: `node tools/bench/codec.mjs [ROUNDS] [MESSAGE...]`. Writes the
 * table into tools/bench/README.md and the plot to apps/docs/public/bench-codec.svg; with messages named, it only prints
 * what it measured of them.
 */
import { mkdir, readFile } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"

const outfile = fileURLToPath(new URL(".cache/codec.mjs", import.meta.url))
await mkdir(new URL(".cache/", import.meta.url), { recursive: true })
await build({
  entryPoints: [fileURLToPath(new URL("codec/main.ts", import.meta.url))],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["@fleetwire/source"],
  // Peers run as they are installed.
  external: [
    "esbuild",
    "zod",
    "ajv",
    "protobufjs",
    "@sinclair/typebox",
    "msgpackr",
    "fast-json-stringify",
    "@bufbuild/*",
  ],
  plugins: [ownUrls()],
  legalComments: "none",
  logLevel: "error",
})
/** Every module of the bundle keeps the URL of the file that it was, so that paths relative to it stay right. */
function ownUrls() {
  return {
    name: "own-urls",
    setup(context) {
      context.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8")
        return { contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)), loader: "ts" }
      })
    },
  }
}

const { run } = await import(pathToFileURL(outfile).href)
const [rounds = "41", ...only] = process.argv.slice(2)
await run({ rounds: Number(rounds), only })
