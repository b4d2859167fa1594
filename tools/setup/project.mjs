import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Root of the repository, absolute, without a trailing slash. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Everything that the tools leave behind: downloads, bundles, reports. Ignored by git, safe to delete at any time. */
export const cache = join(root, ".cache")

/**
 * The environment for tools that would otherwise write into the user's home: package managers, turbo, biome.
 * Whatever the caller has set already, such as a registry or a proxy, stays as it is.
 *
 * @param {Record<string, string | undefined>} [more] what this tool needs besides
 * @returns {Record<string, string | undefined>}
 */
export function toolEnvironment(more = {}) {
  return {
    ...process.env,
    npm_config_cache: join(cache, "npm"),
    npm_config_update_notifier: "false",
    XDG_CACHE_HOME: join(cache, "xdg", "cache"),
    XDG_DATA_HOME: join(cache, "xdg", "data"),
    XDG_STATE_HOME: join(cache, "xdg", "state"),
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    ...more,
  }
}
