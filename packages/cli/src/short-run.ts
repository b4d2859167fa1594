import { setFlagsFromString } from "node:v8"

/**
 * By the major version of V8, for those that were measured: it names its own measures anew from time to time, and says of an
 * unknown name on standard error that it is one.
 */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  // Node 20. Octets of byte code run: several times what it would otherwise wait for.
  11: ["--interrupt-budget=1000000"],
  // Node 22. The same, as calls.
  12: ["--no-maglev", "--invocation-count-for-turbofan=30000"],
  // Node 24.
  13: ["--no-maglev", "--invocation-count-for-turbofan=30000"],
}

/**
 * Tells V8 that the process ends soon: a function is optimised only after much more work than otherwise. A generation of
 * a hundred messages would spend a third of its CPU time on machine code that it hardly runs; of a thousand, what matters
 * still becomes machine code. A V8 that is not known stays as it is.
 */
export function expectShortRun(v8: string = process.versions.v8): void {
  for (const flag of FLAGS[v8.split(".")[0]!] ?? []) setFlagsFromString(flag)
}
