/** One test or one check; `detail` is why it failed or was skipped. */
export interface TestResult {
  name: string
  status: "passed" | "failed" | "skipped"
  detail?: string
}

/** Reads the JSON report of vitest; a file that could not be loaded counts as one failed test. */
export declare function readVitestReport(text: string): TestResult[]

/** Reads what the checks print: `pass name`, `fail name` and the lines that belong to a failure. */
export declare function readCheckLines(text: string): TestResult[]

/** The last lines of a run: skips and failures by name, then the sum alone on its line. */
export declare function summarise(
  results: readonly TestResult[],
  options: { strict: boolean },
): { lines: string[]; ok: boolean }
