import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../../", import.meta.url))

/**
 * Bundles a TypeScript entry of this folder from the repository's sources into one module and gives its path.
 * Third-party packages stay outside, so that a peer runs as it is installed.
 *
 * @param {string} entry path relative to `tools/bench`
 * @returns {Promise<string>}
 */
export async function bundle(entry) {
  const outfile = `${root}tools/bench/.cache/${entry.replaceAll("/", "-").replace(/\.ts$/, "")}.mjs`
  await build({
    entryPoints: [`${root}tools/bench/${entry}`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@fleetwire/source"],
    external: [
      "mqtt",
      "mqtt-packet",
      "zod",
      "ajv",
      "protobufjs",
      "@sinclair/typebox",
      "msgpackr",
      "fast-json-stringify",
      "@bufbuild/*",
    ],
    legalComments: "none",
    logLevel: "error",
  })
  return outfile
}
