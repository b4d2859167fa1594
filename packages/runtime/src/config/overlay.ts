/** The fleet's config with the device's own over it, field by field at the top level; absent means inherit (F-2). */
export function overlayConfig(fleet: unknown, own: unknown): unknown {
  if (!isObject(fleet)) return own
  if (!isObject(own)) return fleet
  return { ...fleet, ...own }
}

/** The version in a config as a number; undefined where there is none. */
export function versionOf(config: unknown, field: string): number | undefined {
  if (!isObject(config)) return undefined
  const version = config[field]
  if (typeof version === "number" && Number.isSafeInteger(version)) return version
  return typeof version === "bigint" ? Number(version) : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
