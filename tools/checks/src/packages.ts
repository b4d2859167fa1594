import { join, resolve } from "node:path"
import { attwOf, publintOf } from "./packaging/lint-package.js"
import { packAll } from "./packaging/pack.js"
import { folderBytes, installStranger } from "./packaging/stranger-project.js"
import { commandStarts, compilesAndRuns, loadsEverywhere, type Trial } from "./packaging/try-package.js"

/** `npm i @fleetwire/cli`, everything included. */
const commandMegabytes = 45

const root = resolve(process.env.FLEETWIRE_ROOT ?? process.cwd())
const place = join(root, ".cache/pack")
const report = (name: string, failure: string | undefined) => {
  console.log(failure === undefined ? `pass ${name}` : `fail ${name}\n${failure}`)
  if (failure !== undefined) process.exitCode = 1
}

const packed = await packAll(root, join(place, "tarballs"))
for (const one of packed) {
  const [publint, attw] = await Promise.all([publintOf(one), attwOf(root, one)])
  report(`publint ${one.package.name}`, publint.join("\n") || undefined)
  report(`attw ${one.package.name}`, attw.join("\n") || undefined)
}

const libraries = packed.map(({ package: one }) => one.name).filter((name) => name !== "@fleetwire/cli")
const library = join(place, "stranger")
const installed = await installStranger(packed, { root, folder: library, wants: libraries })
report("the packages install into an empty project", installed)
if (installed === undefined) {
  const trials: Readonly<Record<string, Trial>> = {
    "every entry point loads as ES module and as CommonJS": loadsEverywhere(libraries),
    "a program compiles and runs: nodenext, ES modules": compilesAndRuns("nodenext-esm"),
    "a program compiles and runs: nodenext, CommonJS": compilesAndRuns("nodenext-cjs"),
    "a program compiles and runs: bundler, for browsers": compilesAndRuns("bundler"),
  }
  for (const [name, trial] of Object.entries(trials)) report(name, await trial(library, root))
}

const command = join(place, "command")
const alone = await installStranger(packed, { root, folder: command, wants: ["@fleetwire/cli"] })
report("the command installs into an empty project, without install scripts", alone)
if (alone === undefined) {
  report("the command starts and explains itself", await commandStarts(command, root))
  const megabytes = folderBytes(join(command, "node_modules")) / 1e6
  const name = `the command takes at most ${commandMegabytes} MB`
  report(name, megabytes <= commandMegabytes ? undefined : `it takes ${megabytes.toFixed(1)} MB`)
  console.log(`the command takes ${megabytes.toFixed(1)} MB`)
}
