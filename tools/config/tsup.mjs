import { defineConfig } from "tsup"

/**
 * The build of every published package: ESM, CommonJS and declarations for each entry.
 *
 * @param {string[]} entry source files, one for each entry point of the package
 * @param {import("tsup").Options} [more] what a package needs beyond the preset
 */
export function library(entry, more = {}) {
  return defineConfig({
    entry,
    format: ["esm", "cjs"],
    dts: true,
    target: "es2022",
    platform: "neutral",
    clean: true,
    sourcemap: false,
    splitting: true,
    treeshake: true,
    outDir: "dist",
    ...more,
  })
}
