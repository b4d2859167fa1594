import { execFileSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { TypeIr } from "@fleetwire/ir"
import { build } from "esbuild"
import { contract } from "./messages.js"
import type { Check } from "./validators.js"

const cache = fileURLToPath(new URL("../.cache/typia/", import.meta.url))
const bin = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url))

/**
 * The checks that typia makes from TypeScript types, by message. Its own generator prints them from a file of types, so
 * that nothing of it stands in the build of the repository.
 */
export async function typiaChecks(): Promise<ReadonlyMap<string, Check>> {
  const checks = contract.messages.map(
    ({ name, type }) => `export const ${name} = typia.createIs<${typescript(type)}>()`,
  )
  mkdirSync(`${cache}types`, { recursive: true })
  writeFileSync(`${cache}types/checks.ts`, ['import typia, { type tags } from "typia"', ...checks, ""].join("\n"))
  const options = { target: "ES2022", module: "ESNext", moduleResolution: "bundler", strict: true, skipLibCheck: true }
  writeFileSync(
    `${cache}tsconfig.json`,
    JSON.stringify({ compilerOptions: { ...options, types: [] }, include: ["types"] }),
  )
  const args = ["generate", "--input", "types", "--output", "made", "--project", "tsconfig.json"]
  execFileSync(`${bin}typia`, args, { cwd: cache, stdio: "pipe" })
  const outfile = `${cache}checks.mjs`
  await build({
    entryPoints: [`${cache}made/checks.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  })
  return new Map(Object.entries((await import(pathToFileURL(outfile).href)) as { readonly [name: string]: Check }))
}

function typescript(type: TypeIr): string {
  switch (type.kind) {
    case "bool":
      return "boolean"
    case "int":
      return `number & tags.Type<"int64"> & tags.Minimum<${type.min}> & tags.Maximum<${type.max}>`
    case "float": {
      const bounds = [
        type.min === undefined ? "" : ` & tags.Minimum<${type.min}>`,
        type.max === undefined ? "" : ` & tags.Maximum<${type.max}>`,
      ]
      return `number${bounds.join("")}`
    }
    case "string": {
      const least = type.minLength === undefined ? "" : ` & tags.MinLength<${type.minLength}>`
      return `string${least}${type.maxLength === undefined ? "" : ` & tags.MaxLength<${type.maxLength}>`}`
    }
    case "enum":
      return type.values.map(({ name }) => JSON.stringify(name)).join(" | ")
    case "list":
      return `(${typescript(type.item)})[]${type.maxItems === undefined ? "" : ` & tags.MaxItems<${type.maxItems}>`}`
    case "object": {
      const members = type.fields.map((field) => {
        const optional = field.required && field.default === undefined ? "" : "?"
        return `${JSON.stringify(field.name)}${optional}: ${typescript(field.type)}`
      })
      return `{ ${members.join("; ")} }`
    }
    default:
      throw new RangeError(`no such type in these messages: ${type.kind}`)
  }
}
