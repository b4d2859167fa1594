// npm test: the whole proof, from a bare clone, without root and without leaving a trace outside the project.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { ensureInstalled } from "./install.mjs"
import { cache, root } from "./project.mjs"
import { readCheckLines, readVitestReport, summarise } from "./tally.mjs"

const began = Date.now()
// What runs at the time is ended together with everything it started: see command.mjs.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])
  process.on(signal, () => process.exit(code))
/** @type {import("./tally.mjs").TestResult[]} */
const results = []
const since = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`

/**
 * Runs a step, shows that it runs and how long it took, and everything it said when it failed.
 *
 * @param {string} name
 * @param {() => Promise<{ ok: boolean, output: string, tests?: import("./tally.mjs").TestResult[] }>} run
 */
async function step(name, run) {
  const start = Date.now()
  console.log(`·    ${name}`)
  const heart = setInterval(() => console.log(`…    ${name}, ${since(start)}`), 20_000)
  const { ok, output, tests } = await run().catch((error) => ({ ok: false, output: String(error.stack ?? error) }))
  clearInterval(heart)
  const found = tests?.length ? tests : [{ name, status: ok ? "passed" : "failed" }]
  if (!ok && !found.some(({ status }) => status === "failed")) found.push({ name, status: "failed" })
  results.push(...found)
  const failed = found.filter(({ status }) => status === "failed").length
  const sum = found.length > 1 ? `, ${found.length} tests` : ""
  console.log(`${failed === 0 ? "ok  " : "FAIL"} ${name} (${since(start)}${sum})`)
  if (failed > 0) console.log(output.trimEnd().replaceAll(/^/gm, "     "))
  return failed === 0
}

function finish() {
  const { lines, ok } = summarise(results, { strict: /^(1|true)$/i.test(process.env.CI ?? "") })
  console.log(`\nafter ${since(began)}`)
  for (const line of lines) console.log(line)
  process.exit(ok ? 0 : 1)
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Fleetwire needs Node 20 or later; this is ${process.version}.`)
  process.exit(1)
}

const installed = await step("dependencies", () => ensureInstalled({ output: "capture" }))
if (!installed) finish()

const { runNode } = await import("./command.mjs")
const { bundleEntry } = await import("./run-ts.mjs")
const bin = (name) => join(root, "node_modules", name)
const runTs = join(root, "tools/setup/run-ts.mjs")

const broker = await step("a Mosquitto for the tests", async () => {
  const { provideMosquitto } = await import(
    pathToFileURL(await bundleEntry("packages/broker-lab/src/provide-mosquitto.ts")).href
  )
  try {
    const { kind, version } = await provideMosquitto({
      cache,
      onProgress: (line) => console.log(`…    ${line}`),
    })
    console.log(`…    mosquitto ${version}, ${kind === "system" ? "installed on this machine" : `from ${kind}`}`)
    return { ok: true, output: "" }
  } catch (error) {
    return { ok: false, output: error.message }
  }
})
if (!broker) finish()

/** @param {"unit" | "broker"} project */
async function vitest(project) {
  const report = join(cache, "test", `${project}.json`)
  mkdirSync(join(cache, "test"), { recursive: true })
  rmSync(report, { force: true })
  const end = await runNode(
    [
      join(bin("vitest"), "vitest.mjs"),
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { timeoutMs: 1_800_000 },
  )
  return { ...end, tests: existsSync(report) ? readVitestReport(readFileSync(report, "utf8")) : [] }
}

/** @param {readonly string[]} args */
async function checkLines(args) {
  const end = await runNode([runTs, ...args])
  return { ...end, tests: readCheckLines(end.output) }
}

await Promise.all([
  step("types", () => runNode([join(bin("typescript"), "bin/tsc"), "-p", "tsconfig.json", "--noEmit"])),
  (async () => {
    await step("lint and format", () => runNode([join(bin("@biomejs/biome"), "bin/biome"), "check", "."]))
    await step("checks of the house", () => checkLines(["tools/checks/src/main.ts"]))
    await step("generated files are fresh", () => runNode([runTs, "tools/checks/src/fresh.ts"]))
  })(),
])
await step("unit, golden and compile tests", () => vitest("unit"))
const built = await step("build", () => runNode([join(bin("turbo"), "bin/turbo"), "run", "build", "--concurrency=2"]))
if (built) await step("packages, as a stranger gets them", () => checkLines(["tools/checks/src/packages.ts"]))
await step("tests on Mosquitto", () => vitest("broker"))
await step("examples of the READMEs", () => checkLines(["tools/checks/src/readmes.ts"]))
await step("the documentation site", () => runNode([join(root, "tools/setup/build-docs.mjs")]))
await step("npm start -- --once", () =>
  runNode([join(root, "tools/setup/start.mjs"), "--once"], { timeoutMs: 180_000 }),
)
finish()
