import { createRequire } from "node:module"

/** Commands that always bundle a contract, the sooner the better. */
const BUNDLING: readonly (string | undefined)[] = ["generate", "check", "diff", "size", "access", "broker-settings"]

/**
 * Starts the bundler's process for a command that will need it: it comes up while Node reads the command itself. Once in a
 * process. Where it does not start, the command says so when it bundles.
 */
export function startBundler(command: string | undefined): void {
  if (!BUNDLING.includes(command)) return
  try {
    const { initialize } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild")
    void initialize({}).catch(() => undefined)
  } catch {
    // Said with its reason by the bundling itself.
  }
}
