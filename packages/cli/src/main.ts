#!/usr/bin/env node
import { run } from "./run.js"

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})
