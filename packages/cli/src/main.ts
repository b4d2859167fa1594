#!/usr/bin/env node
import { keepCompiled } from "./compile-cache.js"
import { EXIT } from "./exit-code.js"
import { run } from "./run.js"
import { expectShortRun } from "./short-run.js"
import { startBundler } from "./start-bundler.js"
import { formatSystemError } from "./system-error.js"
import type { Terminal } from "./terminal.js"

const terminal: Terminal = {
  cwd: process.cwd(),
  color: process.stdout.isTTY === true && process.stderr.isTTY === true && process.env.NO_COLOR === undefined,
  live: process.stdout.isTTY === true,
  get columns() {
    return process.stdout.columns
  },
  get rows() {
    return process.stdout.rows
  },
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}

// Whoever reads may stop before the end, such as `head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit()
  process.stderr.write(`fleetwire: ${formatSystemError(error, "standard output")}\n`)
  process.exit(EXIT.misuse)
})

if (process.argv[2] === "generate") expectShortRun()
keepCompiled(import.meta.url)
startBundler(process.argv[2])
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code
})
