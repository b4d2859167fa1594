/* Runs one TypeScript benchmark of this folder from sources: `node tools/bench/run.mjs dispatch`. */
import { bundle } from "./bundle.mjs"

const [name = ""] = process.argv.slice(2)
if (!/^[a-z-]+$/.test(name)) throw new Error("usage: node tools/bench/run.mjs NAME, such as dispatch")
await import(await bundle(`${name}.ts`))
