/**
 * @typedef {{ name: string, status: "passed" | "failed" | "skipped", detail?: string }} TestResult
 * One test or one check; `detail` is why it failed or was skipped.
 */

/**
 * Reads the JSON report of vitest. A file that could not be loaded at all counts as one failed test, so that nothing
 * vanishes from the sum.
 *
 * @param {string} text
 * @returns {TestResult[]}
 */
export function readVitestReport(text) {
  const report = JSON.parse(text)
  const results = []
  for (const file of report.testResults) {
    const name = file.name.split("/").slice(-3).join("/")
    if (file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")) {
      results.push({ name, status: "failed", detail: file.message || "the file failed outside its tests" })
    }
    for (const test of file.assertionResults) {
      const full = `${name} · ${[...test.ancestorTitles, test.title].join(" · ")}`
      if (test.status === "passed") results.push({ name: full, status: "passed" })
      else if (test.status === "failed") {
        results.push({ name: full, status: "failed", detail: (test.failureMessages ?? []).join("\n") })
      } else {
        results.push({ name: full, status: "skipped", detail: test.meta?.reason ?? test.status })
      }
    }
  }
  return results
}

/**
 * Reads what the checks print: `pass name`, `fail name` and the lines that belong to a failure.
 *
 * @param {string} text
 * @returns {TestResult[]}
 */
export function readCheckLines(text) {
  /** @type {TestResult[]} */
  const results = []
  for (const line of text.split("\n")) {
    const [, verdict, name] = /^(pass|fail) (.+)$/.exec(line) ?? []
    const last = results.at(-1)
    if (verdict === "pass") results.push({ name, status: "passed" })
    else if (verdict === "fail") results.push({ name, status: "failed", detail: "" })
    else if (last?.status === "failed") last.detail += `${line}\n`
  }
  return results
}

/**
 * The last lines of a run: skips and failures by name, then the sum alone on its line.
 *
 * @param {readonly TestResult[]} results
 * @param {{ strict: boolean }} options `strict`: a skip is a failure of the run, as in CI
 * @returns {{ lines: string[], ok: boolean }}
 */
export function summarise(results, { strict }) {
  const of = (status) => results.filter((result) => result.status === status)
  const [passed, failed, skipped] = [of("passed"), of("failed"), of("skipped")]
  const lines = []
  for (const { name, detail } of skipped) lines.push(`skipped  ${name}${detail ? ` (${detail})` : ""}`)
  for (const { name } of failed) lines.push(`failed   ${name}`)
  if (strict && skipped.length > 0) lines.push("a skip is a failure here, because CI is set")
  if (passed.length === 0 && failed.length === 0) lines.push("nothing was tested, and that is a failure")
  lines.push(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`)
  return { lines, ok: failed.length === 0 && passed.length > 0 && !(strict && skipped.length > 0) }
}
