import * as nodeModule from "node:module"
import { fileURLToPath } from "node:url"

/** From Node 22.8 on. */
interface CompileCaching {
  enableCompileCache?(folder: string): { readonly status: number }
}

/**
 * Keeps the compiled form of every module that is loaded from now on in `compile-cache` beside the module of this URL, for
 * the next start. Whoever may write there may change the command itself, so that the folder is trusted no more than the
 * command is. Node judges what it finds there by version, processor and checksum; where it cannot write, or is older than
 * 22.8, all is compiled anew each time. `NODE_DISABLE_COMPILE_CACHE` forbids it, `NODE_COMPILE_CACHE` names another folder.
 */
export function keepCompiled(moduleUrl: string): void {
  const { enableCompileCache } = nodeModule as CompileCaching
  enableCompileCache?.(fileURLToPath(new URL("./compile-cache/", moduleUrl)))
}
